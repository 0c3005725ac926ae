package scrub

import (
	"slices"

	"medbill/internal/payers"
	"medbill/models"
)

const ruleTelehealth = "scrub.telehealth"

var (
	distantPlaces    = []string{"02", "10"}
	distantModifiers = []string{"93", "95", "FQ", "GQ", "GT"}
)

// isDistant reports whether anything of the claim was done at a distance.
func isDistant(s Subject) bool {
	return slices.ContainsFunc(s.Claim.Lines, func(l models.ClaimLine) bool { return isDistantLine(s, l) })
}

func isDistantLine(s Subject, line models.ClaimLine) bool {
	return slices.Contains(distantPlaces, s.Claim.PlaceOfService) ||
		slices.ContainsFunc(line.Modifiers, func(m string) bool { return slices.Contains(distantModifiers, m) })
}

// telehealth: a service at a distance is on the payer's list, with the modifier and place that the payer wants. A payer of whom no
// list is known says nothing. CMS Pub. 100-04, chapter 12, 190.
func telehealth(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		if line.ServiceDate == "" || !isDistantLine(s, line) || !s.Payers.Speaks(s.Claim.InsurerID, models.Telehealth, line.ServiceDate) {
			continue
		}
		f, found := s.Payers.Fact(s.Claim.InsurerID, models.Telehealth, line.Code, line.ServiceDate)
		pairs, _ := payers.Pairs(f.Value)
		if !found || len(pairs) == 0 {
			f.PayerID, f.Subject = s.Claim.InsurerID, models.Telehealth
			findings = append(findings, from(f, held(ruleTelehealth, item(i, "productOrService"), "The payer does not take the service at a distance.", "Correct the place and modifiers, or the code.")))
			continue
		}
		fits := func(p payers.Pair) bool {
			return p.Place == s.Claim.PlaceOfService && (p.Modifier == "" || slices.Contains(line.Modifiers, p.Modifier))
		}
		if !slices.ContainsFunc(pairs, fits) {
			findings = append(findings, from(f, held(ruleTelehealth, item(i, "modifier"), "The payer does not take the service at a distance with this place and these modifiers.", "Write it as the payer wants it: "+f.Value+".")))
		}
	}
	return findings
}
