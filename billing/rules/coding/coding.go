// Package coding reads what a visit was: it gathers the diagnoses and services an EHR sent and checks those a coder sends,
// tells who did them and where. It knows shapes of codes, not code sets, and no prices.
package coding

import (
	"cmp"
	"slices"
	"strings"

	"medbill/models"
)

// Chart is what the EHR says of one visit. Conditions may be any of the patient's; Roles are those that Named asks for; Elsewhere
// are the Procedures for which somebody was asked to pay with another visit.
type Chart struct {
	Encounter  models.Encounter
	Conditions []models.Condition
	Procedures []models.Procedure
	Items      []models.ChargeItem
	Roles      []models.PractitionerRole
	Elsewhere  []string // "Procedure/…"
}

// IsUsable reports whether c can be billed as it stands; anything else waits for a coder.
func IsUsable(c models.Coding) bool { return len(Check(c)) == 0 }

// Gather gives the codes the EHR sent for the visit, as many diagnoses as its claims hold and every service once, and the problems of
// what it means to be billed and cannot be: each holds the visit for a person. A billable ChargeItem is a service or has a
// problem, never neither. The order of reading does not matter. Codes of a wrong shape stay in, so that IsUsable sends them
// to a coder instead of a service being lost.
func Gather(c Chart) (models.Coding, []models.Finding) {
	g := gathererOf(c)
	lines := g.lines()
	coding := models.Coding{Diagnoses: g.diagnosed(lines)}
	for _, l := range lines {
		l.service.Pointers = pointersTo(coding.Diagnoses, g.codes(l.reasons))
		coding.Services = append(coding.Services, l.service)
	}
	coding = HouseOf(c).Complete(coding)
	return coding, append(g.problems(), tooMany(coding)...)
}

// Named gives the Conditions and PractitionerRoles that the chart's documents name and that are not in it yet, each once.
func Named(c Chart) []models.Ref {
	var refs []models.Ref
	seen := map[models.Ref]bool{{Type: "PractitionerRole"}: true, {Type: "Condition"}: true}
	add := func(typ, id string) {
		if ref := (models.Ref{Type: typ, ID: id}); !seen[ref] {
			seen[ref] = true
			refs = append(refs, ref)
		}
	}
	for _, have := range c.Conditions {
		seen[models.Ref{Type: "Condition", ID: have.ID}] = true
	}
	for _, have := range c.Roles {
		seen[models.Ref{Type: "PractitionerRole", ID: have.ID}] = true
	}
	for _, reference := range c.references() {
		if id, ok := strings.CutPrefix(reference, "Condition/"); ok {
			add("Condition", id)
		}
	}
	for _, p := range c.participants() {
		add("PractitionerRole", p.Provider.RoleID)
	}
	return refs
}

// references gives every reference to a Condition.
func (c Chart) references() []string {
	var references []string
	for _, named := range c.Encounter.DiagnosisRefs {
		references = append(references, named.Reference)
	}
	for _, p := range c.Procedures {
		references = append(references, p.ReasonRefs...)
	}
	for _, i := range c.Items {
		references = append(references, i.ReasonRefs...)
	}
	return references
}

func (c Chart) participants() []models.Participant {
	all := slices.Clone(c.Encounter.Participants)
	for _, p := range c.Procedures {
		all = append(all, p.Performers...)
	}
	for _, i := range c.Items {
		all = append(all, i.Performers...)
	}
	return all
}

// bare is a code as it compares: ICD-10-CM is written with and without the point.
func bare(code string) string { return strings.ToUpper(strings.ReplaceAll(code, ".", "")) }

// Days gives the days of the visit: its period, or where it has none, the days of its services. Both are "" where nothing
// tells.
func Days(c Chart) models.Span {
	e := c.Encounter
	if first := cmp.Or(e.Start, e.End); first != "" {
		return models.Span{From: first, Until: max(first, e.End)}
	}
	var days models.Span
	widen := func(day models.Date) {
		if day != "" && (days.From == "" || day < days.From) {
			days.From = day
		}
		days.Until = max(days.Until, day)
	}
	for _, i := range c.Items {
		if i.VisitID == e.ID && i.Status == itemBillable {
			widen(i.Occurred)
		}
	}
	for _, p := range c.Procedures {
		if isDone(p, e.ID) {
			widen(p.Performed)
		}
	}
	return days
}

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
