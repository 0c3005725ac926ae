package scrub

import "medbill/models"

const ruleEnrolment = "scrub.enrolment"

// enrolments: who bills and who did a service are enrolled with the payer on the day of service. Of a payer of which nobody's
// enrolment is known nothing is said.
func enrolments(s Subject) []models.Finding {
	if !s.Payers.Enrols(s.Claim.InsurerID) {
		return nil
	}
	var findings []models.Finding
	enrolled := func(who models.Party, day models.Date) bool {
		return who.NPI == "" || day == "" || s.Payers.Enrolled(who.NPI, s.Claim.InsurerID, day) // one that is missing is for the required data
	}
	const remedy = "Load the enrolment if there is one, or bill under a provider who is enrolled."
	for _, day := range s.days() {
		if !enrolled(s.Billing, day) {
			findings = append(findings, held(ruleEnrolment, "Claim.provider", "The billing provider is not enrolled with the payer on a day of service.", remedy))
			break
		}
	}
	for i, line := range s.Claim.Lines {
		if who, _ := s.renderer(line); !enrolled(who, line.ServiceDate) {
			findings = append(findings, held(ruleEnrolment, item(i, "careTeamSequence"), "Who did the service is not enrolled with the payer on its day.", remedy))
		}
	}
	return findings
}
