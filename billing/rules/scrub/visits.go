package scrub

import (
	"cmp"
	"slices"

	"medbill/models"
)

const (
	ruleServicePlace = "scrub.service-place"
	ruleNewPatient   = "scrub.new-patient"
)

// placing says where the visits of a range of codes take place: in the places it fits, or in any but those that it does not fit.
type placing struct {
	from, until   string
	fits, unfit   []string
	text, instead string
}

// placings are where evaluation and management services are done. CMS Pub. 100-04, chapter 12, 30.6.9 to 30.6.14; CMS CY 2023 physician
// fee schedule final rule (hospital and observation care, nursing facility and home visits).
var placings = []placing{
	{"99202", "99215", nil, []string{"12", "13", "14", "21", "31", "32", "33", "51", "55", "61"}, "An office visit", "the code of a visit there"},
	{"99221", "99239", []string{"21", "22", "23", "51", "52", "61"}, nil, "Hospital or observation care", "the code of a visit there"},
	{"99281", "99285", []string{"23"}, nil, "A visit of the emergency department", "the code of an office or other visit"},
	{"99304", "99316", []string{"31", "32", "54", "56"}, nil, "Care in a nursing facility", "the code of a visit there"},
	{"99341", "99350", []string{"02", "04", "10", "12", "13", "14", "16", "33", "55"}, nil, "A visit at home", "the code of a visit there"},
}

// servicePlaces: a visit is done where its code says.
func servicePlaces(s Subject) []models.Finding {
	place := s.Claim.PlaceOfService
	if place == "" {
		return nil
	}
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		for _, p := range placings {
			if !within(line.Code, p.from, p.until) || slices.Contains(p.fits, place) || len(p.fits) == 0 && !slices.Contains(p.unfit, place) {
				continue
			}
			findings = append(findings, noted(ruleServicePlace, item(i, "productOrService"),
				p.text+" stands on a claim with a place of service that it is not done in.", "Correct the place of service, or bill "+p.instead+"."))
		}
	}
	return findings
}

// within reports whether a CPT code lies in a range.
func within(code, from, until string) bool {
	return len(code) == len(from) && from <= code && code <= until
}

// newPatientYears is how long a patient stays an established one. CMS Pub. 100-04, chapter 12, 30.6.7
const newPatientYears = 3

// isNewPatient reports whether a code is a visit of a new patient.
func isNewPatient(code string) bool {
	return within(code, "99202", "99205") || within(code, "99341", "99345") || within(code, "99381", "99387") || code == "92002" || code == "92004"
}

// newPatients: who saw the provider in the last three years is no new patient. It looks at the visits that are in these books; those
// of others of the group count only with their specialty, which is not here.
func newPatients(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		if !isNewPatient(line.Code) {
			continue
		}
		before := models.Span{Until: line.ServiceDate.AddDays(-1)}
		if slices.ContainsFunc(s.doneIn(before, line), func(o service) bool {
			years := o.ServiceDate.YearsUntil(line.ServiceDate)
			return isEvaluation(o.Code) && 0 <= years && years < newPatientYears
		}) {
			findings = append(findings, noted(ruleNewPatient, item(i, "productOrService"),
				"The service is for a new patient, and the same provider saw the patient in the three years before.", "Bill the code for an established patient."))
		}
	}
	return findings
}

// Window gives the days on which the rules look at the patient's other claims: the longest global period before, the day after, and
// three years before a visit of a new patient.
func Window(c models.Claim) models.Span {
	days := models.Span{From: c.ServiceFrom.AddDays(-globalAfterMax), Until: cmp.Or(c.ServiceUntil, c.ServiceFrom).AddDays(globalBeforeMax)}
	if slices.ContainsFunc(c.Lines, func(l models.ClaimLine) bool { return isNewPatient(l.Code) }) {
		days.From = c.ServiceFrom.AddDays(-366 * newPatientYears)
	}
	return days
}
