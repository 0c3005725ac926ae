package scrub

import (
	"fmt"

	"medbill/models"
)

const ruleNPI = "scrub.npi"

// npiPrefix makes a card number of an NPI, which the check digit is computed over.
// https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand/Downloads/NPIcheckdigit.pdf
const npiPrefix = "80840"

// npi looks at those NPIs that are there; a missing one is for the required data.
func npi(s Subject) []models.Finding {
	const remedy = "Compare it with the NPI registry and correct it."
	var findings []models.Finding
	if s.Billing.NPI != "" && !isNPI(s.Billing.NPI) {
		findings = append(findings, held(ruleNPI, "Claim.provider", "The billing provider's NPI is not an NPI: its form or check digit is wrong.", remedy))
	}
	for i, p := range s.Claim.Stay.Providers {
		if number := s.Renderers[p.Who].NPI; number != "" && !isNPI(number) {
			findings = append(findings, held(ruleNPI, fmt.Sprintf("Claim.careTeam[%d].provider", i),
				"The NPI of a provider of the stay is not an NPI: its form or check digit is wrong.", remedy))
		}
	}
	if number := s.Renderers[s.Claim.Rendering].NPI; s.Claim.Type == models.ClaimProfessional && number != "" && !isNPI(number) {
		findings = append(findings, held(ruleNPI, "Claim.careTeam[0].provider",
			"The rendering provider's NPI is not an NPI: its form or check digit is wrong.", remedy))
	}
	for i, line := range s.Claim.Lines {
		if who, isAnother := s.renderer(line); isAnother && who.NPI != "" && !isNPI(who.NPI) {
			findings = append(findings, held(ruleNPI, item(i, "careTeamSequence"),
				"The NPI of who did the service is not an NPI: its form or check digit is wrong.", remedy))
		}
	}
	return findings
}

// isNPI reports whether text is ten digits, beginning with 1 or 2, with a right check digit.
func isNPI(text string) bool {
	if len(text) != 10 || text[0] != '1' && text[0] != '2' {
		return false
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return luhn(npiPrefix+text) == 0
}

// luhn is the remainder of the Luhn sum of digits; 0 where the last digit checks the others.
func luhn(digits string) int {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum % 10
}
