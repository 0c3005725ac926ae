package practice

import (
	"slices"

	"medbill/models"
)

// opposites are modifiers of which a line has one at most. CMS Pub. 100-04, chapters 12 and 13; NCCI Policy Manual, chapter I, E.
var opposites = [][]string{
	{"26", "TC"}, {"50", "LT", "RT"}, {"59", "XE", "XP", "XS", "XU"}, {"GA", "GX", "GZ"}, {"93", "95", "GT"}, {"AA", "AD", "QK", "QX", "QY", "QZ"}, {"80", "81", "82", "AS"},
}

// fits reports whether a modifier can be put beside those of a line: there are four at most, and none that says the opposite.
func fits(modifiers models.Codes, one string) bool {
	contradicts := func(other string) bool {
		return slices.ContainsFunc(opposites, func(group []string) bool { return slices.Contains(group, one) && slices.Contains(group, other) })
	}
	return len(modifiers) < models.LineModifiersMax && !slices.ContainsFunc(modifiers, contradicts)
}
