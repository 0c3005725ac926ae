package scrub

import (
	"cmp"
	"slices"

	"medbill/internal/codes"
	"medbill/models"
)

// rule is one row of the table: what it is called, where it comes from, which tables it looks into, what it looks at, and at which
// claims.
type rule struct {
	id     string // of its findings
	number string // in the list of rules that docs/ARCHITECTURE.md has
	source string
	needs  []codes.Table
	check  func(Subject) []models.Finding
	forms  []Form
}

// rules run in this order, so that the same claim always gives the same findings in the same order.
var rules = []rule{
	{ruleCase, "-", "the case", nil, holdOfCase, every},
	{rulePractice, "-", "the practice", nil, practiced, every},
	{ruleRequired, "R01", "X12 005010X222A1", nil, requiredOfPatient, every},
	{ruleRequired, "R01", "X12 005010X222A1", nil, requiredOfParties, every},
	{ruleRequired, "R01", "X12 005010X222A1, 2310B and 2420A", nil, requiredOfRenderer, treating},
	{ruleRequired, "R01", "X12 005010X222A1", nil, requiredOfClaim, every},
	{ruleAddress, "R02", "X12 005010X222A1, 2010AA N3, N4", nil, addresses, every},
	{ruleAddress, "R02", "Medicare's file of ZIP codes", []codes.Table{codes.FeeZIPs}, statesOfZIP, every},
	{ruleNPI, "R03", "45 CFR 162.406", nil, npi, every},
	{ruleLimits, "R27", "X12 005010X222A1, 2400", nil, limits, every},
	{ruleMinutes, "R15", "X12 005010X222A1, SV103; CMS Pub. 100-04, chapter 12, 50", nil, minutes, treating},
	{ruleDiagnoses, "R14", "X12 005010X222A1, HI", nil, diagnoses, every},
	{rulePointers, "R14", "X12 005010X222A1, SV107", nil, pointers, treating},
	{ruleTotals, "R26", "X12 005010X222A1, CLM02", nil, totals, every},
	{ruleDates, "R21", "X12 005010X222A1, DTP*472", nil, datesOfLife, every},
	{ruleCoverage, "R21", "X12 005010X222A1, DTP*472", nil, datesOfCoverage, every},
	{rulePayer, "R31", "the coverage", nil, payerOfClaim, every},
	{ruleEligibility, "R31", "the payer's answer about the plan", nil, eligibilities, every},
	{ruleStated, "R29", "the fee schedule", nil, stated, every},
	{ruleUnderbilled, "R29", "the contract with the payer", nil, underbilled, every},
	{ruleDuplicate, "R23", "CMS Pub. 100-04, chapter 1, 120", nil, duplicates, every},

	{ruleDiagnosisCode, "R06", "45 CFR 162.1002; ICD-10-CM Official Guidelines, I.B.2", []codes.Table{codes.ICD10CM}, diagnosisCodes, every},
	{ruleExcludes, "R07", "ICD-10-CM Official Guidelines, I.A.12", []codes.Table{codes.Tabular}, excludes, every},
	{ruleSequence, "R07", "ICD-10-CM Official Guidelines, I.A.13, I.A.17", []codes.Table{codes.Tabular}, sequences, every},
	{ruleFirst, "R08", "ICD-10-CM Official Guidelines, I.A.13", []codes.Table{codes.Tabular}, manifestations, every},
	{ruleFirst, "R08", "ICD-10-CM Official Guidelines, I.C.20.a.6, I.C.21.c.16", nil, firstDiagnosis, every},
	{ruleAge, "R09", "CMS Medicare Code Editor, edit 4", nil, ages, every},
	{ruleSex, "R09", "CMS Medicare Code Editor, edit 5", nil, sexes, every},
	{ruleSide, "R10", "ICD-10-CM Official Guidelines, I.B.13", []codes.Table{codes.ICD10CM}, sides, treating},
	{ruleServiceCode, "R11", "45 CFR 162.1002", []codes.Table{codes.HCPCS, codes.CPT}, serviceCodes, every},
	{ruleStatus, "R11", "CMS Pub. 100-04, chapter 23, 30.2.2", []codes.Table{codes.Fees}, feeStatus, treating},
	{ruleModifier, "R12", "CMS Pub. 100-04, chapter 23, 20.3", []codes.Table{codes.Modifiers}, modifiers, every},
	{ruleComponent, "R13", "CMS Pub. 100-04, chapter 13, 20.2", []codes.Table{codes.Fees}, components, treating},
	{ruleBilateral, "R15", "CMS Pub. 100-04, chapter 12, 40.7", []codes.Table{codes.Fees}, bilateral, treating},
	{rulePairs, "R16", "NCCI Policy Manual, chapter I", []codes.Table{codes.PairsPractitioner}, pairsOf(codes.PairsPractitioner), treating},
	{rulePairs, "R16", "NCCI Policy Manual, chapter I", []codes.Table{codes.PairsHospital}, pairsOf(codes.PairsHospital), outpatient},
	{ruleUnits, "R17", "NCCI Policy Manual, chapter I, V", []codes.Table{codes.UnitsPractitioner}, unitsOf(codes.UnitsPractitioner), treating},
	{ruleUnits, "R17", "NCCI Policy Manual, chapter I, V", []codes.Table{codes.UnitsHospital}, unitsOf(codes.UnitsHospital), outpatient},
	{ruleAddOn, "R18", "CMS Pub. 100-04, chapter 12, 30, D", []codes.Table{codes.AddOns}, addOns, byLine},
	{ruleAddOn, "R18", "CMS Pub. 100-04, chapter 12, 40.1", []codes.Table{codes.Fees}, dependents, treating},
	{ruleGlobal, "R19", "CMS Pub. 100-04, chapter 12, 40.1 to 40.4", []codes.Table{codes.Fees}, globals, treating},
	{ruleProcedureCode, "R06", "45 CFR 162.1002", []codes.Table{codes.ICD10PCS}, procedureCodes, inpatient},
	{ruleInstitutional, "R32", "X12 005010X223A2; NUBC UB-04 manual", nil, institutional, house},
	{ruleInstitutional, "R32", "X12 005010X223A2, CL1, DTP*435; NUBC UB-04 manual", nil, admitted, inpatient},
	{ruleInstitutional, "R32", "CMS Pub. 100-04, chapter 4, 20", nil, uncoded, outpatient},
	{ruleInstitutional, "R32", "CMS Pub. 100-04, chapter 3, 20.2.1, D", []codes.Table{codes.POAExempt}, present, inpatient},
	{rulePlace, "R20", "CMS Pub. 100-04, chapter 26, 10.5", []codes.Table{codes.Places}, places, treating},
	{ruleServicePlace, "R20", "CMS Pub. 100-04, chapter 12, 30.6", nil, servicePlaces, treating},
	{ruleNewPatient, "R20", "CMS Pub. 100-04, chapter 12, 30.6.7", nil, newPatients, treating},

	{ruleFiling, "R22", "the payer; 42 CFR 424.44", nil, timelyFiling, every},
	{ruleMemberID, "R04", "the payer", nil, memberID, every},
	{ruleTaxID, "R04", "X12 005010X222A1, REF*EI", nil, taxIDs, every},
	{ruleTaxonomy, "R05", "X12 005010X222A1, PRV", nil, taxonomies, every},
	{ruleRequires, "R12", "the payer", nil, requiredModifiers, byLine},
	{ruleDrug, "R01", "the payer; X12 005010X222A1, 2410", nil, drugs, byLine},
	{ruleEnrolment, "R30", "the payer", nil, enrolments, every},
	{ruleCoveredAge, "R33", "the payer", nil, coveredAges, every},
	{ruleFrequency, "R33", "the payer", nil, frequencies, every},
	{ruleCovered, "R36", "the payer; CMS Pub. 100-08, chapter 13", nil, coveredDiagnoses, treating},
	{ruleTelehealth, "R35", "the payer; CMS Pub. 100-04, chapter 12, 190", nil, telehealth, treating},
	{ruleAuthorized, "R25", "the payer", nil, authorizations, every},
	{ruleReplacement, "R24", "X12 005010X222A1, CLM05-3, REF*F8", nil, replacements, every},
	{ruleOrder, "R28", "X12 005010X222A1, 2320", nil, coordination, every},
	{ruleConsent, "R34", "X12 005010X222A1, CLM08", nil, unchecked, every},
}

