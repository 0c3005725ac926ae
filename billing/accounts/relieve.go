package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/invoice"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// relieve takes off the invoices of a case what the patient does not owe any more, because a payer took an answer back and judged
// otherwise; what was paid too much pays what else is due, and becomes the patient's credit.
func (b *bill) relieve(s *desk.Sheet) error {
	latest, corrected := models.Answer{}, false
	for _, a := range b.answers {
		corrected = corrected || a.Reversed != ""
		if a.Posted {
			latest = a
		}
	}
	if !corrected {
		return nil
	}
	return b.relieved(s, models.CauseOfOverpayment(latest.ID))
}

// Relieve takes off the invoices of a case what the patient does not owe any more, because a decision about an answer was made or taken back; what was paid too much becomes the patient's credit.
func Relieve(s *desk.Sheet, c models.Case, cause models.Cause) error {
	b, err := readBill(s, c)
	if err != nil {
		return err
	}
	return b.relieved(s, cause)
}

// relieved takes it off, and has what was paid too much pay what else the patient was asked for; cause is that of this.
func (b *bill) relieved(s *desk.Sheet, cause models.Cause) error {
	postings, err := journal.PostingsOfCharges(s.View, b.every)
	if err != nil {
		return err
	}
	owed, tooMuch := map[models.ChargeID]models.Cents{}, map[models.ChargeID]models.Cents{}
	for _, p := range postings {
		if p.Account == models.AccountARPatient {
			owed[p.ChargeID] += p.Amount
		}
	}
	for id, open := range owed {
		if open < 0 {
			tooMuch[id] = -open
		}
	}
	if err := s.SaveInvoices(b.kase.PatientID, invoice.Relieve(b.invoices, owed)...); err != nil {
		return err
	}
	if len(tooMuch) > 0 {
		of, open, err := owedBy(s, b.kase.PatientID)
		if err != nil {
			return err
		}
		entry, shares, _ := ledger.Overpaid(b.kase, cause, tooMuch, open, s.Today())
		if err := s.Post(entry); err != nil {
			return err
		}
		paid, err := of.settle(s, b.kase.PatientID, shares)
		if err != nil {
			return err
		}
		if err := b.goOn(s, paid); err != nil {
			return err
		}
	}
	b.invoices, err = books.InvoicesOfCase(s.View, b.kase.ID)
	return err
}

// goOn has others than the bill's own case stand as what was paid of them says.
func (b *bill) goOn(s *desk.Sheet, paid []models.CaseID) error {
	for _, id := range slices.Compact(slices.Sorted(slices.Values(paid))) {
		if id == b.kase.ID {
			continue
		}
		c, known, err := books.Case(s.View, id)
		if err == nil && known && c.Due == models.StepNone {
			err = s.Due(c, models.StepBill)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
