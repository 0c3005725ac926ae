// Package invoice tells a patient what is owed for a visit and why. It takes every amount from the books and decides none;
// holds, dunning and layout are elsewhere.
package invoice

import (
	"cmp"
	"slices"
	"strings"

	"medbill/models"
)

// numberPrefix marks an invoice's number.
const numberPrefix = "V"

// contraPrefix begins the name of every account that takes off what was billed.
const contraPrefix = "Contra:"

// Number gives the number of the tenant's seq-th invoice; a number is never used again.
func Number(seq int64) string { return models.NumberOf(numberPrefix, seq) }

// Input is what an invoice is made of. Postings are all of those charges, whoever's; Adjudications are those whose
// responsibility was posted to the patient; Earlier is the open balance of other visits.
type Input struct {
	Visit         models.Visit
	Charges       []models.Charge
	Postings      []models.Posting
	Adjudications []models.Adjudication
	AccountID     models.AccountID
	Earlier       models.Cents
	Issued        models.Date
	DueDays       int
}

// Build gives the visit's invoice as the books stand, one line per charge; its id and number are the caller's to set, who
// builds again after a payment and keeps them. It is balanced exactly where nothing is due.
func Build(in Input) models.Invoice {
	v := in.Visit
	invoice := models.Invoice{
		TenantID:  v.TenantID,
		PatientID: v.PatientID,
		VisitID:   v.ID,
		AccountID: in.AccountID,
		IssuerID:  v.BillingID,
		Status:    models.InvoiceIssued,
		Issued:    in.Issued,
		DueDate:   in.Issued.AddDays(in.DueDays),
		Earlier:   in.Earlier,
		Cause:     "visit/" + string(v.ID),
	}
	charges := slices.DeleteFunc(slices.Clone(in.Charges), func(c models.Charge) bool {
		return c.Status == models.ChargeAborted || c.Status == models.ChargePlanned
	})
	slices.SortStableFunc(charges, func(a, b models.Charge) int { return cmp.Compare(a.Sequence, b.Sequence) })
	for i, c := range charges {
		line := in.line(c)
		line.TenantID, line.Sequence = v.TenantID, i+1
		invoice.Lines = append(invoice.Lines, line)
		invoice.Billed += line.Billed
		invoice.Due += line.Due
	}
	if invoice.Due == 0 {
		invoice.Status = models.InvoiceBalanced
	}
	return invoice
}

// line adds up the books of one charge. AR:Patient is what is due; what payments took off it is what the patient paid.
func (in Input) line(c models.Charge) models.InvoiceLine {
	line := models.InvoiceLine{ChargeID: c.ID, Billed: c.Billed}
	for _, p := range in.Postings {
		switch {
		case p.ChargeID != c.ID:
		case p.Account == models.AccountClearing:
			line.PayerPaid += p.Amount
		case strings.HasPrefix(string(p.Account), contraPrefix):
			line.Adjusted += p.Amount
		case p.Account == models.AccountARPatient:
			line.Due += p.Amount
			if p.PaymentID != "" {
				line.PatientPaid -= p.Amount
			}
		}
	}
	for _, a := range in.Adjudications {
		if a.ChargeID == c.ID {
			line.Deductible += a.Deductible
			line.Coinsurance += a.Coinsurance
			line.Copay += a.Copay
		}
	}
	return line
}
