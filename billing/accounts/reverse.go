package accounts

import (
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/allocation"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

var errNoPayment = fault.New(fault.Conflict, "payment.external", "The PaymentNotice records a payment made elsewhere; it is not in the books.")

func notStanding(p models.Payment) error {
	return fault.At(fault.Conflict, "payment.state", "PaymentNotice.status", fmt.Sprintf("The payment is %s; only one that succeeded and stands can be moved or taken back.", p.State))
}

// ReverseRequest takes a payment back. Fee is what the patient is charged for that, 0 for nothing.
type ReverseRequest struct {
	PaymentID models.PaymentID
	Reason    models.ReversalReason
	Fee       models.Cents
}

// StandingNotice gives a payment as it stands.
func StandingNotice(id models.PaymentID) func(*desk.Sheet) (models.Payment, error) {
	return func(s *desk.Sheet) (models.Payment, error) {
		p, known, err := books.Payment(s.View, id)
		if err == nil && !known {
			err = errNoPayment
		}
		return p, err
	}
}

// Reverse takes a payment back whose money is not there after all: what it paid is owed again, which a new invoice asks for, and those from before stay as they are. What was approved to go back of it and did not go yet does not
// go: there is no money of which it would. It gives the payment as it stands then, and the cases that are to go on. It refuses (Conflict, payment.state) one that does not stand, and (Conflict, payment.refunded) one that was given
// back whole.
func Reverse(s *desk.Sheet, r ReverseRequest) (models.Payment, []models.CaseID, error) {
	p, err := lockedPayment(s, r.PaymentID)
	if err != nil {
		return p, nil, err
	}
	waiting, err := refundsOf(s, p, models.RefundApproved)
	if err != nil {
		return p, nil, err
	}
	if p, err = cancel(s, p, s.Subject(), "The payment was taken back.", waiting...); err != nil {
		return p, nil, err
	}
	switch {
	case p.Refunded == p.Amount:
		return p, nil, fault.At(fault.Conflict, "payment.refunded", "PaymentNotice.status", "All of the payment was given back; there is nothing to take back.")
	case p.State != models.PaymentSucceeded:
		return p, nil, notStanding(p)
	}
	shares := p.Allocations
	p, cases, err := takeBack(s, p, shares)
	if err != nil {
		return p, nil, err
	}
	if err := s.Post(ledger.Returned(p, s.Today())); err != nil {
		return p, nil, err
	}
	p.Unapplied, p.State = 0, models.PaymentFailed
	if p.Moves++; r.Reason == models.ReversalChargeback {
		p.State = models.PaymentDisputed
	}
	if err := books.SavePayments(s.Tx, p); err != nil {
		return p, nil, err
	}
	if err := charge(s, p, r.Fee); err != nil {
		return p, nil, err
	}
	if err := s.Item(p.State == models.PaymentDisputed, disputed(p)); err != nil {
		return p, nil, err
	}
	paid, err := applyAfter(s, p.PatientID, shares)
	if err != nil {
		return p, nil, err
	}
	return p, append(cases, paid...), askAboutCredit(s, p.PatientID)
}

// applyAfter has other credits pay what is owed again after shares of a patient's payment were taken off, by whomever.
func applyAfter(s *desk.Sheet, patient models.PatientID, shares []models.Allocation) ([]models.CaseID, error) {
	paid, err := Apply(s, patient, "")
	if err != nil {
		return nil, err
	}
	var others []models.PatientID
	for _, a := range shares {
		others = append(others, a.PatientID)
	}
	more, err := applyOf(s, patient, others...)
	return append(paid, more...), err
}

// takeBack takes shares of a payment off what they paid, which is owed again: a balance from before says so itself, and of a visit a new invoice asks.
func takeBack(s *desk.Sheet, p models.Payment, shares []models.Allocation) (models.Payment, []models.CaseID, error) {
	if len(shares) == 0 {
		return p, nil, nil
	}
	p = allocation.Moved(p, shares, -1)
	entry, _ := ledger.TakenOff([]models.Payment{p}, models.CauseOfAllocation(p.ID, p.Moves), shares, s.Today())
	if err := books.SavePayments(s.Tx, p); err != nil {
		return p, nil, err
	}
	if err := s.Post(entry); err != nil {
		return p, nil, err
	}
	cases, err := owedAgain(s, shares)
	return p, cases, err
}

// owedAgain has balances from before say that shares of them are owed again, and the cases of the others ask for them anew.
func owedAgain(s *desk.Sheet, shares []models.Allocation) ([]models.CaseID, error) {
	var openings []models.Opening
	var cases []models.CaseID
	for _, a := range shares {
		if a.InvoiceID == "" {
			o, known, err := books.OpeningOf(s.View, a.CaseID)
			if err != nil {
				return nil, err
			}
			if o.Due += a.Amount; known {
				openings = append(openings, o)
			}
			cases = append(cases, a.CaseID)
			continue
		}
		if err := billAnew(s, a.CaseID); err != nil {
			return nil, err
		}
	}
	if err := books.SaveOpenings(s.Tx, openings...); err != nil {
		return nil, err
	}
	for _, o := range openings {
		if err := s.RestateInvoices(o.PatientID); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

// billAnew has a case ask its patient for what is owed and no invoice asks for.
func billAnew(s *desk.Sheet, id models.CaseID) error {
	c, known, err := books.Case(s.View, id)
	if err != nil || !known {
		return err
	}
	return s.Due(c, models.StepBill)
}

// charge has a patient owe a fee for a payment that was taken back, as a balance of its own for which no invoice asks; nothing for 0.
func charge(s *desk.Sheet, p models.Payment, fee models.Cents) error {
	if fee == 0 {
		return nil
	}
	id := models.ChargeID(s.NewID())
	o := models.Opening{
		Number: "FEE-" + string(id), ChargeID: id, PatientID: p.PatientID, ServiceDate: s.Today(), System: models.SystemCharge, Code: models.CodeReturnedPayment, Amount: fee, Due: fee,
	}
	one := models.Charge{
		ID: o.ChargeID, CaseID: o.CaseID(), PatientID: o.PatientID, Sequence: 1, State: models.ChargeBilled, System: o.System, Code: o.Code, Units: models.OneUnit, ServiceDate: o.ServiceDate, Billed: fee, Posting: 1,
	}
	kase := models.Case{ID: o.CaseID(), PatientID: o.PatientID, State: models.CasePatient, ServiceDate: o.ServiceDate, EndDate: o.ServiceDate, BillingID: s.Settings().PracticeID}
	o, err := Addressed(s, o, kase)
	if err != nil {
		return err
	}
	if err := books.SaveCharges(s.Tx, one); err != nil {
		return err
	}
	if err := books.SaveOpenings(s.Tx, o); err != nil {
		return err
	}
	if err := s.Post(ledger.Fee(o, one, s.Today())); err != nil {
		return err
	}
	return s.RestateInvoices(p.PatientID)
}

// MoveRequest has a payment pay an invoice: what of it pays nothing yet, or where From is given what pays that one now. Amount 0 is as much as may be.
type MoveRequest struct {
	PaymentID models.PaymentID
	From, To  models.InvoiceID
	Amount    models.Cents
}

// Move has a payment pay another invoice than it does. It gives the payment as it stands then, and the cases that are to go on. It refuses (BusinessRule, allocation.amount) more than there is to move or
// than the invoice asks for, and (BusinessRule, allocation.invoice) invoices of others.
func Move(s *desk.Sheet, r MoveRequest) (models.Payment, []models.CaseID, error) {
	p, err := standingPayment(s, r.PaymentID)
	if err != nil {
		return p, nil, err
	}
	to, err := Standing(r.To)(s)
	if err != nil {
		return p, nil, fault.Under("to", err)
	}
	if !asks(to, p.PatientID) {
		return p, nil, fault.At(fault.BusinessRule, "allocation.invoice", "to", "The invoice is another patient's and does not ask this one; name one that does.")
	}
	there := p.Unapplied
	var shares []models.Allocation
	if r.From != "" {
		there = 0
		for _, a := range p.Allocations {
			if a.InvoiceID == r.From {
				shares, there = append(shares, a), there+a.Amount
			}
		}
	}
	amount := r.Amount
	if amount == 0 {
		amount = min(there, to.Due)
	}
	if amount > there || amount > to.Due || amount == 0 {
		return p, nil, fault.At(fault.BusinessRule, "allocation.amount", "amount", fmt.Sprintf("There are %s to move and the invoice asks for %s; move no more than either.", there, to.Due))
	}
	p, cases, err := takeBack(s, p, upTo(shares, amount))
	if err != nil {
		return p, nil, err
	}
	d, err := duesOf(s, p.PatientID)
	if err != nil {
		return p, nil, err
	}
	own := d
	own.openings, own.invoices = nil, []models.Invoice{to}
	moved, changed, entries := own.spend([]allocation.Credit{{PaymentID: p.ID, Amount: amount, First: to.ID}}, []models.Payment{p}, s.Today())
	if len(changed) == 0 {
		return p, cases, nil
	}
	if err := books.SavePayments(s.Tx, changed...); err != nil {
		return p, nil, err
	}
	if err := s.Post(entries...); err != nil {
		return p, nil, err
	}
	paid, err := own.settle(s, moved)
	if err != nil {
		return p, nil, err
	}
	others, err := Apply(s, p.PatientID, "")
	return changed[0], slices.Concat(cases, paid, others), err
}

// upTo gives as many of shares as come to an amount.
func upTo(shares []models.Allocation, amount models.Cents) []models.Allocation {
	var some []models.Allocation
	for _, a := range shares {
		if a.Amount = min(a.Amount, amount); a.Amount > 0 {
			some, amount = append(some, a), amount-a.Amount
		}
	}
	return some
}
