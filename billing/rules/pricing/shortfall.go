package pricing

import (
	"slices"

	"medbill/models"
	"medbill/models/money"
)

// Settled is what payers allowed of a line so far.
type Settled struct {
	Sequence int
	Allowed  models.Cents
	IsDenied bool // nothing is allowed, for another reason than the payer's rate
}

// What an adjustment may be for that leaves a line allowed as it is: the payer's rate, sequestration, what earlier payers did.
// https://x12.org/codes/claim-adjustment-reason-codes
const (
	reasonRate          = "45"
	reasonSequestration = "253"
	reasonEarlier       = "23"
	groupPatient        = "PR"
)

// SettledBy reads what a payer allowed of each line that its answer judges: to a first payer's answer as it states it (X12 AMT*B6), else what it
// paid, what it leaves to the patient and what sequestration takes of its payment. For a next payer's, paid is what the payers before it
// paid of each charge, and what they allowed together is that, its own payment and what it leaves; nil for a first payer's.
func SettledBy(a models.Answer, paid map[models.ChargeID]models.Cents) []Settled {
	list := make([]Settled, len(a.Lines))
	for i, l := range a.Lines {
		one := Settled{Sequence: l.LineSequence, Allowed: l.Paid + paid[l.ChargeID]}
		otherwise := false
		for _, adjustment := range a.Adjustments {
			switch {
			case adjustment.LineSequence != l.LineSequence || adjustment.Amount == 0:
			case adjustment.GroupCode == groupPatient, adjustment.ReasonCode == reasonSequestration:
				one.Allowed += adjustment.Amount
			case adjustment.ReasonCode != reasonRate && adjustment.ReasonCode != reasonEarlier:
				otherwise = true
			}
		}
		if paid == nil && l.Allowed != nil {
			one.Allowed = *l.Allowed
		}
		one.IsDenied = one.Allowed == 0 && otherwise
		list[i] = one
	}
	return list
}

// Short is a line of which less was allowed than is expected.
type Short struct {
	Sequence          int // 0 for all lines of a rate for the whole claim
	Expected, Allowed models.Cents
}

// Amount is what is missing.
func (s Short) Amount() models.Cents { return s.Expected - s.Allowed }

// Shortfall gives the lines that an answer allows less of than is expected, beyond what the contract tolerates. A line that is denied, or of
// which nothing is expected to be known, is none: the answer says why, and the contract does not. Lines of a rate for the whole claim are compared together, once all
// of them are settled and none is denied.
func Shortfall(e models.Expected, c models.Contract, settled []Settled) []Short {
	var short []Short
	whole, isWhole := Short{}, true
	for _, l := range e.Lines {
		at := slices.IndexFunc(settled, func(s Settled) bool { return s.Sequence == l.Sequence })
		isCompared := l.IsKnown && l.ContractID == c.ID && at >= 0 && !settled[at].IsDenied
		switch {
		case l.OfClaim && l.ContractID == c.ID:
			if isWhole = isWhole && isCompared; isWhole {
				whole.Expected += l.Allowed
				whole.Allowed += settled[at].Allowed
			}
		case isCompared:
			short = append(short, Short{l.Sequence, l.Allowed, settled[at].Allowed})
		}
	}
	if isWhole {
		short = append(short, whole)
	}
	return slices.DeleteFunc(short, func(s Short) bool { return s.Amount() <= tolerated(c, s.Expected) })
}

// tolerated is how much may be missing: the larger of the contract's amount and its share.
func tolerated(c models.Contract, expected models.Cents) models.Cents {
	return max(c.Tolerance, money.Scale(expected, int64(c.ToleranceShare), tenThousand))
}
