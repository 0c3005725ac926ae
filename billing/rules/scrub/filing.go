package scrub

import (
	"medbill/internal/payers"
	"medbill/models"
)

const ruleFiling = "scrub.timely-filing"

// warnPercent is how much of the time to file may be over before the claim is told to be late.
const warnPercent = 80

// timelyFiling: a first claim comes to its payer within the payer's limit, counted from the first day of service (Medicare's is a
// calendar year: 42 CFR 424.44), one to a next payer within that payer's, counted from the answer before, and one that replaces or voids another one within that of corrected claims, where the payer has
// one.
func timelyFiling(s Subject) []models.Finding {
	subject, first, since := models.FilingLimit, firstDay(s), "it counts from the first day of service."
	_, isCorrected := s.Payers.Fact(s.Claim.InsurerID, models.CorrectedFilingLimit, "", first)
	switch {
	case isCorrection(s) && isCorrected:
		subject = models.CorrectedFilingLimit
	case s.Claim.Frequency == models.FrequencyVoid: // what no limit is known for
		return nil
	case isNext(s):
		subject, first, since = models.SecondaryFilingLimit, answeredBefore(s), "it counts from the answer of the payer before."
	}
	f, found := s.Payers.Fact(s.Claim.InsurerID, subject, "", first)
	term, ok := payers.TermOf(f.Value)
	if !found || !ok || first == "" || s.Today == "" {
		return nil
	}
	last := term.After(first)
	switch {
	case s.Today > last:
		return []models.Finding{from(f, unless(models.ForBiller, held(ruleFiling, "Claim.created",
			"The payer's time to file is over: "+since, "Where the payer takes a reason of the delay, override this with it.")))}
	case first.DaysUntil(s.Today)*100 >= first.DaysUntil(last)*warnPercent:
		return []models.Finding{from(f, noted(ruleFiling, "Claim.created",
			"Four fifths of the payer's time to file are over.", "Send the claim by "+string(last)+"."))}
	}
	return nil
}

// isCorrection reports whether a claim comes to its payer after another one.
func isCorrection(s Subject) bool {
	return s.Claim.Frequency == models.FrequencyReplace || s.Claim.Frequency == models.FrequencyVoid
}

// answeredBefore is the day of the last answer that a claim to a next payer names.
func answeredBefore(s Subject) models.Date {
	var last models.Date
	for _, p := range s.Claim.Prior {
		last = max(last, s.Answers[p.AnswerID].Effective)
	}
	return last
}

// firstDay is the first day of service of the claim's lines.
func firstDay(s Subject) models.Date {
	var first models.Date
	for _, day := range s.days() {
		if first == "" || day < first {
			first = day
		}
	}
	return first
}
