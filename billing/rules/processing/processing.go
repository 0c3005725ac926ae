// Package processing says how a payment stands by what its processor told of it. Events come late, twice and in any order, so it goes by which there are and never by which came last.
package processing

import "medbill/models"

// Told is what a processor told of one payment.
type Told struct {
	HasCome  bool // the money was there
	Failed   bool // an attempt failed; another one may have gone well
	Disputed bool // whoever holds the card wants it back, and the bank took it
	Won      bool // the bank gave it back
	Lost     bool // it does not, whatever was told besides
	Refunded models.Cents
	IsOdd    bool // another amount came than the payment's
}

// Of gives what events tell of a payment, each of which stands once among them. Money that is given back or disputed was there before. What came with another amount is not the payment's.
func Of(amount models.Cents, events []models.ProcessorEvent) Told {
	var t Told
	for _, e := range events {
		t = t.with(amount, e)
	}
	return t
}

func (t Told) with(amount models.Cents, e models.ProcessorEvent) Told {
	switch e.Type {
	case models.EventSucceeded:
		t.HasCome = t.HasCome || e.Amount == amount
		t.IsOdd = t.IsOdd || e.Amount != amount
	case models.EventFailed:
		t.Failed = true
	case models.EventDisputed:
		t.HasCome, t.Disputed = true, true
	case models.EventWon:
		t.HasCome, t.Won = true, true
	case models.EventLost:
		t.HasCome, t.Lost = true, true
	case models.EventRefunded:
		t.HasCome = true
		t.Refunded += e.Amount
	case models.EventPayout: // of many payments together
	}
	return t
}

// Step is something that is to be done about a payment.
type Step string

// The steps, in the order in which they are done.
const (
	StepFail    Step = "fail"    // it will not come
	StepReceive Step = "receive" // it goes into the books
	StepRefund  Step = "refund"  // what was given back leaves them
	StepDispute Step = "dispute" // all of it leaves them
	StepRegain  Step = "regain"  // all of it is in them again
)

// Steps gives what is to be done about a payment until it stands as was told; nothing where it does. given is what of it left the books, which what is only approved to go back did not. What people took back is not put into the
// books again, and of what was given back whole nothing is left to dispute. A dispute that is won is over, and one that is lost is lost.
func Steps(p models.Payment, given models.Cents, t Told) []Step {
	var steps []Step
	isOut := p.State == models.PaymentPending || p.State == models.PaymentFailed && p.Moves == 0
	isGone := t.Lost || t.Disputed && !t.Won
	switch {
	case p.State == models.PaymentDisputed && t.Won && !t.Lost:
		steps = append(steps, StepRegain)
	case isOut && t.HasCome:
		steps = append(steps, StepReceive)
	case p.State == models.PaymentPending && t.Failed:
		return []Step{StepFail}
	case p.State == models.PaymentRefunded && given < p.Amount: // what is left of it did not go yet
	case p.State != models.PaymentSucceeded:
		return nil
	}
	back := max(given, Back(p, t))
	if back > given {
		steps = append(steps, StepRefund)
	}
	if isGone && back < p.Amount {
		steps = append(steps, StepDispute)
	}
	return steps
}

// Back is what of a payment was given back as told, at most all of it.
func Back(p models.Payment, t Told) models.Cents { return min(t.Refunded, p.Amount) }
