package coding

import (
	"cmp"
	"slices"

	"medbill/models"
)

// useBilling is Encounter.diagnosis.use for a diagnosis that was put there to be billed.
// https://hl7.org/fhir/R4/codesystem-diagnosis-role.html
const useBilling = "billing"

// diagnosesOf gives the visit's diagnoses: what the Encounter names, then its reason codes, then its Conditions; only where
// all of these are missing, the Conditions of those days that name no visit.
func diagnosesOf(e models.Encounter, conditions []models.Condition) []models.Diagnosis {
	conditions = usable(e.PatientID, conditions)
	codes := append(named(e, conditions), e.ReasonCodes...)
	for _, c := range conditions {
		if c.VisitID == e.ID {
			codes = append(codes, c.Code)
		}
	}
	if len(codes) == 0 {
		days := models.Span{From: e.Start, Until: lastDay(e)}
		for _, c := range conditions {
			if c.VisitID == "" && e.Start != "" && days.Contains(c.Recorded) {
				codes = append(codes, c.Code)
			}
		}
	}
	return distinct(codes)
}

// usable leaves out what cannot be billed for this patient, in an order that does not depend on how it was read.
func usable(patient models.PatientID, conditions []models.Condition) []models.Condition {
	kept := slices.DeleteFunc(slices.Clone(conditions), func(c models.Condition) bool {
		return c.Code == "" || c.Refuted || c.PatientID != patient
	})
	slices.SortFunc(kept, func(a, b models.Condition) int {
		return cmp.Or(cmp.Compare(a.Recorded, b.Recorded), cmp.Compare(a.ID, b.ID))
	})
	return kept
}

// named gives the codes of Encounter.diagnosis: those for billing first, then by rank, unranked last, else as sent.
func named(e models.Encounter, conditions []models.Condition) []string {
	refs := slices.Clone(e.DiagnosisRefs)
	slices.SortStableFunc(refs, func(a, b models.DiagnosisRef) int {
		return cmp.Or(
			-compareBool(a.Use == useBilling, b.Use == useBilling),
			-compareBool(a.Rank > 0, b.Rank > 0),
			cmp.Compare(a.Rank, b.Rank),
		)
	})
	var codes []string
	for _, ref := range refs {
		id := conditionID(ref.Reference)
		for _, c := range conditions {
			if id != "" && c.ID == id {
				codes = append(codes, c.Code)
			}
		}
	}
	return codes
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// distinct numbers the first twelve different codes.
func distinct(codes []string) []models.Diagnosis {
	var diagnoses []models.Diagnosis
	for _, code := range codes {
		known := slices.ContainsFunc(diagnoses, func(d models.Diagnosis) bool { return bare(d.Code) == bare(code) })
		if code == "" || known || len(diagnoses) == models.ClaimDiagnosesMax {
			continue
		}
		diagnoses = append(diagnoses, models.Diagnosis{Sequence: len(diagnoses) + 1, Code: code})
	}
	return diagnoses
}
