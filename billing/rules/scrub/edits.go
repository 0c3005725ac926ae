package scrub

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/internal/codes"
	"medbill/models"
)

const (
	rulePairs = "scrub.ptp"
	ruleUnits = "scrub.mue"
	ruleAddOn = "scrub.add-on"
)

// service is a line of this claim or of another one that asks for the same patient's money.
type service struct {
	models.ClaimLine
	at int // its place on this claim, -1 on another
}

// done gives what one provider did for the patient on the day of a line: on this claim, and on others that stand. A charge that the
// plan is about to take off another claim, or asks a next payer for, is counted once.
func (s Subject) done(line models.ClaimLine) []service {
	return s.doneIn(models.Span{From: line.ServiceDate, Until: line.ServiceDate}, line)
}

// doneIn gives what the provider of a line did for the patient in a span of days.
func (s Subject) doneIn(days models.Span, line models.ClaimLine) []service {
	var all []service
	for i, other := range s.Claim.Lines {
		if days.Contains(other.ServiceDate) && isSameHand(s.Claim, line, s.Claim, other) {
			all = append(all, service{other, i})
		}
	}
	for _, claim := range s.Others {
		if !competes(s.Claim, claim) {
			continue
		}
		for _, other := range claim.Lines {
			mine := slices.ContainsFunc(s.Claim.Lines, func(l models.ClaimLine) bool { return isSameCharge(s.Claim, l, claim, other) })
			if !mine && days.Contains(other.ServiceDate) && isSameHand(s.Claim, line, claim, other) {
				all = append(all, service{other, -1})
			}
		}
	}
	return all
}

// Modifiers that say why two codes of a pair stand beside each other. 25 and 57 count on an evaluation alone.
var (
	pairModifiers = []string{
		"E1", "E2", "E3", "E4", "FA", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "TA", "T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9",
		"LT", "RT", "LC", "LD", "RC", "LM", "RI", "24", "58", "78", "79", "27", "59", "91", "XE", "XS", "XP", "XU",
	}
	evaluationModifiers = []string{"25", "57"}
)

func bypasses(line models.ClaimLine) bool {
	return slices.ContainsFunc(line.Modifiers, func(m string) bool {
		return slices.Contains(pairModifiers, m) || isEvaluation(line.Code) && slices.Contains(evaluationModifiers, m)
	})
}

// pairsOf: procedure-to-procedure edits, over all that one provider did for the patient on a day, whatever claim it stands on.
func pairsOf(table codes.Table) func(Subject) []models.Finding {
	return func(s Subject) []models.Finding { return pairs(s, table) }
}

func pairs(s Subject, table codes.Table) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		edits, r, ok := look[*codes.Pairs](s, table, line.ServiceDate)
		if !ok {
			continue
		}
		for _, other := range s.done(line) {
			if other.at == i {
				continue
			}
			f, found := pairOf(edits, other.ClaimLine, line, "The service is part of "+other.where())
			if !found && other.at < 0 { // on this claim it is told where the other one stands
				f, found = pairOf(edits, line, other.ClaimLine, "A service on another claim of this patient is part of this one")
			}
			if found {
				f.Path = item(i, "productOrService")
				f.Position = "2400 SV101-2"
				findings = append(findings, by(r, f))
			}
		}
	}
	return findings
}

// where says which service it is, without its code.
func (o service) where() string {
	if o.at < 0 {
		return "one on another claim of this patient"
	}
	return fmt.Sprintf("that of line %d", o.at+1)
}

// pairOf judges two lines, the first of which is in column 1.
func pairOf(edits *codes.Pairs, first, second models.ClaimLine, said string) (models.Finding, bool) {
	for _, e := range edits.Between(first.Code, second.Code) {
		switch {
		case e.Indicator == '9' || !e.Span.Contains(second.ServiceDate):
		case e.Indicator == '0':
			return held(rulePairs, "", said+", done by the same provider on that day, and no modifier changes that.", "Leave the service out."), true
		case !bypasses(first) && !bypasses(second):
			return held(rulePairs, "", said+", done by the same provider on that day, unless a modifier says why it stands apart.",
				"Leave it out, or add the modifier that the record supports, such as 59, XE, XS, XP, XU, a side, or 25 on an evaluation."), true
		}
	}
	return models.Finding{}, false
}

// modifierPostoperative is care after an operation alone, whose units are not counted.
const modifierPostoperative = "55"

// unitsOf: medically unlikely edits. MAI 1 bounds a line; 2 and 3 bound what a provider asks for a patient's day. What an MAI of 3 finds
// may be right where the record says why.
func unitsOf(table codes.Table) func(Subject) []models.Finding {
	return func(s Subject) []models.Finding { return units(s, table) }
}

