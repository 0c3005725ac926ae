package codes

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"medbill/models"
)

// Concept is one code of a code system.
type Concept struct {
	Code     string // bare: without its dot
	Display  string
	Other    []string // what else the release calls it
	Billable bool     // whether it may stand on a claim; false for a heading
	// Span is when the code may be used, as the release itself says; open where it says nothing.
	Span models.Span
}

// Concepts is a release of a code system, by code.
type Concepts struct {
	Codes    []string // sorted
	Displays []string
	Others   []string // joined by a newline
	Billable []bool
	From     []day // shorter, or empty, where no code has one
	Until    []day

	index words
	once  sync.Once
}

// NewConcepts gives a release of these concepts. It refuses a code that stands twice, and one without a name or a text.
func NewConcepts(list []Concept) (*Concepts, error) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Concept) int { return strings.Compare(a.Code, b.Code) })
	c := &Concepts{}
	dated := slices.ContainsFunc(list, func(one Concept) bool { return one.Span != models.Span{} })
	for i, one := range list {
		switch {
		case one.Code == "":
			return nil, fmt.Errorf("a row has no code")
		case i > 0 && list[i-1].Code == one.Code:
			return nil, fmt.Errorf("the code %s stands twice", one.Code)
		}
		c.Codes = append(c.Codes, one.Code)
		c.Displays = append(c.Displays, one.Display)
		c.Others = append(c.Others, strings.Join(one.Other, "\n"))
		c.Billable = append(c.Billable, one.Billable)
		if dated {
			c.From, c.Until = append(c.From, dayOf(one.Span.From)), append(c.Until, dayOf(one.Span.Until))
		}
	}
	return c, nil
}

// Len is how many codes there are, headings too.
func (c *Concepts) Len() int { return len(c.Codes) }

// BillableCount is how many of them may stand on a claim.
func (c *Concepts) BillableCount() int {
	n := 0
	for _, billable := range c.Billable {
		if billable {
			n++
		}
	}
	return n
}

// Find gives a concept by its bare code.
func (c *Concepts) Find(code string) (Concept, bool) {
	i, found := slices.BinarySearch(c.Codes, code)
	if !found {
		return Concept{}, false
	}
	return c.at(i), true
}

func (c *Concepts) at(i int) Concept {
	one := Concept{Code: c.Codes[i], Display: c.Displays[i], Billable: c.Billable[i]}
	if c.Others[i] != "" {
		one.Other = strings.Split(c.Others[i], "\n")
	}
	if len(c.From) > 0 {
		one.Span = span(c.From[i], c.Until[i])
	}
	return one
}

// Under gives at most n billable codes that begin with a bare code, the shortest first: what a heading may be replaced by.
func (c *Concepts) Under(code string, n int) []Concept {
	var found []Concept
	first, until := c.prefixed(code)
	for i := first; i < until; i++ {
		if c.Billable[i] {
			found = append(found, c.at(i))
		}
	}
	slices.SortStableFunc(found, func(a, b Concept) int { return cmp.Compare(len(a.Code), len(b.Code)) })
	return found[:min(n, len(found))]
}

// prefixed gives the range of the codes that begin with prefix.
func (c *Concepts) prefixed(prefix string) (first, until int) {
	first, _ = slices.BinarySearch(c.Codes, prefix)
	n := sort.Search(len(c.Codes)-first, func(i int) bool { return !strings.HasPrefix(c.Codes[first+i], prefix) })
	return first, first + n
}
