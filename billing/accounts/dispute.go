package accounts

import (
	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// disputed is the work about a payment that a bank took back, until it is won or lost.
func disputed(p models.Payment) models.WorkItem {
	return models.WorkItem{
		Kind: models.WorkDisputed, Subject: noticeOf(p.ID), PatientID: p.PatientID, Amount: p.Amount - p.Refunded,
		Reason: "The bank took the patient's payment back, and what it paid is owed again; answer the bank at the processor where it is wrong, and say how it ended.",
	}
}

// Win has a disputed payment stand again because its bank gave the money back, and gives the payment and the cases that are to go on. It is kept beside what the processor told, so that the payment stays as that says.
// It refuses (Conflict, payment.state) one that is not disputed.
func Win(s *desk.Sheet, id models.PaymentID) (models.Payment, []models.CaseID, error) {
	p, err := StandingNotice(id)(s)
	if err != nil {
		return p, nil, err
	}
	if err := books.Lock(s.Tx, patientOf(p.PatientID).String(), atProcessor(p.Processor, p.Reference)); err != nil {
		return p, nil, err
	}
	if p, err = StandingNotice(id)(s); err != nil {
		return p, nil, err
	}
	if p.State != models.PaymentDisputed {
		return p, nil, notStanding(p)
	}
	if p.Processor != "" {
		won := models.ProcessorEvent{Processor: p.Processor, ID: "desk " + s.NewID(), Type: models.EventWon, Reference: p.Reference, Amount: p.Amount, PaymentID: p.ID, Created: s.Now()}
		if err := books.SaveEvents(s.Tx, won); err != nil {
			return p, nil, err
		}
	}
	return regain(s, p)
}

// regain puts a disputed payment into the books again: it is credit, and pays what is due.
func regain(s *desk.Sheet, p models.Payment) (models.Payment, []models.CaseID, error) {
	gone, _, err := journal.EntryByCause(s.View, models.CauseOfReturn(p.ID, p.Moves-1)) // nothing moves a payment that is disputed
	if err != nil {
		return p, nil, err
	}
	p.State, p.Unapplied, p.Moves = models.PaymentSucceeded, p.Amount-p.Refunded, p.Moves+1
	if err := books.SavePayments(s.Tx, p); err != nil {
		return p, nil, err
	}
	if err := s.Post(ledger.Reverse(gone, s.Today())); err != nil {
		return p, nil, err
	}
	if err := s.Item(false, disputed(p)); err != nil {
		return p, nil, err
	}
	cases, err := Apply(s, p.PatientID, "")
	if err != nil {
		return p, nil, err
	}
	p, _, err = books.Payment(s.View, p.ID)
	return p, cases, err
}

// Lose leaves a disputed payment out of the books for good and charges the patient a fee for that, 0 for none. It gives the cases that are to go on. It refuses (Conflict, payment.state) one that is not disputed.
func Lose(s *desk.Sheet, id models.PaymentID, fee models.Cents) ([]models.CaseID, error) {
	p, err := lockedPayment(s, id)
	if err != nil {
		return nil, err
	}
	if p.State != models.PaymentDisputed {
		return nil, notStanding(p)
	}
	if err := charge(s, p, fee); err != nil {
		return nil, err
	}
	return Apply(s, p.PatientID, "")
}
