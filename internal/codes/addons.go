package codes

import (
	"cmp"
	"fmt"
	"slices"
)

// AddOn says that an add-on code is paid beside a primary code. Type: 1 the list of primaries is whole, 2 the payer decides, 3
// some primaries are listed and the payer may know more. The primary CCCCC stands for "whatever the payer says".
// https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits/medicare-ncci-add-code-edits
type AddOn struct {
	Code, Primary string
	Type          byte // '1', '2', '3'
}

// PrimaryOfPayer is the primary code that stands for those of the payer.
const PrimaryOfPayer = "CCCCC"

// AddOnEdits is a release of the add-on code edits, by add-on code and primary.
type AddOnEdits struct{ Edits []AddOn }

// NewAddOns gives a release of these edits; the same twice counts once.
func NewAddOns(list []AddOn) (*AddOnEdits, error) {
	list = slices.Clone(list)
	slices.SortFunc(list, compareAddOns)
	for _, e := range list {
		if e.Code == "" || e.Primary == "" || e.Type < '1' || e.Type > '3' {
			return nil, fmt.Errorf("the edit of the add-on code %q has a primary code and a type of 1, 2 or 3", e.Code)
		}
	}
	return &AddOnEdits{slices.Compact(list)}, nil
}

func compareAddOns(a, b AddOn) int {
	return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Primary, b.Primary), cmp.Compare(a.Type, b.Type))
}

// Len is how many pairs there are.
func (a *AddOnEdits) Len() int { return len(a.Edits) }

// Of gives the edits of an add-on code; none where the code is none.
func (a *AddOnEdits) Of(code string) []AddOn {
	first, _ := slices.BinarySearchFunc(a.Edits, code, func(e AddOn, code string) int { return cmp.Compare(e.Code, code) })
	until := first
	for until < len(a.Edits) && a.Edits[until].Code == code {
		until++
	}
	return a.Edits[first:until]
}
