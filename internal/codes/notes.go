package codes

import (
	"cmp"
	"slices"
	"strings"
)

// CodeRange is a range of codes with all below them: from E08 until E13 holds E13.9. One code has itself at both ends.
type CodeRange struct{ From, Until string }

// Contains reports whether a bare code lies in the range.
func (r CodeRange) Contains(code string) bool {
	return code >= r.From && code[:min(len(code), len(r.Until))] <= r.Until
}

// Note is what the tabular list says at a code, a section or a chapter, and so for everything below it.
type Note struct {
	At          CodeRange
	Excludes1   []CodeRange // never beside it
	Excludes2   []CodeRange // not part of it, and may stand beside it
	CodeFirst   []CodeRange // what must stand before it
	Additional  []CodeRange // what should stand beside it
	Other       []string    // what else it is called
	IsManifests bool        // a manifestation: never first
}

// Notes is a release of the tabular list: those of codes by their code, those of sections and chapters apart.
type Notes struct {
	Codes  []Note // sorted by the code
	Ranges []Note
}

// NewNotes gives a release of these notes.
func NewNotes(list []Note) *Notes {
	n := &Notes{}
	for _, one := range list {
		if one.At.From == one.At.Until {
			n.Codes = append(n.Codes, one)
		} else {
			n.Ranges = append(n.Ranges, one)
		}
	}
	byCode := func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.At.From, b.At.From), cmp.Compare(a.At.Until, b.At.Until))
	}
	slices.SortStableFunc(n.Codes, byCode)
	slices.SortStableFunc(n.Ranges, byCode)
	return n
}

// Len is how many codes, sections and chapters have a note.
func (n *Notes) Len() int { return len(n.Codes) + len(n.Ranges) }

// For gives the notes that hold for a bare code: its own and those above it.
func (n *Notes) For(code string) []Note {
	var found []Note
	for _, one := range n.Ranges {
		if one.At.Contains(code) {
			found = append(found, one)
		}
	}
	for end := min(3, len(code)); end <= len(code); end++ {
		at, _ := slices.BinarySearchFunc(n.Codes, code[:end], func(one Note, code string) int { return strings.Compare(one.At.From, code) })
		for ; at < len(n.Codes) && n.Codes[at].At.From == code[:end]; at++ {
			found = append(found, n.Codes[at])
		}
	}
	return found
}

// Exclude reports whether one of two bare codes is excluded beside the other (Excludes1).
func (n *Notes) Exclude(a, b string) bool {
	excludes := func(a, b string) bool {
		return slices.ContainsFunc(n.For(a), func(one Note) bool {
			return slices.ContainsFunc(one.Excludes1, func(r CodeRange) bool { return r.Contains(b) })
		})
	}
	return a != b && (excludes(a, b) || excludes(b, a))
}
