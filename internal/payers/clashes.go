package payers

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/internal/forms"
	"medbill/models"
)

// clashes gives the lines that contradict or repeat an earlier one. One that has no last day ends where the next one of its code
// begins; else two of a code never hold on one day, and no two ranges that share a code do.
func (f *File) clashes() []forms.Problem {
	var problems []forms.Problem
	says := func(line, other int) {
		problems = append(problems, forms.Problem{Line: line, Text: fmt.Sprintf("Line %d speaks of the same payer, subject and code on the same days; leave one of them out, or end it before.", other)})
	}
	byCode := map[key][]models.PayerFact{}
	byRange := map[key][]ranged{}
	for _, fact := range f.Facts {
		at := key{fact.PayerID, fact.Subject, fact.Code}
		byCode[at] = append(byCode[at], fact)
		if r, is := rangeOf(fact.Code); is {
			at.code = ""
			byRange[at] = append(byRange[at], ranged{r, fact})
		}
	}
	for _, facts := range byCode {
		slices.SortStableFunc(facts, func(a, b models.PayerFact) int { return cmp.Compare(a.From, b.From) })
		ends := facts[0] // of those that have a last day, the one that ends last
		for i, fact := range facts[1:] {
			switch before := facts[i]; {
			case before.From == fact.From:
				says(max(fact.Sequence, before.Sequence), min(fact.Sequence, before.Sequence))
			case ends.Until != "" && ends.Until >= fact.From:
				says(max(fact.Sequence, ends.Sequence), min(fact.Sequence, ends.Sequence))
			}
			if fact.Until != "" && (ends.Until == "" || fact.Until > ends.Until) {
				ends = fact
			}
		}
	}
	for _, ranges := range byRange {
		slices.SortStableFunc(ranges, func(a, b ranged) int { return cmp.Compare(a.CodeRange.From, b.CodeRange.From) })
		for i, a := range ranges {
			for _, b := range ranges[i+1:] {
				if b.CodeRange.From > a.CodeRange.Until {
					break
				}
				if a.Code != b.Code && meet(a.Span(), b.Span()) {
					says(max(a.Sequence, b.Sequence), min(a.Sequence, b.Sequence))
				}
			}
		}
	}
	seen := map[models.Enrolment]int{}
	for _, e := range f.Enrolments {
		line := e.Sequence
		e.Sequence = 0
		if first, twice := seen[e]; twice {
			problems = append(problems, forms.Problem{Line: line, Text: fmt.Sprintf("Line %d says the same; leave one of them out.", first)})
			continue
		}
		seen[e] = line
	}
	return problems
}

// meet reports whether two spans share a day.
func meet(a, b models.Span) bool {
	return (a.Until == "" || b.From <= a.Until) && (b.Until == "" || a.From <= b.Until)
}
