package model

import "medbill/models"

// What a mutation leads to.
type (
	// Rehearsal is what a dry run would have done, as far as its asker may see it.
	Rehearsal struct {
		entries   []models.Entry
		documents []models.Document
		shown     Rehearsed
	}
	// Rehearsed are records as they would stand, of types that are shown as such.
	Rehearsed struct {
		Claims    []Claim
		Charges   []ChargeItem
		WorkItems []WorkItem
	}
	// RehearsedEntry is a journal entry that is not kept.
	RehearsedEntry struct{ row models.Entry }
	// RehearsedPosting is a line of one.
	RehearsedPosting struct{ row models.Posting }
	// RehearsedDocument is a record as it would stand.
	RehearsedDocument struct{ document models.Document }

	// payload is what every mutation that changes a record gives.
	payload struct {
		record    string
		rehearsal *Rehearsal
	}
	// SubmitClaimPayload leads to the claim.
	SubmitClaimPayload struct{ payload }
	// ValidateClaimPayload leads to the claim and what the rules notice.
	ValidateClaimPayload struct {
		payload
		findings []models.Finding
	}
	// OverrideFindingPayload leads to the claim.
	OverrideFindingPayload struct{ payload }
	// RecordPaymentPayload leads to the invoice.
	RecordPaymentPayload struct{ payload }
	// CodeEncounterPayload leads to the visit and its charges.
	CodeEncounterPayload struct {
		payload
		charges []models.Charge
	}
)

// RehearsalOf shows what a dry run would have done.
func RehearsalOf(entries []models.Entry, documents []models.Document, shown Rehearsed) *Rehearsal {
	return &Rehearsal{entries, documents, shown}
}

// EntriesToShow gives the journal entries, to those who may see them.
func (r Rehearsal) EntriesToShow() []RehearsedEntry {
	entries := make([]RehearsedEntry, len(r.entries))
	for i, e := range r.entries {
		entries[i] = RehearsedEntry{e}
	}
	return entries
}

// Documents gives the records as they would stand.
func (r Rehearsal) Documents() []RehearsedDocument {
	documents := make([]RehearsedDocument, len(r.documents))
	for i, d := range r.documents {
		documents[i] = RehearsedDocument{d}
	}
	return documents
}

// Claims gives the claims as they would stand.
func (r Rehearsal) Claims() []Claim { return r.shown.Claims }

// ChargeItems gives the charges as they would stand.
func (r Rehearsal) ChargeItems() []ChargeItem { return r.shown.Charges }

// WorkToShow gives the work items, to those who may see them.
func (r Rehearsal) WorkToShow() []WorkItem { return r.shown.WorkItems }

// Kind is the event.
func (e RehearsedEntry) Kind() string { return string(e.row.Kind) }

// Effective is the day it would count for.
func (e RehearsedEntry) Effective() string { return string(e.row.Effective) }

// Postings are the lines.
func (e RehearsedEntry) Postings() []RehearsedPosting {
	postings := make([]RehearsedPosting, len(e.row.Postings))
	for i, p := range e.row.Postings {
		postings[i] = RehearsedPosting{p}
	}
	return postings
}

// Account is the ledger account.
func (p RehearsedPosting) Account() string { return string(p.row.Account) }

// Amount is positive for a debit.
func (p RehearsedPosting) Amount() Money { return USD(p.row.Amount) }

// Type is the resource type.
func (d RehearsedDocument) Type() string { return d.document.Type }

// ID is the record's, which a new one would not get again.
func (d RehearsedDocument) ID() string { return d.document.ID }

// Resource is the whole record.
func (d RehearsedDocument) Resource() JSON { return JSON(d.document.Body) }

// SubmittedClaim gives the payload of a claim.
func SubmittedClaim(id string, r *Rehearsal) *SubmitClaimPayload {
	return &SubmitClaimPayload{payload{id, r}}
}

// ValidatedClaim gives the payload of a claim and what the rules notice.
func ValidatedClaim(id string, findings []models.Finding, r *Rehearsal) *ValidateClaimPayload {
	return &ValidateClaimPayload{payload{id, r}, findings}
}

// Findings gives what the rules notice, and what they could not look at.
func (p ValidateClaimPayload) Findings() []models.Finding {
	return append([]models.Finding{}, p.findings...)
}

// OverriddenFinding gives the payload of a claim.
func OverriddenFinding(claim string, r *Rehearsal) *OverrideFindingPayload {
	return &OverrideFindingPayload{payload{claim, r}}
}

// PaidInvoice gives the payload of an invoice.
func PaidInvoice(id string, r *Rehearsal) *RecordPaymentPayload {
	return &RecordPaymentPayload{payload{id, r}}
}

// CodedEncounter gives the payload of a visit and its charges.
func CodedEncounter(id string, charges []models.Charge, r *Rehearsal) *CodeEncounterPayload {
	return &CodeEncounterPayload{payload{id, r}, charges}
}

// RecordID names the record that was changed; "" in a rehearsal, which changes none.
func (p payload) RecordID() string {
	if p.rehearsal != nil {
		return ""
	}
	return p.record
}

// Rehearsal is nil where the change was made.
func (p payload) Rehearsal() *Rehearsal { return p.rehearsal }

// Charges names what is charged for the visit.
func (p CodeEncounterPayload) Charges() []models.Ref {
	refs := make([]models.Ref, len(p.charges))
	for i, c := range p.charges {
		refs[i] = models.Ref{Type: "ChargeItem", ID: string(c.ID)}
	}
	return refs
}
