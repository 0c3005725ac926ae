package published

import (
	"slices"
	"strings"

	"medbill/internal/codes"
)

// The columns of the HCPCS contractor record. https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system (record layout)
const (
	anwebCode    = 0 // of a modifier the last two
	anwebKind    = 10
	anwebLong    = 11
	anwebShort   = 91
	anwebPricing = 119
	anwebAdded   = 268
	anwebEnded   = 284
)

func isANWEB(_ string, head []string) bool { return slices.ContainsFunc(head, isRecord) }

// isRecord reports whether a line has the columns of a record; disclaimers stand before the first one.
func isRecord(line string) bool {
	return len(line) > anwebShort && isDigits(cut(line, 5, 10)) && strings.ContainsAny(cut(line, anwebKind, anwebLong), "3478")
}

// readANWEB reads codes (records 3, and 4 which go on) and modifiers (7 and 8) into an edition each. A code of five digits is CPT, whose
// text is not ours to keep.
func readANWEB(in *lines, o Options) ([]codes.Edition, error) {
	lists := map[codes.Table][]codes.Concept{}
	var last *codes.Concept
	err := in.each(func(line string) error {
		if strings.TrimSpace(line) == "" {
			return nil
		}
		if !isRecord(line) {
			if last == nil {
				return nil
			}
			return in.wrong("it does not have the columns of a HCPCS record")
		}
		long := clean(cut(line, anwebLong, anwebShort))
		kind := cut(line, anwebKind, anwebLong)
		if kind == "4" || kind == "8" {
			if last == nil {
				return in.wrong("it goes on with a description that did not begin")
			}
			last.Display = clean(last.Display + " " + long)
			return nil
		}
		table := codes.HCPCS
		if kind == "7" {
			table = codes.Modifiers
		}
		one, err := anwebConcept(line, long)
		if err != nil {
			return in.wrong("%s", err.Error())
		}
		lists[table] = append(lists[table], one)
		last = &lists[table][len(lists[table])-1]
		return nil
	})
	if err != nil {
		return nil, err
	}
	var editions []codes.Edition
	for _, table := range []codes.Table{codes.HCPCS, codes.Modifiers} {
		release, err := in.release(table, Options{Name: o.Name, From: o.From, Until: o.Until})
		if err != nil {
			return nil, err
		}
		found, err := conceptsOf(release, withoutCPT(lists[table]))
		if err != nil {
			return nil, err
		}
		editions = append(editions, found...)
	}
	return editions, nil
}

func anwebConcept(line, long string) (codes.Concept, error) {
	one := codes.Concept{Code: strings.TrimSpace(cut(line, anwebCode, 5)), Display: long, Billable: true}
	if one.Code == "" {
		return one, errNoCode
	}
	if short := clean(cut(line, anwebShort, anwebPricing)); short != "" && short != long {
		one.Other = []string{short}
	}
	var begins, ends bool
	one.Span.From, begins = compactDay(cut(line, anwebAdded, anwebAdded+8))
	if one.Span.Until, ends = compactDay(cut(line, anwebEnded, anwebEnded+8)); !begins || !ends {
		return one, errNoDay
	}
	return one, nil
}

// withoutCPT takes the texts of codes of five digits away.
func withoutCPT(list []codes.Concept) []codes.Concept {
	for i, one := range list {
		if len(one.Code) == 5 && isDigits(one.Code) {
			list[i].Display, list[i].Other = "", nil
		}
	}
	return list
}
