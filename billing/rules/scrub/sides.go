package scrub

import (
	"strings"

	"medbill/internal/codes"
	"medbill/models"
)

const ruleSide = "scrub.side"

// side is where on the body something is.
type side string

const (
	sideLeft        side = "left"
	sideRight       side = "right"
	sideUnspecified side = "unspecified"
)

// sidesOfModifiers are the modifiers that say a side: eyelids, fingers and toes too.
var sidesOfModifiers = map[string]side{
	"LT": sideLeft, "E1": sideLeft, "E2": sideLeft, "FA": sideLeft, "F1": sideLeft, "F2": sideLeft, "F3": sideLeft, "F4": sideLeft,
	"TA": sideLeft, "T1": sideLeft, "T2": sideLeft, "T3": sideLeft, "T4": sideLeft,
	"RT": sideRight, "E3": sideRight, "E4": sideRight, "F5": sideRight, "F6": sideRight, "F7": sideRight, "F8": sideRight, "F9": sideRight,
	"T5": sideRight, "T6": sideRight, "T7": sideRight, "T8": sideRight, "T9": sideRight,
}

// sides: a modifier names the side that its diagnoses name, and a diagnosis names a side where its siblings do.
func sides(s Subject) []models.Finding {
	days := s.days()
	if len(days) == 0 {
		return nil
	}
	content, r, ok := look[*codes.Concepts](s, codes.ICD10CM, days[0])
	if !ok {
		return nil
	}
	var findings []models.Finding
	of := make([]side, len(s.Claim.Diagnoses))
	for i, code := range s.bareDiagnoses() {
		if of[i] = sideOf(content, code); of[i] == sideUnspecified {
			findings = append(findings, by(r, noted(ruleSide, diagnosis(i),
				"The diagnosis leaves the side open, and there are codes that name it.", "Code the side where the record names it.")))
		}
	}
	for i, line := range s.Claim.Lines {
		if contradicts(line, of) {
			findings = append(findings, by(r, unless(models.ForCoder, held(ruleSide, item(i, "modifier"),
				"The modifier names one side, and every diagnosis of the line that names a side names the other.",
				"Correct the modifier, the diagnosis, or what the line points to, or override this where both are right."))))
		}
	}
	return findings
}

// contradicts reports whether a line's modifiers say one side, and the sides of its diagnoses are all the other.
func contradicts(line models.ClaimLine, of []side) bool {
	said := map[side]bool{}
	for _, m := range line.Modifiers {
		if one, found := sidesOfModifiers[m]; found {
			said[one] = true
		}
	}
	pointed := map[side]bool{}
	for _, p := range line.Pointers {
		if p >= 1 && p <= len(of) {
			pointed[of[p-1]] = true
		}
	}
	if len(said) != 1 || pointed[sideLeft] == pointed[sideRight] || pointed[sideUnspecified] {
		return false
	}
	return said[sideLeft] && pointed[sideRight] || said[sideRight] && pointed[sideLeft]
}

// sideOf gives the side that a code names: one of its siblings, whose code has another character in one place, has the same title with
// the other side. So "left ventricular failure" has no side; "pain in left knee" has. "" where a code has none, or both.
func sideOf(content *codes.Concepts, code string) side {
	one, found := content.Find(code)
	if !found {
		return ""
	}
	title := strings.ToLower(one.Display)
	switch {
	case strings.Contains(title, "bilateral"):
		return ""
	case hasSibling(content, code, swapped(title, "right", "left")):
		return sideRight
	case hasSibling(content, code, swapped(title, "left", "right")):
		return sideLeft
	case hasSibling(content, code, swapped(title, "unspecified", "left")):
		return sideUnspecified
	}
	return ""
}

// swapped gives the titles with a word replaced, in one place each and in all of them.
func swapped(title, word, by string) map[string]bool {
	titles := map[string]bool{}
	words := strings.Fields(title)
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w
		if strings.TrimRight(w, ",") != word {
			continue
		}
		all[i] = by + w[len(word):]
		once := append(append(append([]string{}, words[:i]...), all[i]), words[i+1:]...)
		titles[strings.Join(once, " ")] = true
	}
	if len(titles) > 0 {
		titles[strings.Join(all, " ")] = true
	}
	return titles
}

// hasSibling reports whether a code that differs in one digit after the category has one of the titles.
func hasSibling(content *codes.Concepts, code string, titles map[string]bool) bool {
	if len(titles) == 0 {
		return false
	}
	const category = 3
	for at := category; at < len(code); at++ {
		sibling := []byte(code)
		for sibling[at] = '0'; sibling[at] <= '9'; sibling[at]++ {
			other, found := content.Find(string(sibling))
			if found && titles[strings.ToLower(other.Display)] {
				return true
			}
		}
	}
	return false
}
