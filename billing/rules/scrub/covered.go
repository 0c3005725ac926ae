package scrub

import (
	"fmt"
	"slices"
	"strings"

	"medbill/billing/rules/authorization"
	"medbill/internal/codes"
	"medbill/internal/payers"
	"medbill/models"
)

const (
	ruleCovered    = "scrub.covered-diagnosis"
	ruleFrequency  = "scrub.frequency"
	ruleCoveredAge = "scrub.covered-age"
	ruleAuthorized = "scrub.authorization"
	ruleRequires   = "scrub.required-modifier"
)

// coveredDiagnoses: a service that the payer covers for some diagnoses points to one of them. CMS Pub. 100-08, chapter 13.
func coveredDiagnoses(s Subject) []models.Finding {
	var findings []models.Finding
	facts(s, models.CoveredDiagnosis, func(i int, line models.ClaimLine, f models.PayerFact) {
		covered, ok := payers.Diagnoses(f.Value)
		if !ok || slices.ContainsFunc(pointed(s.Claim, line), func(code string) bool {
			return slices.ContainsFunc(covered, func(r codes.CodeRange) bool { return r.Contains(code) })
		}) {
			return
		}
		findings = append(findings, from(f, unless(models.ForBiller, held(ruleCovered, item(i, "diagnosisSequence"), "The payer covers the service for none of the diagnoses that the line points to.",
			"Point to the diagnosis that it was done for if the record has one that is covered; else have the patient told, and override this with that."))))
	})
	return findings
}

// pointed gives the bare codes of the diagnoses that a line points to.
func pointed(c models.Claim, line models.ClaimLine) []string {
	var list []string
	for _, d := range c.Diagnoses {
		if d.Code != "" && slices.Contains(line.Pointers, d.Sequence) {
			list = append(list, codes.ICD10CM.Facts().Bare(d.Code))
		}
	}
	return list
}

// coveredAges: a service that the payer covers at some ages is done at one of them.
func coveredAges(s Subject) []models.Finding {
	var findings []models.Finding
	facts(s, models.Age, func(i int, line models.ClaimLine, f models.PayerFact) {
		within, ok := payers.AgesOf(f.Value)
		if !ok || s.Patient.BirthDate == "" {
			return // a missing one is for the required data
		}
		if years := s.Patient.BirthDate.YearsUntil(line.ServiceDate); years < within.From || years > within.Until {
			findings = append(findings, from(f, unless(models.ForBiller, held(ruleCoveredAge, item(i, "productOrService"), "The payer does not cover the service at the patient's age on its day.", "Correct the code, or Patient.birthDate."))))
		}
	})
	return findings
}

// LooksBack gives the first day that a claim's rules look at earlier claims from, "" where they look at none: the payer covers a
// service of it so often in so long.
func LooksBack(s Subject) models.Date {
	var first models.Date
	facts(s, models.Frequency, func(_ int, line models.ClaimLine, f models.PayerFact) {
		if _, in, ok := payers.Often(f.Value); ok {
			if day := in.Before(line.ServiceDate); first == "" || day < first {
				first = day
			}
		}
	})
	return first
}

// frequencies: a service is done for the patient no more often than the payer covers it. Services of the days before that the same
// payer is asked for count, and those of the claim itself.
func frequencies(s Subject) []models.Finding {
	var findings []models.Finding
	facts(s, models.Frequency, func(i int, line models.ClaimLine, f models.PayerFact) {
		most, in, ok := payers.Often(f.Value)
		if !ok {
			return
		}
		begin := in.Before(line.ServiceDate)
		counts := func(o models.ClaimLine) bool {
			return o.Code == line.Code && begin < o.ServiceDate && o.ServiceDate <= line.ServiceDate
		}
		done := models.Units(0)
		for _, o := range s.Claim.Lines {
			if counts(o) {
				done += o.Count()
			}
		}
		for _, c := range s.Earlier {
			for _, o := range c.Lines {
				if c.InsurerID == s.Claim.InsurerID && counts(o) && !isSameCharge(s.Claim, line, c, o) {
					done += o.Count()
				}
			}
		}
		if done > models.UnitsOf(most) {
			findings = append(findings, from(f, unless(models.ForBiller, held(ruleFrequency, item(i, "productOrService"), "The service was done for the patient more often than the payer covers it.",
				"Compare with the earlier claims; where it is right, have the patient told, and override this with that."))))
		}
	})
	return findings
}

// authorizations: the payer allowed every service that it wants to allow before, or was asked about, as often as it is done. X12 005010X222A1, REF*G1.
func authorizations(s Subject) []models.Finding {
	var findings []models.Finding
	wants := map[int]models.PayerFact{}
	facts(s, models.AuthorizationWanted, func(i int, _ models.ClaimLine, f models.PayerFact) {
		if f.Value == payers.Yes {
			wants[i] = f
		}
	})
	for i := range s.Claim.Lines {
		verdict, reason := authorization.Line(s.Authorizations, s.Claim, i)
		text, remedy := "", "Ask the payer by a Claim of use preauthorization, or write the number that it gave on the claim; where it wants none, override this with that."
		fact, isWanted := wants[i]
		switch verdict {
		case authorization.None:
			if isWanted {
				text = "The payer wants to authorize the service before it is done, and was not asked."
			}
		case authorization.Exceeds:
			text, remedy = "The service is done more often than the payer authorized.", "Correct the quantity, or ask the payer for the rest."
		case authorization.Waits:
			text, remedy = "The payer was asked to authorize the service and has not decided.", "Wait for its answer, or call it; where it wants none, override this with that."
		case authorization.Refused:
			text, remedy = "The payer does not authorize the service.", "Ask it again, with what it says is missing, or have the patient told and override this with that."
			if reason != "" {
				text = "The payer does not authorize the service (X12 886, " + reason + ")."
			}
		case authorization.Allowed:
		}
		if text == "" {
			continue
		}
		found := unless(models.ForBiller, held(ruleAuthorized, item(i, "productOrService"), text, remedy))
		if isWanted {
			found = from(fact, found)
		}
		findings = append(findings, found)
	}
	return findings
}

// requiredModifiers: a line has the modifiers that the payer wants at its service.
func requiredModifiers(s Subject) []models.Finding {
	var findings []models.Finding
	facts(s, models.ModifierRequired, func(i int, line models.ClaimLine, f models.PayerFact) {
		groups, _ := payers.Groups(f.Value)
		for _, group := range groups {
			if !slices.ContainsFunc(group, func(m string) bool { return slices.Contains(line.Modifiers, m) }) {
				findings = append(findings, from(f, held(ruleRequires, item(i, "modifier"), "The payer wants a modifier at the service that is not there.",
					fmt.Sprintf("Add %s where it is true.", strings.Join(group, " or ")))))
			}
		}
	})
	return findings
}
