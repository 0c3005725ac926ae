package practice

import (
	"regexp"
	"slices"

	"medbill/models"
)

// contradictions are modifiers of which a line has one at most. CMS Pub. 100-04, chapters 12 and 13; NCCI Policy Manual, chapter I, E.
var contradictions = [][]string{
	{"26", "TC"},
	{"50", "LT", "RT"},
	{"59", "XE", "XP", "XS", "XU"},
	{"GA", "GX", "GZ"},
	{"93", "95", "GT"},
	{"AA", "AD", "QK", "QX", "QY", "QZ"},
	{"80", "81", "82", "AS"},
}

// Contradicts reports whether two modifiers say opposite things of a line.
func Contradicts(a, b string) bool {
	return a != b && slices.ContainsFunc(contradictions, func(group []string) bool { return slices.Contains(group, a) && slices.Contains(group, b) })
}

// With gives a line's modifiers with one more at the end, and unchanged where it stands there. ok is false where it cannot stand beside
// them: a line has four at most, and none that contradict each other.
func With(modifiers models.Codes, one string) (_ models.Codes, ok bool) {
	switch {
	case slices.Contains(modifiers, one):
		return modifiers, true
	case len(modifiers) >= models.LineModifiersMax:
		return modifiers, false
	case slices.ContainsFunc(modifiers, func(m string) bool { return Contradicts(m, one) }):
		return modifiers, false
	}
	return append(slices.Clone(modifiers), one), true
}

// isModifier is the form of a HCPCS or CPT modifier.
var isModifier = regexp.MustCompile(`^[A-Z0-9]{2}$`).MatchString
