package processing_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/processing"
	"medbill/models"
)

const amount = 2000

// left is what of a payment is in the books.
func left(p models.Payment) models.Cents {
	if p.State == models.PaymentSucceeded || p.State == models.PaymentRefunded {
		return p.Amount - p.Refunded
	}
	return 0
}

// apply does steps to a payment as the books do, as far as its own row tells.
func apply(p models.Payment, t processing.Told) models.Payment {
	for _, step := range processing.Steps(p, p.Refunded, t) {
		switch step {
		case processing.StepFail:
			p.State = models.PaymentFailed
		case processing.StepReceive:
			p.State = models.PaymentSucceeded
		case processing.StepRefund:
			if p.Refunded = processing.Back(p, t); p.Refunded == p.Amount {
				p.State = models.PaymentRefunded
			}
		case processing.StepRegain:
			p.State = models.PaymentSucceeded
		case processing.StepDispute:
			p.State = models.PaymentDisputed
		}
	}
	return p
}

// TestEventsEndTheSameInAnyOrder: however they are ordered, cut into deliveries, and wherever the payment comes between them, as much money of it is left in the books.
func TestEventsEndTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) models.ProcessorEvent {
			return models.ProcessorEvent{Type: rapid.SampledFrom(models.ProcessorEventTypes()).Draw(t, "type"), Amount: rapid.SampledFrom([]models.Cents{amount, amount / 2}).Draw(t, "amount")}
		}), 0, 6).Draw(t, "events")
		for i := range events {
			events[i].ID = fmt.Sprint("evt_", i)
		}
		end := func(order []models.ProcessorEvent, known int) models.Payment {
			p := models.Payment{Amount: amount, State: models.PaymentPending}
			for n := known; n <= len(order); n++ {
				p = apply(p, processing.Of(amount, order[:n]))
			}
			if steps := processing.Steps(p, p.Refunded, processing.Of(amount, order)); steps != nil {
				t.Fatalf("%+v still wants %v", p, steps)
			}
			return p
		}
		one := end(events, len(events))
		if other := end(rapid.Permutation(events).Draw(t, "order"), rapid.IntRange(0, len(events)).Draw(t, "known")); left(one) != left(other) || (one.State == models.PaymentFailed) != (other.State == models.PaymentFailed) {
			t.Fatalf("%+v in one order, %+v in another", one, other)
		}
	})
}

// TestWhatAProcessorTellsIsDoneOnce holds each state against what is told next.
func TestWhatAProcessorTellsIsDoneOnce(t *testing.T) {
	says := func(types ...models.ProcessorEventType) []models.ProcessorEvent {
		var list []models.ProcessorEvent
		for _, typ := range types {
			list = append(list, models.ProcessorEvent{Type: typ, Amount: amount})
		}
		return list
	}
	byHand := models.Payment{Amount: amount, State: models.PaymentFailed, Moves: 2}
	if got := processing.Steps(byHand, 0, processing.Of(amount, says(models.EventSucceeded, models.EventRefunded))); got != nil {
		t.Errorf("what people took back: %v", got)
	}
	for _, row := range []struct {
		what   string
		state  models.PaymentState
		events []models.ProcessorEvent
		want   []processing.Step
	}{
		{"nothing is told", models.PaymentPending, nil, nil},
		{"a payout is of no payment", models.PaymentPending, says(models.EventPayout), nil},
		{"the money is there", models.PaymentPending, says(models.EventSucceeded), []processing.Step{processing.StepReceive}},
		{"it is told again", models.PaymentSucceeded, says(models.EventSucceeded, models.EventSucceeded), nil},
		{"it fails", models.PaymentPending, says(models.EventFailed), []processing.Step{processing.StepFail}},
		{"another attempt goes well", models.PaymentFailed, says(models.EventFailed, models.EventSucceeded), []processing.Step{processing.StepReceive}},
		{"an attempt before failed", models.PaymentSucceeded, says(models.EventSucceeded, models.EventFailed), nil},
		{"it is refunded before it is there", models.PaymentPending, says(models.EventRefunded), []processing.Step{processing.StepReceive, processing.StepRefund}},
		{"it is disputed", models.PaymentSucceeded, says(models.EventSucceeded, models.EventDisputed), []processing.Step{processing.StepDispute}},
		{"it is refunded whole and disputed", models.PaymentSucceeded, says(models.EventRefunded, models.EventDisputed), []processing.Step{processing.StepRefund}},
		{"the dispute is won", models.PaymentDisputed, says(models.EventDisputed, models.EventWon), []processing.Step{processing.StepRegain}},
		{"it is won, and was given back in the meantime", models.PaymentDisputed, says(models.EventDisputed, models.EventRefunded, models.EventWon), []processing.Step{processing.StepRegain, processing.StepRefund}},
		{"it is won, and told late that it was disputed", models.PaymentSucceeded, says(models.EventWon, models.EventDisputed), nil},
		{"it is lost", models.PaymentDisputed, says(models.EventDisputed, models.EventLost), nil},
		{"it is told first that it is lost", models.PaymentSucceeded, says(models.EventLost), []processing.Step{processing.StepDispute}},
		{"it is lost after it was won", models.PaymentSucceeded, says(models.EventDisputed, models.EventWon, models.EventLost), []processing.Step{processing.StepDispute}},
		{"it was taken back", models.PaymentDisputed, says(models.EventSucceeded, models.EventDisputed, models.EventRefunded), nil},
		{"another amount came", models.PaymentPending, []models.ProcessorEvent{{Type: models.EventSucceeded, Amount: 1}}, nil},
	} {
		p := models.Payment{Amount: amount, State: row.state}
		if got := processing.Steps(p, p.Refunded, processing.Of(amount, row.events)); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %v, want %v", row.what, got, row.want)
		}
	}
	if odd := processing.Of(amount, says(models.EventSucceeded)); odd.IsOdd || !slices.Contains(processing.Steps(models.Payment{Amount: amount, State: models.PaymentPending}, 0, odd), processing.StepReceive) {
		t.Error("its own amount is another one")
	}
}
