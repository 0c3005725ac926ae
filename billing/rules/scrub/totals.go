package scrub

import "medbill/models"

const ruleTotals = "scrub.totals"

// totals: X12 005010X222A1, CLM02 is the sum of SV102. A line of 0.00 is billed every day: no-charge vaccines, category
// II codes, 99024.
func totals(s Subject) []models.Finding {
	var findings []models.Finding
	var sum models.Cents
	for i, line := range s.Claim.Lines {
		sum += line.Billed
		if line.Billed < 0 {
			findings = append(findings, held(ruleTotals, item(i, "net"), "The line bills less than nothing.", "Correct the service's price."))
		}
	}
	if s.Claim.Billed != sum {
		findings = append(findings, held(ruleTotals, "Claim.total", "The claim's total is not the sum of its lines.", "Correct the total or the lines."))
	}
	return findings
}
