package payer

import (
	"slices"

	"medbill/models/money"
)

// account is whose money it is: a payer at one provider.
func (c *Claim) account() string { return c.Plan + "|" + c.Organization }

// paid keeps a remittance, and what it leaves to be kept from later ones.
func (s *state) paid(r *Remittance) {
	s.remittances = append(s.remittances, r)
	for _, key := range r.Letters {
		s.byKey[key].remitted = true
	}
	account := r.Plan + "|" + r.Organization
	s.closed[account] = max(s.closed[account], r.Day)
	for _, part := range r.Parts {
		if part.Code == interest {
			continue
		}
		owed := s.owed[account]
		if at := slices.IndexFunc(owed, func(o Owed) bool { return o.Code == part.Code && o.Reference == part.Reference }); at >= 0 {
			owed[at].Amount += part.Amount
		} else {
			owed = append(owed, part)
		}
		s.owed[account] = slices.DeleteFunc(owed, func(o Owed) bool { return o.Amount == 0 })
	}
}

// The codes of a remittance's own money (PLB03-1).
const (
	interest       = "L6"
	forwardBalance = "FB"
)

// closes makes the remittance of a payment whose day is over.
func (s *state) closes(letters []*Letter) *Remittance {
	c := s.claims[letters[0].Claim]
	r := &Remittance{Plan: c.Plan, Organization: c.Organization, Trace: letters[0].Trace, Day: letters[0].Day}
	sum := money.Cents(0)
	part := func(code, reference string, amount money.Cents) {
		r.Parts = append(r.Parts, Owed{code, reference, amount})
		sum += amount
	}
	for _, l := range letters {
		r.Letters = append(r.Letters, l.Key)
		sum += l.Answer.Paid()
	}
	for _, l := range letters {
		if l.Step.Interest != 0 {
			part(interest, "", l.Step.Interest)
		}
		if l.Step.Owed != "" {
			part(l.Step.Owed, l.Number, s.lessThan(letters, l))
		}
	}
	for _, o := range s.owed[c.account()] {
		if kept := min(o.Amount, sum); kept > 0 {
			part(o.Code, o.Reference, -kept)
		}
	}
	if sum < 0 {
		part(forwardBalance, r.Trace, -sum)
	}
	r.Amount = sum + letters[0].Step.Remit.Off
	return r
}

// lessThan gives by how much a correction pays less than what it corrects.
func (s *state) lessThan(letters []*Letter, correction *Letter) money.Cents {
	less := money.Cents(0)
	for _, l := range letters {
		if l.Claim == correction.Claim {
			less -= l.Answer.Paid()
		}
	}
	return less
}
