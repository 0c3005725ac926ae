package scrub

import (
	"slices"

	"medbill/internal/codes"
	"medbill/models"
)

const ruleGlobal = "scrub.global-period"

// globalPeriod is how many days before and after an operation belong to it.
type globalPeriod struct{ before, after int }

// globalPeriods are those of the fee schedule's global days that say how long one is. XXX has none, MMM is maternity care with rules of
// its own, YYY is the payer's to say, and ZZZ has that of the service it is added to. CMS Pub. 100-04, chapter 12, 40.1
var globalPeriods = map[string]globalPeriod{"000": {0, 0}, "010": {0, 10}, "090": {1, 90}}

// globalOfAnother are the global days of a service that has those of the one it is added to.
const globalOfAnother = "ZZZ"

// globalAfterMax and globalBeforeMax are those of the longest period.
const (
	globalAfterMax  = 90
	globalBeforeMax = 1
)

// Modifiers that say why a service is not part of an operation's period, and those under which what follows the operation is another
// one's or was never this one's. CMS Pub. 100-04, chapter 12, 40.2, 40.4
var (
	decidingModifiers = []string{"25", "57", "FT"} // an evaluation apart from the operation, or that led to it
	unrelatedVisit    = []string{"24", "FT"}
	laterProcedure    = []string{"58", "78", "79"}
	withoutAftercare  = []string{"54", "56", "80", "81", "82", "AS"}
)

// globals: what the same provider does within the global period of an operation is paid with it, unless a modifier says why not. The
// period is that of the release that holds on the day of the later service.
func globals(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		fees, r, ok := look[*codes.Schedule](s, codes.Fees, line.ServiceDate)
		if !ok {
			continue
		}
		days := models.Span{From: line.ServiceDate.AddDays(-globalAfterMax), Until: line.ServiceDate.AddDays(globalBeforeMax)}
		for _, operation := range s.doneIn(days, line) {
			if operation.at == i {
				continue
			}
			if f, found := withinPeriod(fees, operation.ClaimLine, line); found {
				f.Path, f.Position = item(i, "modifier"), "2400 SV101-3"
				findings = append(findings, by(r, f))
				break
			}
		}
	}
	return findings
}

// withinPeriod judges a service by an operation of the same provider.
func withinPeriod(fees *codes.Schedule, operation, line models.ClaimLine) (models.Finding, bool) {
	fee, _ := fees.Of(operation.Code, operation.Modifiers)
	period, found := globalPeriods[fee.Global]
	if !found || isEvaluation(operation.Code) {
		return models.Finding{}, false
	}
	if hasOne(operation, withoutAftercare) {
		period.after = 0
	}
	day := operation.ServiceDate
	around := models.Span{From: day.AddDays(-period.before), Until: day}
	after := models.Span{From: day.AddDays(1), Until: day.AddDays(period.after)}
	own, _ := fees.Of(line.Code, line.Modifiers)
	_, isProcedure := globalPeriods[own.Global]
	switch {
	case isEvaluation(line.Code) && around.Contains(line.ServiceDate) && !hasOne(line, decidingModifiers):
		return noted(ruleGlobal, "", "The visit belongs to an operation that the same provider did on that day or the next, unless a modifier says why it stands apart.",
			"Leave the visit out, or add the modifier that the record supports: 25, or 57 where the visit led to an operation with 90 days."), true
	case isEvaluation(line.Code) && period.after > 0 && after.Contains(line.ServiceDate) && !hasOne(line, unrelatedVisit):
		return noted(ruleGlobal, "", "The visit lies in the global period of an operation by the same provider and is paid with it.",
			"Leave the visit out, or add 24 where the record shows that it has nothing to do with the operation."), true
	case !isEvaluation(line.Code) && isProcedure && period.after > 0 && after.Contains(line.ServiceDate) && !hasOne(line, laterProcedure):
		return noted(ruleGlobal, "", "The procedure lies in the global period of an operation by the same provider.",
			"Add 58 where it was planned, 78 where the patient came back for it, 79 where it has nothing to do with the operation."), true
	}
	return models.Finding{}, false
}

// hasOne reports whether a line has one of the modifiers.
func hasOne(line models.ClaimLine, modifiers []string) bool {
	return slices.ContainsFunc(line.Modifiers, func(m string) bool { return slices.Contains(modifiers, m) })
}
