package scrub

import (
	"medbill/internal/payers"
	"medbill/models"
)

const (
	ruleMinutes = "scrub.minutes"
	ruleDrug    = "scrub.drug"
)

// minutes: anaesthesia is counted in minutes and nothing else is, so that no time is taken for units, or units for time.
func minutes(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		isTimed := models.IsAnaesthesia(line.System, line.Code)
		switch {
		case isTimed && line.Measure != models.InMinutes:
			findings = append(findings, held(ruleMinutes, item(i, "quantity"), "Anaesthesia is counted in minutes, and the line counts units.", "State the minutes as the quantity, with the UCUM code min."))
		case !isTimed && line.Measure == models.InMinutes:
			findings = append(findings, held(ruleMinutes, item(i, "quantity"), "The line counts minutes, and its code is no anaesthesia.", "State how many units of the code the time makes."))
		}
	}
	return findings
}

// drugs: a drug goes with how much of it was given, and stands where the payer wants it.
func drugs(s Subject) []models.Finding {
	const remedy = "Name the drug by its National Drug Code, and how much of it was given."
	var findings []models.Finding
	wanted := map[int]bool{}
	facts(s, models.DrugRequired, func(i int, line models.ClaimLine, f models.PayerFact) {
		if f.Value == payers.Yes && line.Drug.Quantity == 0 {
			wanted[i] = true
			findings = append(findings, from(f, held(ruleDrug, item(i, "detail"), "The payer wants to know which drug was given and how much of it.", remedy)))
		}
	})
	for i, line := range s.Claim.Lines {
		if line.Drug != (models.Drug{}) && line.Drug.Quantity == 0 && !wanted[i] {
			findings = append(findings, noted(ruleDrug, item(i, "detail"), "The line names a drug and not how much of it was given.", remedy))
		}
	}
	return findings
}
