package accounts

import (
	"maps"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/allocation"
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
		if tooMuch, err = neverOwed(s, b.kase.ID, tooMuch); err != nil {
			return err
		}
		if err := b.takeOff(s, cause, tooMuch); err != nil {
			return err
		}
	}
	b.invoices, err = books.InvoicesOfCase(s.View, b.kase.ID)
	return err
}

// takeOff makes the patient's credit again what was paid of charges and is not owed, and has it pay what else the patient was asked for.
func (b *bill) takeOff(s *desk.Sheet, cause models.Cause, tooMuch map[models.ChargeID]models.Cents) error {
	payments, err := books.PaymentsOfCharges(s.View, slices.Sorted(maps.Keys(tooMuch)))
	if err != nil {
		return err
	}
	taken := allocation.TakeOff(payments, tooMuch)
	entry, isAny := ledger.TakenOff(payments, cause, taken, s.Today())
	if !isAny {
		return nil
	}
	var changed []models.Payment
	var payers []models.PatientID
	for _, p := range payments {
		if own := allocation.Of(taken, p.ID); len(own) > 0 {
			changed, payers = append(changed, allocation.Moved(p, own, -1)), append(payers, p.PatientID)
		}
	}
	if err := books.SavePayments(s.Tx, changed...); err != nil {
		return err
	}
	if err := s.Post(entry); err != nil {
		return err
	}
	paid, err := applyOf(s, b.kase.PatientID, payers...)
	if err != nil {
		return err
	}
	if err := b.goOn(s, paid); err != nil {
		return err
	}
	return b.spend(s)
}

// goOn has others than the bill's own case stand as what was paid of them says.
func (b bill) goOn(s *desk.Sheet, paid []models.CaseID) error {
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
