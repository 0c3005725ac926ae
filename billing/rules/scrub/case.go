package scrub

import "medbill/models"

const (
	ruleCase   = "scrub.case"
	rulePayer  = "scrub.payer"
	ruleStated = "scrub.stated-price"
)

// holdOfCase keeps a claim back while something about its case is open.
func holdOfCase(s Subject) []models.Finding {
	if s.Hold == "" {
		return nil
	}
	return []models.Finding{held(ruleCase, "Claim", s.Hold, "Work the open item of its case.")}
}

// payerOfClaim: the claim goes to the payer of its coverage, for the patient that the coverage covers.
func payerOfClaim(s Subject) []models.Finding {
	var findings []models.Finding
	if s.Coverage.ID != "" && s.Claim.InsurerID != "" && s.Coverage.PayerID != s.Claim.InsurerID {
		findings = append(findings, held(rulePayer, "Claim.insurer", "The payer is another one than the coverage names.", "Correct the claim's insurer or Coverage.payor."))
	}
	if s.Coverage.ID != "" && s.Coverage.PatientID != s.Claim.PatientID {
		findings = append(findings, held(rulePayer, "Claim.insurance[0].coverage", "The coverage is another patient's.", "Name a coverage of the patient."))
	}
	return findings
}

// stated: the fee schedule counts where the sender of a charge asked for another amount.
func stated(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		if asked := s.Charges[line.ChargeID].Stated; asked != nil && *asked != line.Billed {
			findings = append(findings, noted(ruleStated, item(i, "net"),
				"The sender of the charge asked for another amount; the fee schedule's price is billed.", "Correct ChargeItem.priceOverride or the fee schedule."))
		}
	}
	return findings
}
