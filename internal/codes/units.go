package codes

import (
	"fmt"
	"slices"
	"strings"
)

// UnitEdit is how many units of a code a provider may ask for. Adjudication (MAI): 1 on a line, 2 on a day and never more, 3 on a
// day unless the record says why. Max may be 0.
// https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-medically-unlikely-edits-mues
type UnitEdit struct {
	Code         string
	Max          int
	Adjudication byte // '1', '2', '3'
	Rationale    string
}

// Units is a release of the medically unlikely edits, by code.
type Units struct{ Edits []UnitEdit }

// NewUnits gives a release of these edits. It refuses a code that stands twice.
func NewUnits(list []UnitEdit) (*Units, error) {
	list, err := sorted(list, func(e UnitEdit) string { return e.Code })
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if e.Adjudication < '1' || e.Adjudication > '3' || e.Max < 0 {
			return nil, fmt.Errorf("the edit of %s has an adjudication indicator of 1, 2 or 3 and at least 0 units", e.Code)
		}
	}
	return &Units{list}, nil
}

// Len is how many codes have an edit.
func (u *Units) Len() int { return len(u.Edits) }

// Of gives the edit of a code.
func (u *Units) Of(code string) (UnitEdit, bool) {
	return find(u.Edits, code, func(e UnitEdit) string { return e.Code })
}

// sorted gives a list by its keys, and refuses one that stands twice or is empty.
func sorted[T any](list []T, key func(T) string) ([]T, error) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return strings.Compare(key(a), key(b)) })
	for i, one := range list {
		switch {
		case key(one) == "":
			return nil, fmt.Errorf("a row has no code")
		case i > 0 && key(list[i-1]) == key(one):
			return nil, fmt.Errorf("%s stands twice", key(one))
		}
	}
	return list, nil
}

// find gives the one of a sorted list that has a key.
func find[T any](list []T, key string, of func(T) string) (one T, found bool) {
	i, found := slices.BinarySearchFunc(list, key, func(one T, key string) int { return strings.Compare(of(one), key) })
	if found {
		one = list[i]
	}
	return one, found
}
