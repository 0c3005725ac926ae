package scrub

import "medbill/models"

const (
	ruleDates    = "scrub.dates"
	ruleCoverage = "scrub.coverage"
)

// datesOfLife: nothing is done before birth, after death or in the future. Unknown days are for the required data.
func datesOfLife(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		day, path := line.ServiceDate, item(i, "serviced")
		if day == "" {
			continue
		}
		if s.Today != "" && day > s.Today {
			findings = append(findings, held(ruleDates, path,
				"The day of service lies in the future.", "Correct the day of service, or wait until it has come."))
		}
		if s.Patient.BirthDate != "" && day < s.Patient.BirthDate {
			findings = append(findings, held(ruleDates, path,
				"The day of service lies before the patient's birth.", "Correct the day of service or Patient.birthDate."))
		}
		if s.Patient.DeathDate != "" && day > s.Patient.DeathDate {
			findings = append(findings, held(ruleDates, path,
				"The day of service lies after the patient's death.", "Correct the day of service or Patient.deceasedDateTime."))
		}
	}
	if s.Claim.ServiceFrom > s.Claim.ServiceUntil {
		findings = append(findings, held(ruleDates, "Claim.billablePeriod", "The claim ends before it begins.", "Correct the billable period."))
	}
	return findings
}

// datesOfCoverage: the plan must be active and in force on every day of service.
func datesOfCoverage(s Subject) []models.Finding {
	var findings []models.Finding
	if !s.Coverage.Active {
		findings = append(findings, held(ruleCoverage, "Claim.insurance[0].coverage",
			"The coverage is not active.", "Ask the patient for the plan that was in force and correct Coverage.status."))
	}
	for i, line := range s.Claim.Lines {
		if line.ServiceDate != "" && !s.Coverage.Period.Contains(line.ServiceDate) {
			findings = append(findings, held(ruleCoverage, item(i, "serviced"),
				"The coverage is not in force on the day of service.", "Bill the plan that was in force, or correct Coverage.period."))
		}
	}
	return findings
}
