package accounts

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/internal/auth"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// RefundRequest gives a patient money back that pays nothing: of one payment, or where none is named of those that wait for no visit, oldest first. Amount 0 is all of it. With a reference, that of the check or of the
// processor, it goes at once; without, it is approved and paid out later.
type RefundRequest struct {
	PatientID models.PatientID
	PaymentID models.PaymentID
	Amount    models.Cents
	Reason    string
	Reference string
	Till      string // out of which cash goes, where it goes at once; "" for the one of its payment
	Key       string
}

// Check refuses (Invalid) a reason, a reference or a till that is none, and a request without a key.
func (r RefundRequest) Check() error {
	if r.Key == "" {
		return errNoKey
	}
	return cmp.Or(fault.Under("reason", models.CheckLine(r.Reason)), fault.Under("reference", models.CheckLineOrNone(r.Reference)), fault.Under("till", models.CheckReference(r.Till)))
}

// Refund approves that money goes back to a patient, and gives what of which payment. It refuses (BusinessRule, refund.amount) more than the patient's credit.
func Refund(s *desk.Sheet, who auth.Principal, r RefundRequest) ([]models.Refund, error) {
	if err := books.Lock(s.Tx, patientOf(r.PatientID).String()); err != nil {
		return nil, err
	}
	d, err := duesOf(s, r.PatientID)
	if err != nil {
		return nil, err
	}
	credits, err := d.earmarks(s, "")
	if err != nil {
		return nil, err
	}
	var from []models.Payment
	var there models.Cents
	for i, p := range d.credits {
		if p.ID == r.PaymentID || r.PaymentID == "" && !credits[i].Waits {
			from, there = append(from, p), there+p.Unapplied
		}
	}
	left := r.Amount
	if left == 0 {
		left = there
	}
	if left > there || left == 0 {
		return nil, fault.At(fault.BusinessRule, "refund.amount", "amount", fmt.Sprintf("The credit that can be given back is %s; give back no more.", there))
	}
	var refunds []models.Refund
	var entries []models.Entry
	for i := range from {
		p := &from[i]
		share := min(left, p.Unapplied)
		if share == 0 {
			continue
		}
		left -= share
		p.Unapplied -= share
		if p.Refunded += share; p.Refunded == p.Amount {
			p.State = models.PaymentRefunded
		}
		one := models.Refund{ID: models.RefundID(s.NewID()), PaymentID: p.ID, PatientID: r.PatientID, Amount: share, State: models.RefundApproved, Reason: r.Reason, By: who.Subject, Key: r.Key, Day: s.Today()}
		entries = append(entries, ledger.Refunded(one, s.Today()))
		if r.Reference != "" {
			var err error
			if one, err = leaves(s, *p, one, Payout{r.Reference, r.Till}); err != nil {
				return nil, err
			}
			entries = append(entries, ledger.PaidOut(one, p.Method, one.PaidDay))
		}
		refunds = append(refunds, one)
	}
	if err := books.SavePayments(s.Tx, from...); err != nil {
		return nil, err
	}
	if err := books.SaveRefunds(s.Tx, refunds...); err != nil {
		return nil, err
	}
	if err := s.Post(entries...); err != nil {
		return nil, err
	}
	return refunds, askAboutCredit(s, r.PatientID)
}

// RefundsUnder gives the refunds of a patient that somebody approved under a key.
func RefundsUnder(who auth.Principal, patient models.PatientID, key string) func(*desk.Sheet) ([]models.Refund, error) {
	return func(s *desk.Sheet) ([]models.Refund, error) {
		all, err := books.RefundsOfPatients(s.View, patient)
		return slices.DeleteFunc(all, func(r models.Refund) bool { return r.Key != key || r.By != who.Subject }), err
	}
}

// Payout is how a refund goes: the reference of the check or the processor, or what else tells it, and of cash the till out of which it goes, "" for the one of its payment.
type Payout struct{ Reference, Till string }

// Check refuses (Invalid) a reference or a till that is none.
func (o Payout) Check() error {
	return cmp.Or(fault.Under("reference", models.CheckLine(o.Reference)), fault.Under("till", models.CheckReference(o.Till)))
}

// PayRefund has a refund leave the practice that was approved. It refuses (Conflict, refund.state) one that went before or was cancelled, and (BusinessRule, refund.till) a till for what was not paid in cash.
func PayRefund(s *desk.Sheet, patient models.PatientID, id models.RefundID, how Payout) (models.Refund, error) {
	r, p, err := approved(s, patient, id)
	if err != nil {
		return r, err
	}
	return payOut(s, p, r, how)
}

