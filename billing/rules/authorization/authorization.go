// Package authorization says what requests to payers for authorization come to: how a request stands once its payer answered, which of them allow the lines of a claim, and until when a payer has to decide.
package authorization

import (
	"slices"

	"medbill/models"
)

// Reviewed gives a request as its payer's answer leaves it, with the services that the payer adds, which have the sequence 0. What the answer says nothing of stays as it was.
func Reviewed(a models.Authorization, r models.Review) models.Authorization {
	a.ResponseID = r.ID
	a.Services = slices.DeleteFunc(slices.Clone(a.Services), func(s models.AuthorizedService) bool { return s.Sequence == 0 })
	for i := range a.Services {
		if r.All.Action != "" {
			a.Services[i] = reviewed(a.Services[i], r.All)
		}
		for _, said := range r.Services {
			if said.Sequence == a.Services[i].Sequence {
				a.Services[i] = reviewed(a.Services[i], said)
			}
		}
	}
	for _, added := range r.Services {
		if added.Sequence == 0 {
			a.Services = append(a.Services, added)
		}
	}
	a.State = standing(a.Services)
	return a
}

func reviewed(s, said models.AuthorizedService) models.AuthorizedService {
	s.Action, s.Number, s.Reason = said.Action, said.Number, said.Reason
	if said.Code != "" {
		s.Code = said.Code
	}
	if said.Units != 0 {
		s.Units = said.Units
	}
	if said.Days != (models.Span{}) {
		s.Days = said.Days
	}
	return s
}

// standing gives what the actions come to together: as long as one is open, the payer has not decided.
func standing(services []models.AuthorizedService) models.AuthorizationState {
	count := func(is func(models.ReviewAction) bool) (n int) {
		for _, s := range services {
			if is(s.Action) {
				n++
			}
		}
		return n
	}
	whole := func(r models.ReviewAction) bool {
		return r == models.ReviewCertified || r == models.ReviewNeedless
	}
	open := func(r models.ReviewAction) bool {
		return r == "" || r == models.ReviewPended || r == models.ReviewCall
	}
	switch all := len(services); {
	case count(open) > 0:
		return models.AuthorizationPended
	case count(func(r models.ReviewAction) bool { return r == models.ReviewCancelled }) == all:
		return models.AuthorizationDropped
	case count(whole) == all:
		return models.AuthorizationApproved
	case count(models.ReviewAction.Allows) > 0:
		return models.AuthorizationPartly
	}
	return models.AuthorizationDenied
}

// Verdict is what is known of the authorization of one line of a claim.
type Verdict string

// The verdicts.
const (
	None    Verdict = "none"    // nobody asked for it
	Allowed Verdict = "allowed" // the payer allows it, or wants no request
	Exceeds Verdict = "exceeds" // it is done more often than the payer allows
	Waits   Verdict = "waits"   // the payer was asked and has not decided
	Refused Verdict = "refused" // the payer was asked and does not allow it
)

// Line says how the line of a claim with an index stands by the requests of its patient, and why it is refused where its payer says so. Numbers that a person gave for the claim, or its front end, count for
// all of its lines.
func Line(list []models.Authorization, c models.Claim, i int) (verdict Verdict, reason string) {
	if len(c.Authorized) > 0 {
		return Allowed, ""
	}
	verdict = None
	each(list, c, i, func(a models.Authorization, s models.AuthorizedService) {
		switch {
		case s.Action == models.ReviewNeedless, s.Action.Allows() && (s.Units == 0 || count(c, s) <= s.Units):
			verdict = Allowed
		case verdict == Allowed:
		case s.Action.Allows():
			verdict = Exceeds
		case verdict == Exceeds:
		case !a.State.IsDecided() || s.Action == models.ReviewPended || s.Action == models.ReviewCall:
			verdict = Waits
		case verdict != Waits:
			verdict, reason = Refused, s.Reason
		}
	})
	return verdict, reason
}

// Numbers gives those that go out with a claim: what a person gave for it, else those of the authorizations that allow its lines, in their order.
func Numbers(list []models.Authorization, c models.Claim) models.Codes {
	if len(c.Authorized) > 0 {
		return slices.Clone(c.Authorized)
	}
	var numbers models.Codes
	for i := range c.Lines {
		each(list, c, i, func(_ models.Authorization, s models.AuthorizedService) {
			if s.Action.Allows() && s.Number != "" && !slices.Contains(numbers, s.Number) {
				numbers = append(numbers, s.Number)
			}
		})
	}
	return numbers
}

// About gives the requests that are about a line of a claim, each once.
func About(list []models.Authorization, c models.Claim) []models.ClaimID {
	var ids []models.ClaimID
	for i := range c.Lines {
		each(list, c, i, func(a models.Authorization, _ models.AuthorizedService) {
			if !slices.Contains(ids, a.ID) {
				ids = append(ids, a.ID)
			}
		})
	}
	return ids
}

// each calls do with every service of a request to the claim's payer that is the one of a line.
func each(list []models.Authorization, c models.Claim, i int, do func(models.Authorization, models.AuthorizedService)) {
	line := c.Lines[i]
	for _, a := range list {
		if a.PayerID != c.InsurerID || a.State == models.AuthorizationDropped {
			continue
		}
		for _, s := range a.Services {
			if s.IsAbout(line.Code, dayOf(c, line)) {
				do(a, s)
			}
		}
	}
}

// dayOf gives the day of a line; those of a stay have none of their own.
func dayOf(c models.Claim, line models.ClaimLine) models.Date {
	if line.ServiceDate == "" {
		return c.ServiceFrom
	}
	return line.ServiceDate
}

// count gives how often the claim has a service.
func count(c models.Claim, s models.AuthorizedService) (units models.Units) {
	for _, line := range c.Lines {
		if s.IsAbout(line.Code, dayOf(c, line)) {
			units += line.Count()
		}
	}
	return units
}

// How many days a payer has to decide. 42 CFR 422.568(b)(1), 422.572(a): seven days, and 72 hours where it is urgent, since 1 January 2026.
const (
	daysUsual  = 7
	daysUrgent = 3
)

// Decides gives the day until which a payer has to decide what it was asked for on a day.
func Decides(asked models.Date, isUrgent bool) models.Date {
	if isUrgent {
		return asked.AddDays(daysUrgent)
	}
	return asked.AddDays(daysUsual)
}
