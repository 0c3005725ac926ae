// Package invoice tells a patient what is owed for a case and why. It takes every amount from the books and decides none;
// when an invoice may go out is casework's.
package invoice

import (
	"cmp"
	"slices"

	"medbill/models"
)

// numberPrefix marks an invoice's number.
const numberPrefix = "V"

// Number gives the number of the tenant's seq-th invoice; a number is never used again.
func Number(seq int64) string { return models.NumberOf(numberPrefix, seq) }

// Input is what an invoice is made of. Postings are all of those charges, whoever's; Adjudications are those whose
// responsibility was posted to the patient; Asked is what is still open of each charge on invoices issued before, nil where
// there are none, and Recipient who is asked.
type Input struct {
	Case          models.Case
	Charges       []models.Charge
	Postings      []models.Posting
	Adjudications []models.Adjudication
	Asked         map[models.ChargeID]models.Cents
	Recipient     models.Ref
	Issued        models.Date
	DueDays       int
}

// Build gives the invoice that asks for what the patient owes of a case and was not asked for before, one line per charge, as
// the books stand; its id, number, account and cause are the caller's to set. False where nothing new is owed.
func Build(in Input) (models.Invoice, bool) {
	invoice := models.Invoice{
		TenantID: in.Case.TenantID, CaseID: in.Case.ID, PatientID: in.Case.PatientID, Recipient: in.Recipient, IssuerID: in.Case.BillingID,
		Status: models.InvoiceIssued, Issued: in.Issued, DueDate: in.Issued.AddDays(in.DueDays),
	}
	charges := slices.DeleteFunc(slices.Clone(in.Charges), func(c models.Charge) bool { return !c.IsPosted() })
	slices.SortStableFunc(charges, func(a, b models.Charge) int { return cmp.Compare(a.Sequence, b.Sequence) })
	for _, c := range charges {
		line := in.line(c)
		if in.Asked != nil && line.Net == 0 {
			continue // an invoice before told its story
		}
		line.Sequence = len(invoice.Lines) + 1
		invoice.Lines = append(invoice.Lines, line)
		invoice.Billed += line.Billed
		invoice.Net += line.Net
	}
	invoice.Due = invoice.Net
	return invoice, invoice.Net > 0
}

// line adds up the books of one charge. What is open on the patient's account and was not asked for yet is what it asks.
func (in Input) line(c models.Charge) models.InvoiceLine {
	line := models.InvoiceLine{ChargeID: c.ID, ServiceDate: c.ServiceDate, Billed: c.Billed}
	for _, p := range in.Postings {
		if p.ChargeID != c.ID {
			continue
		}
		switch facts, _ := p.Account.Facts(); facts.Role {
		case models.RolePayerPaid:
			line.PayerPaid += p.Amount
		case models.RoleAdjusted:
			line.Adjusted += p.Amount
		case models.RoleOpen:
			line.Net += p.Amount
		}
	}
	line.Net = max(0, line.Net-in.Asked[c.ID])
	line.Due = line.Net
	for _, a := range in.Adjudications {
		if a.ChargeID == c.ID {
			line.Deductible += a.Deductible
			line.Coinsurance += a.Coinsurance
			line.Copay += a.Copay
		}
	}
	return line
}

// Restate brings what each open invoice of a patient says about the earlier ones up to what is due of those that ask the same one, oldest
// first, and of the balances from before, for which no invoice asks.
func Restate(invoices []models.Invoice, before []models.Opening) []models.Invoice {
	restated := slices.Clone(invoices)
	earlier := map[models.Ref]models.Cents{}
	for _, o := range before {
		earlier[o.Recipient] += o.Due
	}
	for n := range restated {
		if i := &restated[n]; i.Status == models.InvoiceIssued {
			i.Earlier = earlier[i.Recipient]
			earlier[i.Recipient] += i.Due
		}
	}
	return restated
}

// Settle takes what was paid of lines off an invoice; it is balanced exactly where nothing is due.
func Settle(i models.Invoice, paid map[models.ChargeID]models.Cents) models.Invoice {
	i.Lines = slices.Clone(i.Lines)
	for n := range i.Lines {
		share := min(paid[i.Lines[n].ChargeID], i.Lines[n].Due)
		i.Lines[n].Due -= share
		i.Due -= share
	}
	if i.Due == 0 {
		i.Status = models.InvoiceBalanced
	}
	return i
}

// Relieve gives those open invoices of a case on which more is due than the patient owes of their charges, with that much less due, the latest
// first; owed is what the books say of each charge.
func Relieve(invoices []models.Invoice, owed map[models.ChargeID]models.Cents) []models.Invoice {
	excess := map[models.ChargeID]models.Cents{}
	for _, i := range invoices {
		if i.Status != models.InvoiceIssued {
			continue
		}
		for _, l := range i.Lines {
			excess[l.ChargeID] += l.Due
		}
	}
	for id := range excess {
		excess[id] -= max(0, owed[id])
	}
	var relieved []models.Invoice
	for _, i := range slices.Backward(invoices) {
		if i.Status != models.InvoiceIssued {
			continue
		}
		off := map[models.ChargeID]models.Cents{}
		for _, l := range i.Lines {
			if share := min(excess[l.ChargeID], l.Due); share > 0 {
				off[l.ChargeID] = share
				excess[l.ChargeID] -= share
			}
		}
		if len(off) > 0 {
			relieved = append(relieved, Settle(i, off))
		}
	}
	return relieved
}
