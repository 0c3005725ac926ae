package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/invoice"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/journal"
	"medbill/models"
)

// relieve takes off the invoices of a case what the patient does not owe any more, because a payer took an answer back and judged
// otherwise; what was paid too much becomes the patient's credit.
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

// relieved takes it off; cause is that of what was paid too much.
func (b *bill) relieved(s *desk.Sheet, cause models.Cause) error {
	postings, err := journal.PostingsOfCharges(s.View, b.every)
	if err != nil {
		return err
	}
	owed := map[models.ChargeID]models.Cents{}
	for _, p := range postings {
		if p.Account == models.AccountARPatient {
			owed[p.ChargeID] += p.Amount
		}
	}
	tooMuch := map[models.ChargeID]models.Cents{}
	for id, open := range owed {
		if open < 0 {
			tooMuch[id] = -open
		}
	}
	if entry, any := ledger.Overpaid(b.kase, cause, tooMuch, s.Today()); any {
		if err := s.Post(entry); err != nil {
			return err
		}
	}
	relieved := invoice.Relieve(b.invoices, owed)
	if len(relieved) == 0 {
		return nil
	}
	for _, r := range relieved {
		b.invoices[slices.IndexFunc(b.invoices, func(i models.Invoice) bool { return i.ID == r.ID })] = r
	}
	return s.SaveInvoices(b.kase.PatientID, relieved...)
}