func units(s Subject, table codes.Table) []models.Finding {
	var findings []models.Finding
	told := map[string]bool{} // the sum of a code and day is told once
	for i, line := range s.Claim.Lines {
		edits, r, ok := look[*codes.Units](s, table, line.ServiceDate)
		if !ok {
			continue
		}
		e, found := edits.Of(line.Code)
		if !found || slices.Contains(line.Modifiers, modifierPostoperative) {
			continue
		}
		most, may, key := models.UnitsOf(e.Max), models.WorkRole(""), string(line.ServiceDate)+line.Code+string(cmp.Or(line.Rendering, s.Claim.Rendering).ID)
		sum := line.Count()
		if e.Adjudication != '1' {
			if sum = s.sumOf(line); told[key] {
				continue
			}
		}
		if sum <= most {
			continue
		}
		told[key] = true
		text, remedy := "More units are asked for on a day than are likely for the code.", "Correct the units."
		switch e.Adjudication {
		case '1':
			text, remedy = "More units stand on the line than are likely for the code.", "Correct the units, or put what was done apart on lines of its own with 76, 77, 59, XE, XS, XP, XU or a side."
		case '3':
			may, remedy = models.ForBiller, "Correct the units, or override this with what the record says."
		}
		f := by(r, unless(may, held(ruleUnits, item(i, "quantity"), text, remedy)))
		f.Position = "2400 SV104"
		findings = append(findings, f)
	}
	return findings
}

// sumOf is how many units of a line's code its provider asks for on its day.
func (s Subject) sumOf(line models.ClaimLine) models.Units {
	var sum models.Units
	for _, other := range s.done(line) {
		if other.Code == line.Code && !slices.Contains(other.Modifiers, modifierPostoperative) {
			sum += other.Count()
		}
	}
	return sum
}

// addOns: an add-on code stands beside a primary one, done by the same provider on that day.
func addOns(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		edits, r, ok := look[*codes.AddOnEdits](s, codes.AddOns, line.ServiceDate)
		if !ok {
			continue
		}
		list := edits.Of(line.Code)
		if len(list) == 0 || s.hasPrimary(line, list) {
			continue
		}
		f := held(ruleAddOn, item(i, "productOrService"), "The service is an add-on, and none of those it belongs to was done by the same provider on that day.", "Add the primary service, or code it otherwise.")
		if slices.ContainsFunc(list, func(e codes.AddOn) bool { return e.Type != '1' || e.Primary == codes.PrimaryOfPayer }) {
			f = noted(ruleAddOn, item(i, "productOrService"), "The service is an add-on, and none of the listed ones it belongs to was done by the same provider on that day; the payer may know others.", "See that the primary service stands on the claim.")
		}
		findings = append(findings, by(r, f))
	}
	return findings
}

// dependents: what the fee schedule pays only beside another service (ZZZ), and the add-on codes do not know, stands beside one.
func dependents(s Subject) []models.Finding {
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		fees, r, ok := look[*codes.Schedule](s, codes.Fees, line.ServiceDate)
		if !ok {
			continue
		}
		depends := func(l models.ClaimLine) bool {
			fee, _ := fees.Of(l.Code, l.Modifiers)
			return fee.Global == globalOfAnother
		}
		if listed, _, _ := codes.Look[*codes.AddOnEdits](s.Books, codes.AddOns, line.ServiceDate); !depends(line) || listed != nil && len(listed.Of(line.Code)) > 0 {
			continue
		}
		if !slices.ContainsFunc(s.done(line), func(o service) bool { return !depends(o.ClaimLine) }) {
			findings = append(findings, by(r, noted(ruleAddOn, item(i, "productOrService"), "Medicare pays the service only beside another one, and the same provider did none on that day.", "See that the service it belongs to stands on the claim.")))
		}
	}
	return findings
}

// criticalCare is the one primary that another one of the group may have billed. CMS Pub. 100-04, chapter 12, 30.6.12
const criticalCare = "99291"

func (s Subject) hasPrimary(line models.ClaimLine, list []codes.AddOn) bool {
	isPrimary := func(code string) bool {
		return slices.ContainsFunc(list, func(e codes.AddOn) bool { return e.Primary == code })
	}
	if slices.ContainsFunc(s.done(line), func(o service) bool { return isPrimary(o.Code) }) {
		return true
	}
	return isPrimary(criticalCare) && slices.ContainsFunc(append(slices.Clone(s.Others), s.Claim), func(c models.Claim) bool {
		return (c.ID == s.Claim.ID || competes(s.Claim, c)) && slices.ContainsFunc(c.Lines, func(l models.ClaimLine) bool { return l.Code == criticalCare && l.ServiceDate == line.ServiceDate })
	})
}
