// Package models holds the nouns of billing: what the rules compute on, the store keeps in tables and render shows as
// FHIR. It knows neither FHIR nor a database; its tags only name columns.
package models

// Ids are FHIR logical ids of their resource type (at most 64 of A-Z a-z 0-9 - .), named so that two cannot be swapped.
type (
	// TenantID names a tenant; it comes from the token and leads every key.
	TenantID string
	// PatientID is a Patient.
	PatientID string
	// VisitID is an Encounter, as billing reads it.
	VisitID string
	// CoverageID is a Coverage.
	CoverageID string
	// OrganizationID is an Organization: a payer or a practice.
	OrganizationID string
	// PractitionerID is a Practitioner.
	PractitionerID string
	// ChargeID is a ChargeItem.
	ChargeID string
	// ClaimID is a Claim of ours.
	ClaimID string
	// AnswerID is a payer's ClaimResponse to a claim of ours.
	AnswerID string
	// RemittanceID is a PaymentReconciliation.
	RemittanceID string
	// DepositID is money that came to the bank, which FHIR has no record of.
	DepositID string
	// EstimateID is a Claim of ours that asks nobody: a good faith estimate.
	EstimateID string
	// InvoiceID is an Invoice.
	InvoiceID string
	// AccountID is a patient's Account.
	AccountID string
	// WorkItemID is a Task.
	WorkItemID string
	// CodingWordID is a Provenance of ours.
	CodingWordID string
	// EntryID is a journal entry.
	EntryID string
	// PaymentID is a payment by a patient.
	PaymentID string
	// RefundID is money that goes back to a patient.
	RefundID string
	// WriteOffID is what a patient is not asked for any more.
	WriteOffID string
	// StatementID is a letter to a guarantor.
	StatementID string
	// HoldID is a hold on the statements of a guarantor.
	HoldID string
	// PlanID is a payment plan.
	PlanID string
)

const tenantBytesMax = 64

// IsValid reports whether a tenant may be called so: 1 to 64 ASCII letters, digits and hyphens. It is the one rule for the claim
// of a token, for what is made and for what a command names.
func (t TenantID) IsValid() bool {
	for _, c := range []byte(t) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-') {
			return false
		}
	}
	return t != "" && len(t) <= tenantBytesMax
}
