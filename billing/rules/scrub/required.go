package scrub

import (
	"slices"

	"medbill/models"
)

const ruleRequired = "scrub.required"

// absent gives a finding for each need that is not met.
func absent(needs ...need) []models.Finding {
	var findings []models.Finding
	for _, n := range needs {
		if !n.met {
			findings = append(findings, held(ruleRequired, n.path, n.text, n.remedy))
		}
	}
	return findings
}

type need struct {
	met                bool
	path, text, remedy string
}

// requiredOfPatient: X12 005010X222A1, loops 2010BA and 2010CA (NM1, N3, DMG).
func requiredOfPatient(s Subject) []models.Finding {
	findings := absent(
		need{s.Patient.FamilyName != "", "Claim.patient", "The patient has no family name.", "Add Patient.name.family."},
		need{s.Patient.BirthDate != "", "Claim.patient", "The patient has no birth date.", "Add Patient.birthDate to the day."},
		need{s.Patient.Gender != "", "Claim.patient", "The patient has no administrative gender.", "Add Patient.gender."},
		need{s.Coverage.SubscriberID != "", "Claim.insurance[0].coverage",
			"The coverage has no subscriber id; the payer needs it to find the member.", "Add Coverage.subscriberId."},
	)
	if !s.Patient.HasAddress {
		findings = append(findings, noted(ruleRequired, "Claim.patient",
			"The patient has no address; payers reached by X12 refuse that.", "Add Patient.address."))
	}
	return findings
}

// requiredOfParties: X12 005010X222A1 and 005010X223A2, loops 2010BB and 2010AA.
func requiredOfParties(s Subject) []models.Finding {
	return absent(
		need{s.Claim.InsurerID != "" && s.Insurer.ID != "", "Claim.insurer", "The claim names no payer.", "Name an Organization in Coverage.payor."},
		need{s.Billing.NPI != "", "Claim.provider", "The billing provider has no NPI.", "Add the NPI to Organization.identifier."},
	)
}

// requiredOfRenderer: X12 005010X222A1, loops 2310B and 2420A.
func requiredOfRenderer(s Subject) []models.Finding {
	findings := absent(
		need{s.Renderers[s.Claim.Rendering].NPI != "", "Claim.careTeam[0].provider",
			"The rendering provider has no NPI.", "Name a Practitioner with an NPI in Encounter.participant."},
	)
	for i, line := range s.Claim.Lines {
		who, isAnother := s.renderer(line)
		findings = append(findings, absent(need{
			!isAnother || who.NPI != "", item(i, "careTeamSequence"),
			"Who did the service has no NPI.", "Add the NPI to the Practitioner who performed it.",
		})...)
	}
	return findings
}

// requiredOfClaim: X12 005010X222A1, CLM05, HI and loop 2400. A house bills at no place of service, and the lines of a stay need no day.
func requiredOfClaim(s Subject) []models.Finding {
	findings := absent(
		need{len(s.Claim.Diagnoses) > 0, "Claim.diagnosis", "The claim has no diagnosis.", "Code the visit with at least one diagnosis."},
		need{len(s.Claim.Lines) > 0, "Claim.item", "The claim has no line.", "Code the visit with at least one service."},
		need{s.Claim.PlaceOfService != "" || !s.Claim.Type.Facts().HasPlace, "Claim.item[0].location",
			"The claim has no place of service.", "Add the place of service to the visit's Location, or a class to the Encounter."},
	)
	for i, line := range s.Claim.Lines {
		findings = append(findings, absent(
			need{line.Code != "", item(i, "productOrService"), "The line has no service code.", "Code the service."},
			need{line.ServiceDate != "" || !slices.Contains(byLine, s.form()), item(i, "serviced"), "The line has no day of service.", "Add the day the service was done."},
		)...)
	}
	return findings
}
