package front

import (
	"slices"
	"time"

	"medbill/billing/desk"
	"medbill/billing/rules/eligibility"
	"medbill/internal/payers"
	"medbill/internal/store/books"
	"medbill/models"
)

// answerWait is how long a claim waits for what its payer says about the plan.
const answerWait = models.Instant(10 * time.Minute / time.Microsecond)

// Verify asks the payers of a case about its plans before their claims go out, where what they said last is too old to go by. It gives until when the case waits for their answers, 0 where it does not: nobody is
// asked, all of them answered, or their time is over.
func Verify(s *desk.Sheet, c models.Case) (until models.Instant, err error) {
	if c.ServiceDate == "" || c.State == models.CaseNotOurs || c.State == models.CaseVoided {
		return 0, nil
	}
	claims, err := books.ClaimsOfCase(s.View, c.ID)
	if err != nil || slices.ContainsFunc(claims, func(o models.Claim) bool { return o.State.Facts().PayerSees }) {
		return 0, err
	}
	whose, err := s.Payers(c.PatientID)
	if err != nil {
		return 0, err
	}
	for _, plan := range whose.Order(c.ServiceDate) {
		isFresh, err := fresh(s, plan)
		if err != nil {
			return 0, err
		}
		if isFresh {
			continue
		}
		check, isAsked, err := Ask(s, Question{Coverage: plan, Service: models.ServiceAny, Day: c.ServiceDate, Cause: string(c.ID)})
		if err != nil {
			return 0, err
		}
		if isAsked && check.State == models.CheckAsked {
			until = max(until, check.DueAt-patience+answerWait)
		}
	}
	if until <= s.Now() {
		return 0, nil
	}
	return until, nil
}

// fresh reports whether what the payer of a plan said last is gone by still.
func fresh(s *desk.Sheet, plan models.Coverage) (bool, error) {
	if len(plan.Checks) == 0 {
		return false, nil
	}
	book, err := s.PayerBook()
	if err != nil {
		return false, err
	}
	term := payers.Term{Days: eligibility.DaysUsual}
	if fact, known := book.Fact(plan.PayerID, models.EligibilityDays, "", s.Today()); known {
		if own, ok := payers.TermOf(fact.Value); ok {
			term = own
		}
	}
	return slices.ContainsFunc(plan.Checks, func(c models.CoverageCheck) bool {
		return c.Service == models.ServiceAny && eligibility.IsFresh(c.Asked, s.Today(), term.After(c.Asked))
	}), nil
}
