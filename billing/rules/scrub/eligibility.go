package scrub

import (
	"slices"

	"medbill/models"
)

const ruleEligibility = "scrub.eligibility"

// eligibilities: the payer, where it was asked about the plan, says that it is in force on every day of service.
func eligibilities(s Subject) []models.Finding {
	isOver := func(day models.Date) bool {
		return slices.ContainsFunc(s.Coverage.Checks, func(c models.CoverageCheck) bool { return c.ActiveOn(day) == models.No })
	}
	if !slices.ContainsFunc(s.days(), isOver) {
		return nil
	}
	return []models.Finding{unless(models.ForBiller, held(ruleEligibility, "Claim.insurance[0].coverage", "The payer says that the plan is not in force on the day of service.",
		"Find the plan that was and register it, or ask the payer again; where it is wrong, override this with what it said."))}
}
