package codes

import (
	"slices"
	"strings"
)

// Set is a release that only says which codes are in it.
type Set struct{ Codes []string }

// NewSet gives a release of these bare codes; one that stands twice counts once.
func NewSet(list []string) *Set {
	list = slices.Clone(list)
	slices.Sort(list)
	return &Set{slices.Compact(list)}
}

// Len is how many codes there are.
func (s *Set) Len() int { return len(s.Codes) }

// Has reports whether a bare code is in it.
func (s *Set) Has(code string) bool {
	_, found := slices.BinarySearch(s.Codes, code)
	return found
}

// Records is a release of rows that are looked up by their first columns and not computed on here: localities and the like.
type Records struct {
	Columns []string
	Rows    [][]string // sorted
}

// NewRecords gives a release of these rows.
func NewRecords(columns []string, rows [][]string) *Records {
	rows = slices.Clone(rows)
	slices.SortFunc(rows, slices.Compare[[]string])
	return &Records{columns, rows}
}

// Len is how many rows there are.
func (r *Records) Len() int { return len(r.Rows) }

// By gives the rows that begin with these values.
func (r *Records) By(values ...string) [][]string {
	compare := func(row, values []string) int {
		for i, value := range values {
			if i == len(row) {
				return -1
			}
			if c := strings.Compare(row[i], value); c != 0 {
				return c
			}
		}
		return 0
	}
	first, _ := slices.BinarySearchFunc(r.Rows, values, compare)
	until := first
	for until < len(r.Rows) && compare(r.Rows[until], values) == 0 {
		until++
	}
	return r.Rows[first:until]
}
