package accounts

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/allocation"
	"medbill/billing/rules/processing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// begin takes the locks that a payment needs, and says who moves the money where the payment does not: the tenant's first processor. It refuses (BusinessRule, payment.processor) one that is not the tenant's, and
// (BusinessRule, payment.reference) a payment that its processor could not tell from others.
func (c Cashier) begin(s *desk.Sheet, p *models.Payment) error {
	patient := patientOf(p.PatientID).String()
	names := c.Processors.Of(s.Tenant())
	switch {
	case !p.Method.IsProcessed():
		return books.Lock(s.Tx, patient, atTill(p.Till))
	case len(names) == 0:
		return books.Lock(s.Tx, patient)
	}
	p.Processor = cmp.Or(p.Processor, names[0])
	switch {
	case !slices.Contains(names, p.Processor):
		return fault.At(fault.BusinessRule, "payment.processor", "processor", "The practice has no such processor; name one of its own, or none.")
	case p.Reference == "":
		return fault.At(fault.BusinessRule, "payment.reference", "reference", "A payment by card or ach needs the processor's reference.")
	}
	return books.Lock(s.Tx, patient, atProcessor(p.Processor, p.Reference))
}

// hears reports whether a processor of the tenant moves a payment, so that it may tell of it.
func (c Cashier) hears(s *desk.Sheet, p models.Payment) bool {
	return p.Method.IsProcessed() && len(c.Processors.Of(s.Tenant())) > 0
}

func atProcessor(name, reference string) string { return "processor " + name + " " + reference }

// Event takes what a processor told and gives the cases of which something was paid. The same again changes nothing; what is about a payment that is not known is kept until that comes, and is work where it says whose money it is. It
// refuses (Conflict, event.id) something else under the same number.
func (c Cashier) Event(s *desk.Sheet, e models.ProcessorEvent) ([]models.CaseID, error) {
	if err := books.Lock(s.Tx, atProcessor(e.Processor, e.Reference)); err != nil {
		return nil, err
	}
	before, isKnown, err := books.ProcessorEvent(s.View, e.Processor, e.ID)
	switch {
	case err != nil:
		return nil, err
	case isKnown && before.BodyHash != e.BodyHash:
		return nil, fault.At(fault.Conflict, "event.id", "id", "The processor told something else under this number; every event has its own.")
	case isKnown:
		return nil, nil
	}
	p, isPaid, err := books.PaymentAtProcessor(s.View, e.Processor, e.Reference)
	if err != nil {
		return nil, err
	}
	if isPaid {
		e.PaymentID = p.ID
	}
	if err := books.SaveEvents(s.Tx, e); err != nil {
		return nil, err
	}
	if !isPaid || e.Type == models.EventPayout {
		return nil, unmatched(s, e.PatientID)
	}
	if err := books.Lock(s.Tx, patientOf(p.PatientID).String()); err != nil {
		return nil, err
	}
	_, cases, err := hear(s, p)
	return cases, err
}

// hear has a payment stand as its processor told.
func hear(s *desk.Sheet, p models.Payment) (models.Payment, []models.CaseID, error) {
	events, err := books.EventsOfReference(s.View, p.Processor, p.Reference)
	if err != nil || len(events) == 0 {
		return p, nil, err
	}
	if err := match(s, p.ID, events); err != nil {
		return p, nil, err
	}
	went, err := refundsOf(s, p, models.RefundPaid)
	if err != nil {
		return p, nil, err
	}
	told, given := processing.Of(p.Amount, events), sumOf(went)
	var cases []models.CaseID
	for _, step := range processing.Steps(p, given, told) {
		var paid []models.CaseID
		if p, paid, err = take(s, step, p, processing.Back(p, told)-given); err != nil {
			return p, nil, err
		}
		cases = append(cases, paid...)
	}
	if told.Lost {
		if err := s.Item(false, disputed(p)); err != nil {
			return p, nil, err
		}
	}
	return p, cases, s.Item(told.IsOdd && !told.HasCome, models.WorkItem{
		Kind: models.WorkUnmatchedPay, Subject: noticeOf(p.ID), PatientID: p.PatientID, Amount: p.Amount,
		Reason: "The processor says that another amount was paid than the payment does, so it is not in the books; take the amount that came as a payment of its own.",
	})
}

func noticeOf(id models.PaymentID) models.Ref { return models.Ref{Type: noticeType, ID: string(id)} }

