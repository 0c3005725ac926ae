package scrub

import "medbill/models"

const (
	ruleAge = "scrub.age"
	ruleSex = "scrub.sex"
)

// aged are diagnoses that only patients of an age have, in whole years.
type aged struct {
	blocks      []block
	from, until int
	text        string
}

// agesOfDiagnoses are those of the Medicare Code Editor. Its lists of codes are not published as a table, so what stands here are the headings of
// ICD-10-CM that name an age themselves: newborn 0, paediatric 0 to 17, maternity 9 to 64, adult 15 to 124.
// https://www.cms.gov/medicare/payment/prospective-payment-systems/acute-inpatient-pps/ms-drg-classifications-and-software
var agesOfDiagnoses = []aged{
	{under("P00-P96 Z0011 Z05 Z38"), 0, 0, "The diagnosis is a newborn's, and the patient is older."},
	{under("Z0012 Z002-Z003 Z761-Z762"), 0, 17, "The diagnosis is a child's, and the patient is older."},
	{under("O00-O9A Z33-Z34 Z36-Z37 Z39 Z3A"), 9, 64, "The diagnosis is of pregnancy or birth, and the patient is not between 9 and 64 years old."},
	{under("Z000 Z681-Z684"), 15, 124, "The diagnosis is an adult's, and the patient is younger than 15."},
}

// ages: a diagnosis fits the patient's age on the first day of service. It is Medicare's edit of inpatient stays, so it warns.
func ages(s Subject) []models.Finding {
	days := s.days()
	if len(days) == 0 {
		return nil
	}
	years := s.Patient.BirthDate.YearsUntil(days[0])
	if years < 0 {
		return nil
	}
	var findings []models.Finding
	for i, code := range s.bareDiagnoses() {
		for _, a := range agesOfDiagnoses {
			if oneOf(a.blocks, code) && (years < a.from || years > a.until) {
				findings = append(findings, noted(ruleAge, diagnosis(i), a.text, "Compare Patient.birthDate and the diagnosis with the record."))
			}
		}
	}
	return findings
}

// sexesOfDiagnoses are the headings of ICD-10-CM about organs that one sex has, by Patient.gender.
var sexesOfDiagnoses = map[string][]block{
	"female": under("C51-C58 D06 D25-D28 D39 N70-N77 N80-N98 O00-O9A Q50-Q52 R87 Z014 Z124 Z33-Z34 Z36-Z37 Z39 Z3A"),
	"male":   under("C60-C63 D29 D40 N40-N53 Q53-Q55 R86 Z125"),
}

// sexes: a diagnosis fits the patient's gender. Medicare does not refuse it any more, so it warns.
func sexes(s Subject) []models.Finding {
	other := map[string]string{"female": "male", "male": "female"}[s.Patient.Gender]
	if other == "" {
		return nil
	}
	var findings []models.Finding
	for i, code := range s.bareDiagnoses() {
		if oneOf(sexesOfDiagnoses[other], code) {
			findings = append(findings, noted(ruleSex, diagnosis(i),
				"The diagnosis is of an organ that patients of the administrative gender seldom have.", "Compare Patient.gender and the diagnosis with the record."))
		}
	}
	return findings
}
