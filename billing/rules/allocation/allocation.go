// Package allocation says which of what a patient owes is paid by which of the patient's payments, and which payments are taken off again. It moves no
// money: what it gives is what the books then say.
package allocation

import (
	"cmp"
	"slices"

	"medbill/models"
)

// Due is what a patient still owes of a charge and was asked for: by an invoice, or without one as a balance from before.
type Due struct {
	PatientID   models.PatientID
	InvoiceID   models.InvoiceID
	ChargeID    models.ChargeID
	CaseID      models.CaseID
	ServiceDate models.Date
	Amount      models.Cents
}

// Credit is what of a payment pays nothing yet. It pays what is due of the invoice First or of the case Visit before anything else, and nothing else as
// long as it waits for these.
type Credit struct {
	PaymentID models.PaymentID
	Amount    models.Cents
	First     models.InvoiceID
	Visit     models.CaseID
	Waits     bool
}

func (c Credit) isFor(d Due) bool {
	return c.First != "" && c.First == d.InvoiceID || c.Visit != "" && c.Visit == d.CaseID
}

// Spread gives what credits pay of what is due, in whole. Each pays what it is for first; then all that do not wait, in their order, pay the rest: invoice by invoice as they
// are given, and of each the oldest service first.
func Spread(credits []Credit, dues []Due) []models.Allocation {
	s := spread{dues: inOrder(dues), left: make([]models.Cents, len(credits))}
	for i, c := range credits {
		s.left[i] = c.Amount
		s.pay(i, c, c.isFor)
	}
	for i, c := range credits {
		if !c.Waits {
			s.pay(i, c, func(d Due) bool { return !c.isFor(d) })
		}
	}
	return s.shares
}

type spread struct {
	dues   []Due
	left   []models.Cents // of each credit
	shares []models.Allocation
}

// pay has the i-th credit pay those dues that it may.
func (s *spread) pay(i int, c Credit, may func(Due) bool) {
	for n := range s.dues {
		d := &s.dues[n]
		share := min(s.left[i], d.Amount)
		if share <= 0 || !may(*d) {
			continue
		}
		s.left[i] -= share
		d.Amount -= share
		s.shares = append(s.shares, models.Allocation{PaymentID: c.PaymentID, PatientID: d.PatientID, InvoiceID: d.InvoiceID, ChargeID: d.ChargeID, CaseID: d.CaseID, Amount: share})
	}
}

// inOrder gives dues invoice by invoice in the order in which these come first, and of each the oldest service first.
func inOrder(dues []Due) []Due {
	order := map[models.InvoiceID]int{}
	for i, d := range dues {
		if _, seen := order[d.InvoiceID]; !seen {
			order[d.InvoiceID] = i
		}
	}
	sorted := slices.Clone(dues)
	slices.SortStableFunc(sorted, func(a, b Due) int {
		return cmp.Or(cmp.Compare(order[a.InvoiceID], order[b.InvoiceID]), cmp.Compare(a.ServiceDate, b.ServiceDate))
	})
	return sorted
}

// TakeOff gives what payments are taken off charges, of which more was paid than is owed, the latest payment first. tooMuch is above zero by charge. payments are
// oldest first; what none of them paid is left out.
func TakeOff(payments []models.Payment, tooMuch map[models.ChargeID]models.Cents) []models.Allocation {
	left := map[models.ChargeID]models.Cents{}
	for id, amount := range tooMuch {
		left[id] = amount
	}
	var taken []models.Allocation
	for _, p := range slices.Backward(payments) {
		for _, a := range p.Allocations {
			share := min(a.Amount, left[a.ChargeID])
			if share <= 0 {
				continue
			}
			left[a.ChargeID] -= share
			a.Amount = share
			taken = append(taken, a)
		}
	}
	return taken
}

// Last gives those of what a payment pays that come to an amount, the last ones first; nothing for 0 or less.
func Last(paid []models.Allocation, amount models.Cents) []models.Allocation {
	var shares []models.Allocation
	for _, a := range slices.Backward(paid) {
		if a.Amount = min(a.Amount, amount); a.Amount > 0 {
			amount -= a.Amount
			shares = append(shares, a)
		}
	}
	return shares
}

// Sum gives what allocations come to.
func Sum(list []models.Allocation) (sum models.Cents) {
	for _, a := range list {
		sum += a.Amount
	}
	return sum
}

// Of gives those that are of a payment.
func Of(list []models.Allocation, id models.PaymentID) []models.Allocation {
	var own []models.Allocation
	for _, a := range list {
		if a.PaymentID == id {
			own = append(own, a)
		}
	}
	return own
}

// Moved gives a payment after some of it was allocated, or with a sign of -1 taken off again.
func Moved(p models.Payment, shares []models.Allocation, sign models.Cents) models.Payment {
	p.Allocations = slices.Clone(p.Allocations)
	for _, a := range shares {
		a.Amount *= sign
		p.Unapplied -= a.Amount
		same := func(b models.Allocation) bool { return b.ChargeID == a.ChargeID && b.InvoiceID == a.InvoiceID }
		if at := slices.IndexFunc(p.Allocations, same); at >= 0 {
			p.Allocations[at].Amount += a.Amount
		} else {
			p.Allocations = append(p.Allocations, a)
		}
	}
	p.Moves++
	return p
}