// match says of events which payment they are about, and closes the work that they were.
func match(s *desk.Sheet, id models.PaymentID, events []models.ProcessorEvent) error {
	var matched []models.ProcessorEvent
	for _, e := range events {
		if e.PaymentID == "" {
			e.PaymentID = id
			matched = append(matched, e)
		}
	}
	if err := books.SaveEvents(s.Tx, matched...); err != nil {
		return err
	}
	for _, e := range matched {
		if err := unmatched(s, e.PatientID); err != nil {
			return err
		}
	}
	return nil
}

// take does one step of a payment, of which its processor gave back beyond what left the books.
func take(s *desk.Sheet, step processing.Step, p models.Payment, back models.Cents) (models.Payment, []models.CaseID, error) {
	switch step {
	case processing.StepFail:
		p.State = models.PaymentFailed
		return p, nil, books.SavePayments(s.Tx, p)
	case processing.StepReceive:
		d, err := duesOf(s, p.PatientID)
		if err != nil {
			return p, nil, err
		}
		p.Day = s.Today() // it counts from the day on which the money is there
		return enter(s, d, p, func(tx *store.Tx, p models.Payment) error { return books.SavePayments(tx, p) })
	case processing.StepDispute:
		return Reverse(s, ReverseRequest{PaymentID: p.ID, Reason: models.ReversalChargeback})
	case processing.StepRegain:
		return regain(s, p)
	case processing.StepRefund:
		return giveBack(s, p, back)
	}
	return p, nil, nil
}

// giveBack has money of a payment leave the books that its processor gave back. That is what was approved of it where the amounts are the same; else what it paid with that is owed again, and what was approved does not go as far as
// there is no money for both.
func giveBack(s *desk.Sheet, p models.Payment, amount models.Cents) (models.Payment, []models.CaseID, error) {
	waiting, err := refundsOf(s, p, models.RefundApproved)
	if err != nil {
		return p, nil, err
	}
	if at := slices.IndexFunc(waiting, func(r models.Refund) bool { return r.Amount == amount }); at >= 0 {
		_, err := payOut(s, p, waiting[at], Payout{Reference: p.Reference})
		return p, nil, err
	}
	over := amount - p.Unapplied - allocation.Sum(p.Allocations)
	if p, err = cancel(s, p, s.Subject(), "The processor gave the money back otherwise.", latest(waiting, over)...); err != nil {
		return p, nil, err
	}
	shares := allocation.Last(p.Allocations, amount-p.Unapplied)
	p, cases, err := takeBack(s, p, shares)
	if err != nil {
		return p, nil, err
	}
	_, err = Refund(s, auth.Principal{Tenant: s.Tenant(), Subject: s.Subject()}, RefundRequest{
		PatientID: p.PatientID, PaymentID: p.ID, Amount: amount, Reason: "Given back at the processor.", Reference: p.Reference, Key: "processor " + p.Reference,
	})
	if err != nil {
		return p, nil, err
	}
	paid, err := applyAfter(s, p.PatientID, shares)
	if err != nil {
		return p, nil, err
	}
	p, _, err = books.Payment(s.View, p.ID)
	return p, append(cases, paid...), err
}

// latest gives the last ones of refunds that come to an amount, none where it is not above 0.
func latest(refunds []models.Refund, amount models.Cents) []models.Refund {
	n := len(refunds)
	for ; n > 0 && amount > 0; n-- {
		amount -= refunds[n-1].Amount
	}
	return refunds[n:]
}

func sumOf(refunds []models.Refund) (sum models.Cents) {
	for _, r := range refunds {
		sum += r.Amount
	}
	return sum
}

// unmatched keeps the work open that processors have money of a patient which no payment names, as long as there is some.
func unmatched(s *desk.Sheet, id models.PatientID) error {
	if id == "" {
		return nil
	}
	patient, err := s.Document(patientOf(id))
	if err != nil || patient == nil {
		return err // nobody whom the practice knows
	}
	events, err := books.EventsWithoutPayment(s.View, id)
	if err != nil {
		return err
	}
	var sum models.Cents
	for _, e := range events {
		if e.Type == models.EventSucceeded {
			sum += e.Amount
		}
	}
	return s.Item(sum > 0, models.WorkItem{
		Kind: models.WorkUnmatchedPay, Subject: patientOf(id), PatientID: id, Amount: sum,
		Reason: "A processor has money of the patient that no payment names; take it as a payment by card or ach with the processor's reference.",
	})
}
