package scrub

import (
	"fmt"
	"slices"

	"medbill/internal/codes"
	"medbill/models"
)

const (
	ruleModifier  = "scrub.modifier"
	ruleComponent = "scrub.component"
	ruleBilateral = "scrub.bilateral"
)

// modifiers: each is one of the set, and none contradicts another. Modifiers that are numbers belong to CPT, which is its licensee's.
func modifiers(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		if content, r, ok := look[*codes.Concepts](s, codes.Modifiers, line.ServiceDate); ok && r.Complete {
			for m, modifier := range line.Modifiers {
				if _, found := content.Find(modifier); !found && !isLevelOne(modifier) {
					findings = append(findings, by(r, held(ruleModifier, item(i, fmt.Sprintf("modifier[%d]", m)), "The modifier is no HCPCS modifier.", "Correct it, or leave it out.")))
				}
			}
		}
		has := func(modifier string) bool { return slices.Contains(line.Modifiers, modifier) }
		path := item(i, "modifier")
		switch {
		case has("26") && has("TC"):
			findings = append(findings, held(ruleModifier, path, "The professional and the technical component stand on one line.", "Leave both out for the whole service, or keep the one that was done."))
		case has("50") && (has("LT") || has("RT")):
			findings = append(findings, held(ruleModifier, path, "A bilateral service names a side as well.", "Keep 50, or the side."))
		}
		if (has("25") || has("57")) && !isEvaluation(line.Code) {
			findings = append(findings, noted(ruleModifier, path, "25 and 57 belong on an evaluation and management service.", "Move the modifier to that service."))
		}
	}
	return findings
}

// isEvaluation reports whether a code is an evaluation and management service: CPT 99202 to 99499, the eye examinations, and the visits
// that Medicare has codes of its own for.
func isEvaluation(code string) bool {
	return len(code) == 5 && "99202" <= code && code <= "99499" ||
		slices.Contains([]string{"92002", "92004", "92012", "92014", "G0402", "G0438", "G0439", "G0463"}, code)
}

// components: 26 and TC stand on services that have components. https://www.cms.gov (MPFS, PC/TC indicator)
func components(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		fees, r, ok := look[*codes.Schedule](s, codes.Fees, line.ServiceDate)
		if !ok {
			continue
		}
		fee, found := fees.Of(line.Code, nil)
		if !found {
			continue
		}
		if slices.Contains(line.Modifiers, "TC") && fee.Components != '1' || slices.Contains(line.Modifiers, "26") && fee.Components != '1' && fee.Components != '6' {
			findings = append(findings, by(r, noted(ruleComponent, item(i, "modifier"), "The service has no such component in the Medicare fee schedule.", "Leave the modifier out, or bill the code of the component.")))
		}
	}
	return findings
}

// bilateral: 50 stands on one unit of a service that can be done on both sides. (MPFS, bilateral indicator)
func bilateral(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		if !slices.Contains(line.Modifiers, "50") {
			continue
		}
		if line.Count() != models.OneUnit {
			findings = append(findings, noted(ruleBilateral, item(i, "quantity"), "A bilateral service is one unit.", "Bill one unit with the modifier 50."))
		}
		fees, r, ok := look[*codes.Schedule](s, codes.Fees, line.ServiceDate)
		if !ok {
			continue
		}
		if fee, found := fees.Of(line.Code, line.Modifiers); found && (fee.Bilateral == '0' || fee.Bilateral == '2' || fee.Bilateral == '9') {
			findings = append(findings, by(r, noted(ruleBilateral, item(i, "modifier"), "The Medicare fee schedule does not know the service as one that is done on both sides.", "Leave 50 out.")))
		}
	}
	return findings
}
