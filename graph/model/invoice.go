package model

import (
	"medbill/fhir"
	"medbill/models"
)

// What a patient is asked for and pays.
type (
	// Invoice is FHIR Invoice.
	Invoice struct{ resource }
	// InvoiceLine is the story of one charge.
	InvoiceLine struct {
		row models.InvoiceLine
		of  *fhir.Document
	}
	// Account is FHIR Account.
	Account struct{ resource }
	// AccountGuarantor is who answers for what is due.
	AccountGuarantor struct{ node }
)

// Identifier gives the business identifiers, our invoice number among them.
func (i Invoice) Identifier() []Identifier { return list[Identifier](i.get("identifier")) }

// Status is issued, balanced, cancelled and the like.
func (i Invoice) Status() *string { return text(i.get("status")) }

// Date is when it was issued.
func (i Invoice) Date() *string { return text(i.get("date")) }

// DueDate is the day until which it is to be paid.
func (i Invoice) DueDate() *string { return text(i.at("Invoice.dueDate")) }

// EncounterReference names the visit it bills, or is "".
func (i Invoice) EncounterReference() string {
	return extension(i.fhir, fhir.ExtensionEncounter).In("valueReference", "reference").Text()
}

// TotalNet is what was asked when it was issued.
func (i Invoice) TotalNet() *Money { return amount(i.get("totalNet")) }

// Due is what is open of it now. What a client says so of billing done elsewhere counts for nothing.
func (i Invoice) Due() *Money { return amount(i.at("Invoice.due")) }

// TotalGross is what was billed.
func (i Invoice) TotalGross() *Money { return amount(i.get("totalGross")) }

// LinesOf gives the lines that the books hold of the invoice.
func (i Invoice) LinesOf(rows []models.InvoiceLine) []InvoiceLine {
	lines := make([]InvoiceLine, len(rows))
	for n, row := range rows {
		lines[n] = InvoiceLine{row, i.of}
	}
	return lines
}

// Source gives the invoice.
func (l InvoiceLine) Source() any { return l.of }

// ChargeReference names the charge.
func (l InvoiceLine) ChargeReference() string { return "ChargeItem/" + string(l.row.ChargeID) }

// Sequence is the number of the line.
func (l InvoiceLine) Sequence() int { return l.row.Sequence }

// Billed is what was charged.
func (l InvoiceLine) Billed() Money { return USD(l.row.Billed) }

// Adjusted is what was given up.
func (l InvoiceLine) Adjusted() Money { return USD(l.row.Adjusted) }

// PayerPaid is what payers paid.
func (l InvoiceLine) PayerPaid() Money { return USD(l.row.PayerPaid) }

// Deductible is the patient's before the plan pays.
func (l InvoiceLine) Deductible() Money { return USD(l.row.Deductible) }

// Coinsurance is the patient's share.
func (l InvoiceLine) Coinsurance() Money { return USD(l.row.Coinsurance) }

// Copay is the patient's fixed part.
func (l InvoiceLine) Copay() Money { return USD(l.row.Copay) }

// PatientPaid is what the patient paid of what was asked.
func (l InvoiceLine) PatientPaid() Money { return USD(l.row.Net - l.row.Due) }

// Due is what is left.
func (l InvoiceLine) Due() Money { return USD(l.row.Due) }

// Status is active and the like.
func (a Account) Status() *string { return text(a.get("status")) }

// Type is the kind of account.
func (a Account) Type() *CodeableConcept { return one[CodeableConcept](a.get("type")) }

// Guarantor lists who answers for what is due.
func (a Account) Guarantor() []AccountGuarantor { return list[AccountGuarantor](a.get("guarantor")) }

// OnHold says whether nothing is asked meanwhile.
func (g AccountGuarantor) OnHold() *bool { return boolean(g.get("onHold")) }

// Period is when the guarantor answers.
func (g AccountGuarantor) Period() *Period { return one[Period](g.get("period")) }

// IsElsewhere reports whether it is kept by somebody else's billing.
func (a Account) IsElsewhere() bool {
	for tag := range a.get("meta").fhir.Get("tag").Each() {
		if tag.Get("system").Is(fhir.OriginExternal.System) && tag.Get("code").Is(fhir.OriginExternal.Code) {
			return true
		}
	}
	return false
}
