package scrub

import (
	"fmt"

	"medbill/models"
)

const ruleNPI = "scrub.npi"

// npi looks at those NPIs that are there; a missing one is for the required data.
func npi(s Subject) []models.Finding {
	const remedy = "Compare it with the NPI registry and correct it."
	var findings []models.Finding
	if s.Billing.NPI != "" && !models.IsNPI(s.Billing.NPI) {
		findings = append(findings, held(ruleNPI, "Claim.provider", "The billing provider's NPI is not an NPI: its form or check digit is wrong.", remedy))
	}
	for i, p := range s.Claim.Stay.Providers {
		if number := s.Renderers[p.Who].NPI; number != "" && !models.IsNPI(number) {
			findings = append(findings, held(ruleNPI, fmt.Sprintf("Claim.careTeam[%d].provider", i),
				"The NPI of a provider of the stay is not an NPI: its form or check digit is wrong.", remedy))
		}
	}
	if number := s.Renderers[s.Claim.Rendering].NPI; s.Claim.Type == models.ClaimProfessional && number != "" && !models.IsNPI(number) {
		findings = append(findings, held(ruleNPI, "Claim.careTeam[0].provider",
			"The rendering provider's NPI is not an NPI: its form or check digit is wrong.", remedy))
	}
	for i, line := range s.Claim.Lines {
		if who, isAnother := s.renderer(line); isAnother && who.NPI != "" && !models.IsNPI(who.NPI) {
			findings = append(findings, held(ruleNPI, item(i, "careTeamSequence"),
				"The NPI of who did the service is not an NPI: its form or check digit is wrong.", remedy))
		}
	}
	return findings
}
