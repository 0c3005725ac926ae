package scrub

import (
	"fmt"
	"slices"
	"strings"

	"medbill/internal/codes"
	"medbill/models"
)

const (
	ruleSequence = "scrub.sequence"
	ruleFirst    = "scrub.first-diagnosis"
)

// tabled is a diagnosis with what the tabular list says of it: at its code, and at what stands above.
type tabled struct {
	code  string
	notes []codes.Note
}

// comesBefore reports whether a note of one diagnosis itself, or of a heading above it, puts d before other. Notes of sections and
// chapters are about nearly everything, and put nothing into an order.
func (d tabled) comesBefore(other tabled) bool {
	says := func(notes []codes.Note, code string, of func(codes.Note) []codes.CodeRange) bool {
		return slices.ContainsFunc(notes, func(n codes.Note) bool {
			return n.At.From == n.At.Until && slices.ContainsFunc(of(n), func(r codes.CodeRange) bool { return r.Contains(code) })
		})
	}
	return d.code != other.code && (says(other.notes, d.code, func(n codes.Note) []codes.CodeRange { return n.CodeFirst }) ||
		says(d.notes, other.code, func(n codes.Note) []codes.CodeRange { return n.Additional }))
}

// sequences: where the tabular list says which of two diagnoses comes first, they stand so. That a diagnosis is missing beside another
// is not said, because most notes hold only "if applicable".
func sequences(s Subject) []models.Finding {
	var findings []models.Finding
	list, r := s.tabled()
	for i, early := range list {
		if slices.ContainsFunc(list[:i], func(before tabled) bool { return before.comesBefore(early) }) {
			continue // one of those that come first does; the others need not
		}
		for n, late := range list {
			if n > i && late.comesBefore(early) && !early.comesBefore(late) {
				findings = append(findings, by(r, noted(ruleSequence, diagnosis(i),
					fmt.Sprintf("The diagnosis stands before number %d, which comes first by the notes of the tabular list (code first, use additional code).", n+1),
					"Put the other one before it, unless the record says otherwise.")))
				break
			}
		}
	}
	return findings
}

// manifestations: what a disease shows itself by comes after the disease. Of an inpatient stay Medicare refuses it, so it warns.
func manifestations(s Subject) []models.Finding {
	var findings []models.Finding
	list, r := s.tabled()
	for i, d := range list {
		if !slices.ContainsFunc(d.notes, func(n codes.Note) bool { return n.IsManifests && n.At.From == d.code }) {
			continue
		}
		namesCauses := slices.ContainsFunc(d.notes, func(n codes.Note) bool { return len(n.CodeFirst) > 0 })
		switch {
		case i == 0:
			findings = append(findings, by(r, noted(ruleFirst, diagnosis(i),
				"The first diagnosis is a manifestation, which comes after its cause.", "Put the underlying condition before it.")))
		case namesCauses && !slices.ContainsFunc(list[:i], func(before tabled) bool { return before.comesBefore(d) }):
			findings = append(findings, by(r, noted(ruleFirst, diagnosis(i),
				"The diagnosis is a manifestation, and none of the causes that the tabular list names stands before it.", "Put the underlying condition before it.")))
		}
	}
	return findings
}

// tabled gives the claim's diagnoses by the tabular list of the first day of service; none where it is not here.
func (s Subject) tabled() ([]tabled, codes.Release) {
	days := s.days()
	if len(days) == 0 {
		return nil, codes.Release{}
	}
	notes, r, ok := look[*codes.Notes](s, codes.Tabular, days[0])
	if !ok {
		return nil, r
	}
	var list []tabled
	for _, code := range s.bareDiagnoses() {
		list = append(list, tabled{code, notes.For(code)})
	}
	return list, r
}

// bareDiagnoses gives the codes of the claim's diagnoses as tables have them.
func (s Subject) bareDiagnoses() []string {
	list, facts := make([]string, len(s.Claim.Diagnoses)), codes.ICD10CM.Facts()
	for i, d := range s.Claim.Diagnoses {
		list[i] = facts.Bare(d.Code)
	}
	return list
}

// block is a range of diagnoses with all below them, apart from some. It has the codes bare.
type block struct {
	codes.CodeRange
	apart []string
}

func (b block) contains(code string) bool {
	return b.Contains(code) && !slices.ContainsFunc(b.apart, func(a string) bool { return strings.HasPrefix(code, a) })
}

func oneOf(blocks []block, code string) bool {
	return code != "" && slices.ContainsFunc(blocks, func(b block) bool { return b.contains(code) })
}

// under gives the blocks of headings, each with all below it: "P00-P96" or "Z52".
func under(headings string) []block {
	var blocks []block
	for _, h := range strings.Fields(headings) {
		from, until, isRange := strings.Cut(h, "-")
		if !isRange {
			until = from
		}
		blocks = append(blocks, block{CodeRange: codes.CodeRange{From: from, Until: until}})
	}
	return blocks
}

var (
	// externalCauses say how something came about, and never what it is. Guidelines, I.C.20.a.6
	externalCauses = under("V00-Y99")
	// firstOnly are the reasons for a visit that stand first or not at all. Guidelines of FY 2024, I.C.21.c.16
	firstOnly = append(under("Z01-Z02 Z04 Z332 Z3181 Z3183-Z3184 Z34 Z38-Z39 Z40 Z42 Z510-Z511 Z761-Z762 Z9912"),
		block{codes.CodeRange{From: "Z00", Until: "Z00"}, []string{"Z006"}}, block{codes.CodeRange{From: "Z52", Until: "Z52"}, []string{"Z529"}})
)

// firstDiagnosis: an external cause stands never first, and what may only be first not after another reason. Two of the latter are two
// visits of a day on one record, which the guidelines let pass.
func firstDiagnosis(s Subject) []models.Finding {
	var findings []models.Finding
	list := s.bareDiagnoses()
	for i, code := range list {
		switch {
		case i == 0 && oneOf(externalCauses, code):
			findings = append(findings, noted(ruleFirst, diagnosis(i), "The first diagnosis is an external cause.", "Put what it caused before it."))
		case i > 0 && oneOf(firstOnly, code) && !oneOf(firstOnly, list[0]):
			findings = append(findings, noted(ruleFirst, diagnosis(i),
				"The diagnosis may only stand first: it is the reason for a visit of its own.", "Put it first, or leave it out."))
		}
	}
	return findings
}
