package scrub

import "medbill/models"

const ruleUnderbilled = "scrub.underbilled"

// underbilled warns of a line that asks for less than the contract with its payer allows, which pays no more than is asked; of a rate for the whole claim all of it is looked at.
func underbilled(s Subject) []models.Finding {
	const remedy = "Raise the price in the fee schedule; what is sent asks for less than the payer would pay."
	var findings []models.Finding
	var agreed, billed models.Cents
	for i, line := range s.Claim.Lines {
		for _, l := range s.Expected.Lines {
			switch {
			case l.Sequence != line.Sequence || !l.IsKnown:
			case l.OfClaim:
				agreed, billed = agreed+l.Agreed, billed+line.Billed
			case l.Agreed > line.Billed:
				findings = append(findings, noted(ruleUnderbilled, item(i, "net"), "The charge is below what the contract with the payer allows.", remedy))
			}
		}
	}
	if agreed > billed {
		findings = append(findings, noted(ruleUnderbilled, "Claim.total", "The claim charges less than the contract with the payer allows for all of it.", remedy))
	}
	return findings
}
