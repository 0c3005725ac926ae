package scrub

import (
	"fmt"

	"medbill/models"
)

const ruleOrder = "scrub.coordination"

// coordination holds a claim to a next payer that does not add up with what the payers before said: what it bills is what each of them paid and took off, and
// the answers that it names are those that count.
func coordination(s Subject) []models.Finding {
	var findings []models.Finding
	type sums struct {
		first             int // of the plan's entries in Claim.insurance
		billed, explained models.Cents
	}
	byPlan := map[models.CoverageID]*sums{}
	var plans []models.CoverageID
	for i, p := range s.Claim.Prior {
		a, known := s.Answers[p.AnswerID]
		if !known || !a.Judges() {
			findings = append(findings, held(ruleOrder, insurance(i), "The answer of the payer before does not count any more, or is not in the books.", "Have the claim made again: validate it once the payer before has answered."))
			continue
		}
		plan := byPlan[p.CoverageID]
		if plan == nil {
			plan = &sums{first: i}
			byPlan[p.CoverageID], plans = plan, append(plans, p.CoverageID)
		}
		plan.billed += a.Billed
		plan.explained += a.Paid
		for _, one := range a.Adjustments {
			plan.explained += one.Amount
		}
	}
	for _, id := range plans {
		if plan := byPlan[id]; plan.billed != s.Claim.Billed || plan.explained != s.Claim.Billed {
			findings = append(findings, held(ruleOrder, insurance(plan.first), "What the payer before paid and took off is not what the claim bills.", "Have the payer before correct its answer, or bill what it judged."))
		}
	}
	return findings
}

func insurance(i int) string { return fmt.Sprintf("Claim.insurance[%d].claimResponse", i) }
