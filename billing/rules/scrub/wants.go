package scrub

import (
	"slices"

	"medbill/models"
)

// want is what a rule needs beside published tables: facts of the payer's about any of some subjects, who is enrolled with it, what it agreed to allow, or
// what comes with later work.
type want struct {
	subjects  []models.PayerSubject
	enrolment bool
	contract  bool               // what the payer agreed to allow
	answer    bool               // what the payer says about the plan
	later     string             // a sentence
	isOf      func(Subject) bool // which claims need it; nil for all
}

// wants of rules, by their ids. What is not here needs the claim and its tables only.
var wants = map[string][]want{
	ruleFiling: {
		{subjects: []models.PayerSubject{models.FilingLimit}, isOf: func(s Subject) bool { return isFirst(s) && !isCorrection(s) }},
		{subjects: []models.PayerSubject{models.SecondaryFilingLimit}, isOf: func(s Subject) bool { return isNext(s) && !isCorrection(s) }},
		{subjects: []models.PayerSubject{models.CorrectedFilingLimit}, isOf: isCorrection},
	},
	ruleMemberID:    {{subjects: []models.PayerSubject{models.MemberID}}},
	ruleTaxonomy:    {{subjects: []models.PayerSubject{models.TaxonomyRequired}}},
	ruleRequires:    {{subjects: []models.PayerSubject{models.ModifierRequired}}},
	ruleDrug:        {{subjects: []models.PayerSubject{models.DrugRequired}}},
	ruleEnrolment:   {{enrolment: true}},
	ruleCovered:     {{subjects: []models.PayerSubject{models.CoveredDiagnosis}}},
	ruleFrequency:   {{subjects: []models.PayerSubject{models.Frequency}}},
	ruleCoveredAge:  {{subjects: []models.PayerSubject{models.Age}}},
	ruleTelehealth:  {{subjects: []models.PayerSubject{models.Telehealth}, isOf: isDistant}},
	ruleAuthorized:  {{subjects: []models.PayerSubject{models.AuthorizationWanted}}},
	ruleConsent:     {{later: "The patient's consent and assignment of benefits are not read yet."}},
	ruleEligibility: {{answer: true}},
	ruleUnderbilled: {{contract: true}},
}

func isFirst(s Subject) bool { return s.Claim.Position <= 1 }
func isNext(s Subject) bool  { return s.Claim.Position > 1 }

// lacksIn says what of a want is not here; "" for nothing.
func (w want) lacksIn(s Subject) (text, remedy string) {
	const load = "Load it with 'medbill payers load'."
	switch {
	case w.isOf != nil && !w.isOf(s):
		return "", ""
	case w.later != "":
		return w.later, "Look at it by hand."
	case w.answer && !slices.ContainsFunc(s.Coverage.Checks, func(c models.CoverageCheck) bool { return c.InForce != "" }):
		return "the payer was not asked about the plan, or did not answer.", "Ask it, with a CoverageEligibilityRequest."
	case w.enrolment && !s.Payers.Enrols(s.Claim.InsurerID):
		return "nobody's enrolment with the payer is here.", load
	case w.contract && !s.Expected.IsKnown:
		return "no contract says what the payer allows for every line.", "Load it with 'medbill contracts load'."
	}
	for _, subject := range w.subjects {
		speaks := func(day models.Date) bool { return s.Payers.Speaks(s.Claim.InsurerID, subject, day) }
		if !slices.ContainsFunc(s.days(), func(day models.Date) bool { return !speaks(day) }) {
			continue
		}
		return "no fact '" + string(subject) + "' of the payer is here for the days of service.", load
	}
	return "", ""
}

// unchecked is a rule that nothing here can check yet; wants says why.
func unchecked(Subject) []models.Finding { return nil }

// from says which fact of a payer's a finding comes from.
func from(f models.PayerFact, said models.Finding) models.Finding {
	said.Source = "payer-facts " + string(f.PayerID) + " " + string(f.Subject)
	if f.From != "" {
		said.Source += " " + string(f.From)
	}
	return said
}

// facts calls do with what the payer wants of each line that has a day.
func facts(s Subject, subject models.PayerSubject, do func(i int, line models.ClaimLine, f models.PayerFact)) {
	for i, line := range s.Claim.Lines {
		if f, found := s.Payers.Fact(s.Claim.InsurerID, subject, line.Code, line.ServiceDate); found && line.ServiceDate != "" {
			do(i, line, f)
		}
	}
}