// payOut has an approved refund of a payment leave the practice.
func payOut(s *desk.Sheet, p models.Payment, r models.Refund, how Payout) (models.Refund, error) {
	r, err := leaves(s, p, r, how)
	if err != nil {
		return r, err
	}
	if err := books.SaveRefunds(s.Tx, r); err != nil {
		return r, err
	}
	return r, s.Post(ledger.PaidOut(r, p.Method, r.PaidDay))
}

// leaves gives a refund as one that went. Cash goes out of a till, and counts for the first day for which that is not closed.
func leaves(s *desk.Sheet, p models.Payment, r models.Refund, how Payout) (models.Refund, error) {
	r.State, r.Reference, r.PaidDay = models.RefundPaid, how.Reference, s.Today()
	if p.Method != models.PaymentCash {
		if how.Till != "" {
			return r, fault.At(fault.BusinessRule, "refund.till", "till", "Only what was paid in cash goes out of a till; leave the till out.")
		}
		return r, nil
	}
	r.Till = cmp.Or(how.Till, p.Till)
	if err := books.Lock(s.Tx, atTill(r.Till)); err != nil {
		return r, err
	}
	var err error
	r.PaidDay, err = openDay(s, models.Payment{Method: p.Method, Till: r.Till})
	return r, err
}

// CancelRefund has money not go back that was approved to: it is the patient's credit again, and pays what is due. It gives the refund and the cases that are to go on. It refuses (Conflict, refund.state) one that went or was
// cancelled before.
func CancelRefund(s *desk.Sheet, who auth.Principal, patient models.PatientID, id models.RefundID, reason string) (models.Refund, []models.CaseID, error) {
	r, p, err := approved(s, patient, id)
	if err != nil {
		return r, nil, err
	}
	if _, err := cancel(s, p, who.Subject, reason, r); err != nil {
		return r, nil, err
	}
	cases, err := Apply(s, patient, "")
	if err != nil {
		return r, nil, err
	}
	r, err = StandingRefund(patient, id)(s)
	return r, cases, err
}

// cancel has approved refunds of a payment not go back, and gives the payment of which they are credit again.
func cancel(s *desk.Sheet, p models.Payment, by, reason string, refunds ...models.Refund) (models.Payment, error) {
	if len(refunds) == 0 {
		return p, nil
	}
	var entries []models.Entry
	for i := range refunds {
		r := &refunds[i]
		owed, _, err := journal.EntryByCause(s.View, models.CauseOfRefund(r.ID))
		if err != nil {
			return p, err
		}
		entries = append(entries, ledger.Reverse(owed, s.Today()))
		r.State, r.EndReason, r.EndedBy = models.RefundCancelled, reason, by
		p.State, p.Unapplied, p.Refunded = models.PaymentSucceeded, p.Unapplied+r.Amount, p.Refunded-r.Amount
	}
	if err := books.SavePayments(s.Tx, p); err != nil {
		return p, err
	}
	if err := books.SaveRefunds(s.Tx, refunds...); err != nil {
		return p, err
	}
	return p, s.Post(entries...)
}

// approved gives a refund that is to go back and its payment, under the lock of the patient.
func approved(s *desk.Sheet, patient models.PatientID, id models.RefundID) (models.Refund, models.Payment, error) {
	if err := books.Lock(s.Tx, patientOf(patient).String()); err != nil {
		return models.Refund{}, models.Payment{}, err
	}
	r, err := StandingRefund(patient, id)(s)
	if err == nil && r.State != models.RefundApproved {
		err = fault.At(fault.Conflict, "refund.state", "refund", fmt.Sprintf("The refund is %s; only one that is approved and did not go yet is paid out or cancelled.", r.State))
	}
	if err != nil {
		return r, models.Payment{}, err
	}
	p, _, err := books.Payment(s.View, r.PaymentID)
	return r, p, err
}

// refundsOf gives the refunds of a payment in a state, oldest first.
func refundsOf(s *desk.Sheet, p models.Payment, state models.RefundState) ([]models.Refund, error) {
	if p.Refunded == 0 {
		return nil, nil
	}
	all, err := books.RefundsOfPatients(s.View, p.PatientID)
	return slices.DeleteFunc(all, func(r models.Refund) bool { return r.PaymentID != p.ID || r.State != state }), err
}

// StandingRefund gives a refund as it stands.
func StandingRefund(patient models.PatientID, id models.RefundID) func(*desk.Sheet) (models.Refund, error) {
	return func(s *desk.Sheet) (models.Refund, error) {
		r, known, err := books.Refund(s.View, id)
		if err == nil && (!known || r.PatientID != patient) {
			err = fault.At(fault.BusinessRule, "refund.unknown", "refund", "The patient has no such refund.")
		}
		return r, err
	}
}
