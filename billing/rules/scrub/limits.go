package scrub

import (
	"fmt"
	"slices"

	"medbill/models"
)

const ruleLimits = "scrub.limits"

// unitsMax is what payers take in SV104.
const unitsMax = 9999 * models.OneUnit

// limits: X12 005010X222A1, loop 2400 (50 lines), CLM01, SV101 (four modifiers), SV104; 005010X223A2, loop 2400 (999 lines), SV202, SV205.
func limits(s Subject) []models.Finding {
	var findings []models.Finding
	if len(s.Claim.Number) > models.ClaimNumberMax {
		findings = append(findings, held(ruleLimits, "Claim.identifier[0]",
			"The claim number has more than twenty characters.", "Give the claim a shorter number."))
	}
	if most := s.Claim.Type.Facts().LinesMax; len(s.Claim.Lines) > most {
		findings = append(findings, held(ruleLimits, "Claim.item", fmt.Sprintf("The claim has more than %d lines.", most), "Split the claim."))
	}
	for i, line := range s.Claim.Lines {
		if line.Units <= 0 || line.Units > unitsMax {
			findings = append(findings, held(ruleLimits, item(i, "quantity"), "The units are not between 0 and 9999.", "Correct the units."))
		}
		if !line.Units.CountsWhole(line.System, line.Code) {
			findings = append(findings, held(ruleLimits, item(i, "quantity"),
				"The units have a fraction that the code does not take.", "State whole units of the code; an ambulance's miles have tenths."))
		}
		if len(line.Modifiers) > models.LineModifiersMax {
			findings = append(findings, held(ruleLimits, item(i, "modifier"),
				"The line has more than four modifiers.", "Leave out the modifiers that do not change the payment."))
		}
		for m, modifier := range line.Modifiers {
			if slices.Contains(line.Modifiers[:m], modifier) {
				path := item(i, fmt.Sprintf("modifier[%d]", m))
				findings = append(findings, held(ruleLimits, path, "The modifier stands on this line before.", "Leave the modifier out."))
			}
		}
	}
	return findings
}
