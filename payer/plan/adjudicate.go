package plan

import "medbill/models/money"

// The reasons that a judgement gives of itself.
var (
	overContract  = Reason{"CO", "45"}
	bundled       = Reason{"CO", "97"}
	late          = Reason{"CO", "29"}
	unauthorized  = Reason{"CO", "197"}
	sequestered   = Reason{"CO", "253"}
	deductible    = Reason{"PR", "1"}
	coinsurance   = Reason{"PR", "2"}
	copay         = Reason{"PR", "3"}
	otherPayer    = Reason{"OA", "23"}
	nobodyRefuses = Reason{}
)

const percentOfAll = 100

// Adjudicate judges a claim by the plan's prices and a member's terms. Every line comes to its charge: what is paid, and
// the adjustments. A claim that other payers answered is judged by what they left.
func Adjudicate(p Plan, t Terms, c Claim) Judgement {
	whole := refusal(t, c)
	j := Judgement{Remarks: t.Remarks}
	left := share{terms: t, copay: t.Copay, deductible: max(t.Deductible-c.Used.Deductible, 0), outOfPocket: max(t.OutOfPocket-c.Used.OutOfPocket, 0)}
	for _, l := range c.Lines {
		switch prior, answered := c.Prior[l.Number]; {
		case whole != nobodyRefuses:
			j.Lines = append(j.Lines, refused(l, whole))
		case c.Prior != nil && answered:
			j.Lines = append(j.Lines, left.second(l, prior))
		default:
			j.Lines = append(j.Lines, left.first(p, l))
		}
	}
	return j
}

// refusal gives why a whole claim is refused.
func refusal(t Terms, c Claim) Reason {
	switch {
	case t.Refused != nobodyRefuses:
		return t.Refused
	case t.FilingDays > 0 && c.Serviced.AddDate(0, 0, t.FilingDays).Before(c.Received):
		return late
	case t.Authorization && !c.Authorized:
		return unauthorized
	}
	return nobodyRefuses
}

func refused(l Line, why Reason) Judged {
	j := Judged{Number: l.Number, Charge: l.Charge}
	j.adjust(why, l.Charge)
	return j
}

// adjust notes an amount that is not paid; nothing is noted of nothing.
func (j *Judged) adjust(why Reason, amount money.Cents) {
	if amount != 0 {
		j.Adjustments = append(j.Adjustments, Adjustment{why.Group, why.Code, amount})
	}
}

// share is what is left of the member's part, from line to line.
type share struct {
	terms                          Terms
	copay, deductible, outOfPocket money.Cents
}

// take gives what the member pays of an amount that it owes, within its limit.
func (s *share) take(amount money.Cents) money.Cents {
	if s.terms.OutOfPocket > 0 {
		amount = min(amount, s.outOfPocket)
		s.outOfPocket -= amount
	}
	return amount
}

// first judges a line as the first payer.
func (s *share) first(p Plan, l Line) Judged {
	if why, found := s.terms.RefusedLines[l.Code]; found {
		return refused(l, why)
	}
	if p.Bundled[l.Code] && !s.terms.InFull {
		return refused(l, bundled)
	}
	j := Judged{Number: l.Number, Charge: l.Charge, Allowed: s.allowed(p, l)}
	j.adjust(overContract, l.Charge-j.Allowed)
	rest := j.Allowed
	for _, part := range []struct {
		why  Reason
		owed func() money.Cents
	}{
		{copay, func() money.Cents { return min(s.copay, rest) }},
		{deductible, func() money.Cents { return min(s.deductible, rest) }},
		{coinsurance, func() money.Cents { return money.Scale(rest, s.terms.Coinsurance, percentOfAll) }},
	} {
		owed := part.owed()
		switch part.why {
		case copay:
			s.copay -= owed
		case deductible:
			s.deductible -= owed
		}
		owed = s.take(owed)
		j.adjust(part.why, owed)
		rest -= owed
	}
	kept := money.Scale(rest, s.terms.Sequestration, percentOfAll)
	j.adjust(sequestered, kept)
	j.Paid = rest - kept
	return j
}

// allowed gives what the contract allows for a line, never more than its charge.
func (s *share) allowed(p Plan, l Line) money.Cents {
	if s.terms.InFull {
		return l.Charge
	}
	each, found := s.terms.Allowed[l.Code]
	if !found {
		each, found = p.Allowed[l.Code]
	}
	if !found {
		return money.Scale(l.Charge, p.Other, percentOfAll)
	}
	return min(each*money.Cents(l.Units), l.Charge)
}

// second judges a line by what the payers before left to the patient: that is paid but for a copay, and the rest is theirs.
func (s *share) second(l Line, prior Prior) Judged {
	left := max(min(prior.Patient, l.Charge), 0)
	own := s.take(min(s.copay, left))
	s.copay -= own
	j := Judged{Number: l.Number, Charge: l.Charge, Allowed: max(min(prior.Paid, l.Charge-left), 0) + left, Paid: left - own}
	if s.terms.Misreports {
		j.adjust(overContract, l.Charge-j.Paid)
		return j
	}
	j.adjust(otherPayer, l.Charge-left)
	j.adjust(copay, own)
	return j
}
