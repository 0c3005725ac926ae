// Package coding reads what a visit was: it gathers the diagnoses and services an EHR sent and checks those a coder sends.
// It knows shapes of codes, not code sets, and no prices.
package coding

import (
	"slices"
	"strings"

	"medbill/models"
)

// IsUsable reports whether c can be billed as it stands; anything else waits for a coder.
func IsUsable(c models.Coding) bool { return len(Check(c)) == 0 }

// Gather gives the codes the EHR sent for e: at most twelve diagnoses and every billable service, each once. The order of
// conditions, procedures and items does not matter. Codes of a wrong shape stay in, so that IsUsable sends them to a coder
// instead of a service being lost.
func Gather(e models.Encounter, conditions []models.Condition, procedures []models.Procedure, items []models.ChargeItem) models.Coding {
	diagnoses := diagnosesOf(e, conditions)
	g := gatherer{encounter: e, diagnoses: diagnoses, codeOf: map[string]string{}}
	for _, c := range conditions {
		g.codeOf[c.ID] = c.Code
	}
	return models.Coding{Diagnoses: diagnoses, Services: g.services(procedures, items)}
}

// bare is a code as it compares: ICD-10-CM is written with and without the point.
func bare(code string) string { return strings.ToUpper(strings.ReplaceAll(code, ".", "")) }

// conditionID is the id in a reference to a Condition, relative or absolute, with or without a version; "" for others.
func conditionID(reference string) string {
	at := strings.LastIndex(reference, "Condition/")
	if at < 0 || at > 0 && reference[at-1] != '/' {
		return ""
	}
	id, _, _ := strings.Cut(reference[at+len("Condition/"):], "/")
	return id
}

// lastDay is the last day of the visit.
func lastDay(e models.Encounter) models.Date { return max(e.Start, e.End) }

// pointersTo gives the sequences of the diagnoses with these codes, at most four; the first four diagnoses where none is
// among them.
func pointersTo(diagnoses []models.Diagnosis, codes []string) models.Numbers {
	var pointers models.Numbers
	for _, code := range codes {
		at := slices.IndexFunc(diagnoses, func(d models.Diagnosis) bool { return bare(d.Code) == bare(code) })
		if at < 0 || slices.Contains(pointers, diagnoses[at].Sequence) || len(pointers) == models.LinePointersMax {
			continue
		}
		pointers = append(pointers, diagnoses[at].Sequence)
	}
	if len(pointers) > 0 {
		return pointers
	}
	for _, d := range diagnoses[:min(len(diagnoses), models.LinePointersMax)] {
		pointers = append(pointers, d.Sequence)
	}
	return pointers
}
