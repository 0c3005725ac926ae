package coding

import (
	"cmp"
	"slices"

	"medbill/models"
)

// useBilling is Encounter.diagnosis.use for a diagnosis that was put there to be billed.
// https://hl7.org/fhir/R4/codesystem-diagnosis-role.html
const useBilling = "billing"

// gatherer is a chart with what is read out of it once.
type gatherer struct {
	Chart
	days       models.Span
	provider   models.Performer   // of the visit
	conditions []models.Condition // those that can be billed for this patient
	codeOf     map[string]string  // "Condition/…" or "#…" → code of one of them
}

func gathererOf(c Chart) gatherer {
	g := gatherer{Chart: c, days: Days(c), provider: Rendering(c.Encounter.Participants, c.Roles), codeOf: map[string]string{}}
	g.conditions = g.usable()
	for _, condition := range g.conditions {
		g.codeOf[referenceTo(condition)] = condition.Code
	}
	return g
}

// referenceTo is how a reference names c.
func referenceTo(c models.Condition) string {
	if len(c.ID) > 0 && c.ID[0] == '#' {
		return c.ID
	}
	return "Condition/" + c.ID
}

// usable leaves out what cannot be billed for this patient, in an order that does not depend on how it was read. What is
// only suspected is a diagnosis of inpatients alone. ICD-10-CM Official Guidelines, II.H and IV.H.
func (g gatherer) usable() []models.Condition {
	outpatient := !isInpatient(g.Encounter.Class)
	var kept []models.Condition
	for _, c := range slices.Concat(g.Conditions, g.Encounter.Contained) {
		if c.Code != "" && !c.IsRefuted && !(outpatient && c.IsUncertain) && c.PatientID == g.Encounter.PatientID {
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b models.Condition) int {
		return cmp.Or(cmp.Compare(a.Recorded, b.Recorded), cmp.Compare(a.ID, b.ID))
	})
	return kept
}

// diagnosed gives the visit's diagnoses: what the Encounter names, then its reason codes, its Conditions, the reasons of its
// services; only where all of these are missing, the Conditions of those days that name no visit.
func (g gatherer) diagnosed(lines []line) []models.Diagnosis {
	codes := append(g.codes(g.named()), g.Encounter.ReasonCodes...)
	for _, c := range g.conditions {
		if c.VisitID == g.Encounter.ID {
			codes = append(codes, c.Code)
		}
	}
	for _, l := range lines {
		codes = append(codes, g.codes(l.reasons)...)
	}
	if len(codes) == 0 {
		for _, c := range g.conditions {
			if isOf(c, g.days) {
				codes = append(codes, c.Code)
			}
		}
	}
	services := make([]models.Service, len(lines))
	for i, l := range lines {
		services[i] = l.service
	}
	return distinct(codes, diagnosesMax(services))
}

// isOf reports whether a Condition names no visit and was recorded on one of these days, of which the first is known.
func isOf(c models.Condition, days models.Span) bool {
	return c.VisitID == "" && c.Recorded != "" && days.From != "" && days.Contains(c.Recorded)
}

// MayDiagnose reports whether a Condition that neither names a visit nor is named by it may be among its diagnoses: it is of the
// visit's days. Where the Encounter does not tell these, its services do, and any Condition without a visit may.
func MayDiagnose(c models.Condition, e models.Encounter) bool {
	days := Days(Chart{Encounter: e})
	return isOf(c, days) || c.VisitID == "" && days.From == ""
}

// named gives the references of Encounter.diagnosis: those for billing first, then by rank, unranked last, else as sent.
func (g gatherer) named() reasons {
	refs := slices.Clone(g.Encounter.DiagnosisRefs)
	slices.SortStableFunc(refs, func(a, b models.DiagnosisRef) int {
		return cmp.Or(
			-compareBool(a.Use == useBilling, b.Use == useBilling),
			-compareBool(a.Rank > 0, b.Rank > 0),
			cmp.Compare(a.Rank, b.Rank),
		)
	})
	var named reasons
	for _, ref := range refs {
		named.refs = append(named.refs, ref.Reference)
	}
	return named
}

// reasons is why something was done: Conditions and codes.
type reasons struct{ refs, codes []string }

// codes gives the codes of r, without those of Conditions that cannot be billed.
func (g gatherer) codes(r reasons) []string {
	var codes []string
	for _, ref := range r.refs {
		if code := g.codeOf[ref]; code != "" {
			codes = append(codes, code)
		}
	}
	return append(codes, r.codes...)
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

// distinct numbers the first different codes, at most most.
func distinct(codes []string, most int) []models.Diagnosis {
	var diagnoses []models.Diagnosis
	for _, code := range codes {
		known := slices.ContainsFunc(diagnoses, func(d models.Diagnosis) bool { return bare(d.Code) == bare(code) })
		if code == "" || known || len(diagnoses) == most {
			continue
		}
		diagnoses = append(diagnoses, models.Diagnosis{Sequence: len(diagnoses) + 1, Code: code})
	}
	return diagnoses
}
