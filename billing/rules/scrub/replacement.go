package scrub

import "medbill/models"

const ruleReplacement = "scrub.replacement"

// replacements hold a claim that comes after another one until it says how the payer knows that one. Payer, form and practice are the first one's.
func replacements(s Subject) []models.Finding {
	if !s.Claim.IsCorrection() || s.Claim.Frequency == models.FrequencyAnew || s.Claim.PayerNumber != "" {
		return nil
	}
	return []models.Finding{held(ruleReplacement, "Claim.related", "The payer's answer to the claim before gave no number by which the payer knows it.", "Have the payer send its answer with its number.")}
}

// Void gives what holds a claim that voids another one: it repeats what the payer has, so nothing else of it is looked at but whether it comes in time.
func Void(s Subject) []models.Finding {
	return marked(s.Claim, append(replacements(s), timelyFiling(s)...))
}
