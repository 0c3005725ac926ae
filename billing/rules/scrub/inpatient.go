package scrub

import (
	"fmt"
	"slices"
	"strings"

	"medbill/internal/codes"
	"medbill/models"
)

const ruleProcedureCode = "scrub.procedure-code"

// admitted: what a claim says of who stays: when he was admitted, how urgently, from where, where he went, and for how many days.
func admitted(s Subject) []models.Finding {
	stay := s.Claim.Stay
	var findings []models.Finding
	for _, n := range []need{
		{stay.Admitted != "", "Claim.supportingInfo", "The claim does not say when the patient was admitted.", "Add Encounter.period with the hour."},
		{stay.Priority != "", "Claim.supportingInfo", "The claim does not say how urgent the admission was.", "Add Encounter.priority."},
		{stay.DischargeStatus != "", "Claim.supportingInfo", "The claim does not say where the patient went.", "Add Encounter.hospitalization.dischargeDisposition."},
		{
			stay.Admitted == "" || s.Claim.ServiceUntil == "" || stay.AdmittedOn() <= s.Claim.ServiceUntil, "Claim.supportingInfo",
			"The patient was admitted after the last day of the statement.", "Correct the admission, or the days of the statement.",
		},
	} {
		if !n.met {
			findings = append(findings, held(ruleInstitutional, n.path, n.text, n.remedy))
		}
	}
	if stay.PointOfOrigin == "" {
		findings = append(findings, noted(ruleInstitutional, "Claim.supportingInfo", "The claim does not say where the patient came from.", "Add Encounter.hospitalization.admitSource."))
	}
	return append(findings, s.coveredDays()...)
}

// Value codes of days: those that the plan covers, and those that it does not. NUBC form locators 39 to 41.
const (
	valueCovered    = "80"
	valueNotCovered = "81"
)

// coveredDays: the days that are told add up to those of the statement, and the rooms that are billed to the days in the house.
func (s Subject) coveredDays() []models.Finding {
	stay, days := s.Claim.Stay, s.stayed()
	told, isTold := models.Units(0), false
	for _, one := range stay.Information {
		if one.Kind == models.InformationValue && (one.Code == valueCovered || one.Code == valueNotCovered) && one.Number != nil {
			told, isTold = told+*one.Number, isTold || one.Code == valueCovered
		}
	}
	if isTold && days > 0 && told != days {
		return []models.Finding{held(ruleInstitutional, "Claim.supportingInfo", "The covered and the other days, value codes 80 and 81, are not those of the statement.", "Correct the values, or the days of the statement.")}
	}
	var rooms models.Units
	for _, line := range s.Claim.Lines {
		if isRoom(line.Revenue) {
			rooms += line.Units
		}
	}
	if rooms > 0 && days > 0 && rooms != days {
		return []models.Finding{noted(ruleInstitutional, "Claim.item", "The days of room and board are not those of the statement.", "Correct the units of the room's revenue codes.")}
	}
	return nil
}

// isRoom reports whether a revenue code is one of room and board, a unit of which is a day: 010x to 021x.
func isRoom(revenue string) bool { return len(revenue) == 4 && "0100" <= revenue && revenue <= "0219" }

// stayed gives how many days the statement has: that of the discharge does not count, unless it is that of the admission.
func (s Subject) stayed() models.Units {
	from, until := s.Claim.ServiceFrom, s.Claim.ServiceUntil
	if on := s.Claim.Stay.AdmittedOn(); on > from && on <= until {
		from = on // what was done before the admission is no day of the stay
	}
	if from == "" || until < from {
		return 0
	}
	days := from.DaysUntil(until)
	if slices.Contains(interimBills, s.Claim.Stay.Frequency()) {
		days++ // who is still a patient stays over night
	}
	return models.UnitsOf(max(days, 1))
}

// Present on admission. CMS Pub. 100-04, chapter 3, 20.2.1; NUBC, appendix I.
const (
	presentExempt = "1"
	presents      = "YNUW1"
)

// present: each diagnosis of a stay says whether the patient came with it, unless it is one that need not.
func present(s Subject) []models.Finding {
	var findings []models.Finding
	exempt, r, known := look[*codes.Set](s, codes.POAExempt, s.lastDay())
	for i, d := range s.Claim.Diagnoses {
		isExempt := known && exempt.Has(codes.POAExempt.Facts().Bare(d.Code))
		path := diagnosis(i) + ".onAdmission"
		switch {
		case isOfArrival(d):
		case d.OnAdmission != "" && (len(d.OnAdmission) != 1 || !strings.Contains(presents, d.OnAdmission)):
			findings = append(findings, held(ruleInstitutional, path, "Present on admission is Y, N, U, W, or 1 for exempt.", "Correct the indicator."))
		case d.OnAdmission == "" && !isExempt:
			findings = append(findings, held(ruleInstitutional, path, "The claim does not say whether the patient was admitted with the diagnosis.", "Say Y, N, U or W."))
		case isExempt && d.OnAdmission != "" && d.OnAdmission != presentExempt:
			findings = append(findings, by(r, noted(ruleInstitutional, path, "The diagnosis is exempt from present on admission.", "Leave the indicator out.")))
		case known && r.Complete && !isExempt && d.OnAdmission == presentExempt:
			findings = append(findings, by(r, held(ruleInstitutional, path, "The diagnosis is not exempt from present on admission.", "Say Y, N, U or W.")))
		}
	}
	return findings
}

// procedureCodes: a procedure is a code of ICD-10-PCS on the day of discharge.
func procedureCodes(s Subject) []models.Finding {
	var findings []models.Finding
	content, r, ok := look[*codes.Concepts](s, codes.ICD10PCS, s.lastDay())
	for i, p := range s.Claim.Stay.Procedures {
		if !ok || !r.Complete {
			break
		}
		one, found := content.Find(codes.ICD10PCS.Facts().Bare(p.Code))
		if !found || !one.Billable || !one.Span.Contains(s.lastDay()) {
			findings = append(findings, by(r, held(ruleProcedureCode, fmt.Sprintf("Claim.procedure[%d].procedure", i), "The procedure is no code of ICD-10-PCS on the day of discharge.", "Code it anew from the release of that day.")))
		}
	}
	return findings
}