// Tables gives every table that a rule looks into.
func Tables() []codes.Table {
	var all []codes.Table
	for _, r := range rules {
		for _, t := range r.needs {
			if !slices.Contains(all, t) {
				all = append(all, t)
			}
		}
	}
	return all
}

// NotChecked says of each rule what it lacks on a day of the claim, and so was not checked: silence would pass for a good claim.
// What it says is no finding about the claim, and is kept nowhere.
func NotChecked(s Subject) []models.Finding {
	var findings []models.Finding
	told := map[string]bool{} // of which rules it is said what else they want: several rows may be of one
	for _, r := range rules {
		if !r.looksAt(s) {
			continue
		}
		say := func(text, remedy string) {
			findings = append(findings, models.Finding{
				Rule: r.id, Severity: models.SeverityInformation, Path: "Claim", Text: "Not checked (" + r.number + "): " + text, Remedy: remedy,
			})
		}
		for _, table := range r.needs {
			if s.lacks(table) {
				say("no whole release of "+table.Facts().Title+" is here for the days of service.", "Load it with 'medbill codes load'.")
			}
		}
		if told[r.id] {
			continue
		}
		told[r.id] = true
		for _, w := range wants[r.id] {
			if text, remedy := w.lacksIn(s); text != "" {
				say(text, remedy)
			}
		}
	}
	return findings
}

