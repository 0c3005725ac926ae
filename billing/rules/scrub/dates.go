package scrub

import "medbill/models"

const (
	ruleDates    = "scrub.dates"
	ruleCoverage = "scrub.coverage"
)

// datesOfLife: nothing is done before birth, after death or in the future. Unknown days are for the required data.
func datesOfLife(s Subject) []models.Finding {
	var findings []models.Finding
	for _, at := range s.dated() {
		day, path := at.day, at.path
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

// dated gives the known days of service and where they stand. Those of a stay are the ends of its statement.
func (s Subject) dated() []dated {
	var list []dated
	add := func(day models.Date, path string) {
		if day != "" {
			list = append(list, dated{day, path})
		}
	}
	if s.Claim.Stay.IsInpatient() {
		add(s.Claim.ServiceFrom, "Claim.billablePeriod.start")
		add(s.Claim.ServiceUntil, "Claim.billablePeriod.end")
	}
	for i, line := range s.Claim.Lines {
		add(line.ServiceDate, item(i, "serviced"))
	}
	return list
}

type dated struct {
	day  models.Date
	path string
}

// datesOfCoverage: the plan must be active and in force on every day of service, of a stay on that of the admission.
// CMS Pub. 100-04, chapter 3, 40.2.2
func datesOfCoverage(s Subject) []models.Finding {
	var findings []models.Finding
	if !s.Coverage.Active {
		findings = append(findings, held(ruleCoverage, "Claim.insurance[0].coverage",
			"The coverage is not active.", "Ask the patient for the plan that was in force and correct Coverage.status."))
	}
	days := s.dated()
	if s.Claim.Stay.IsInpatient() {
		days = days[:min(len(days), 1)]
	}
	for _, at := range days {
		if !s.Coverage.Period.Contains(at.day) {
			findings = append(findings, held(ruleCoverage, at.path,
				"The coverage is not in force on the day of service.", "Bill the plan that was in force, or correct Coverage.period."))
		}
	}
	return findings
}