// lacks reports whether a table has nothing to say for a day of the claim, or knows some codes only.
func (s Subject) lacks(table codes.Table) bool {
	return slices.ContainsFunc(s.days(), func(day models.Date) bool {
		r, standing := s.Books.Standing(table, day)
		return standing == codes.Missing || !r.Complete || standing == codes.Before && table.Facts().Days == codes.DaysUntilNext
	})
}

// days are those on which the codes of the claim must hold, each once: its services', and of a stay the day of discharge. ICD-10-CM
// Official Guidelines, I; CMS Pub. 100-04, chapter 3, 20.2.1.
func (s Subject) days() []models.Date {
	if last := s.lastDay(); last != "" {
		return []models.Date{last}
	}
	var days []models.Date
	for _, line := range s.Claim.Lines {
		if line.ServiceDate != "" && !slices.Contains(days, line.ServiceDate) {
			days = append(days, line.ServiceDate)
		}
	}
	return days
}

// lastDay gives the day of discharge of a stay, else the last of its statement; "" for any other claim.
func (s Subject) lastDay() models.Date {
	if !s.Claim.Stay.IsInpatient() {
		return ""
	}
	return cmp.Or(s.Claim.Stay.DischargedOn(), s.Claim.ServiceUntil)
}

// DaysOf are the days for which a claim's books are opened.
func DaysOf(c models.Claim) []models.Date { return Subject{Claim: c}.days() }

// look opens a table for a day; ok is false where it has nothing to say then, so that a rule leaves the line alone.
func look[T codes.Content](s Subject, table codes.Table, day models.Date) (content T, r codes.Release, ok bool) {
	content, r, standing := codes.Look[T](s.Books, table, day)
	return content, r, standing == codes.InForce || standing == codes.Lapsed
}

// by says which table and release a finding comes from.
func by(r codes.Release, f models.Finding) models.Finding {
	f.Source = string(r.Table) + " " + r.Name
	return f
}

// Row is a rule as it is shown to people.
type Row struct {
	ID, Number, Source string
	Tables             []codes.Table         // that it goes by
	Subjects           []models.PayerSubject // of the payer's facts that it goes by
	Forms              []Form                // of the claims it looks at
}

// Table gives the rules in the order in which they run.
func Table() []Row {
	list := make([]Row, len(rules))
	for i, r := range rules {
		list[i] = Row{ID: r.id, Number: r.number, Source: r.source, Tables: r.needs, Forms: r.forms}
		for _, w := range wants[r.id] {
			list[i].Subjects = append(list[i].Subjects, w.subjects...)
		}
	}
	return list
}

// Lacks reports whether the rule lacks something on a day of the claim, and so was not checked.
func (r Row) Lacks(s Subject) bool {
	return slices.Contains(r.Forms, s.form()) && (slices.ContainsFunc(r.Tables, s.lacks) || slices.ContainsFunc(wants[r.ID], func(w want) bool {
		text, _ := w.lacksIn(s)
		return text != ""
	}))
}
