package coding

import (
	"cmp"
	"slices"
	"strings"

	"medbill/models"
)

// Suggestion is a code that facts speak for. Uses is how often the provider's last visits were coded with it; 0 where the chart itself
// says it.
type Suggestion struct {
	System, Code string
	Uses         int
}

// suggestionsMax is how many favourites of each code system are told.
const suggestionsMax = 10

// Suggest gives what the chart says beside what it proposes, first, then what coders chose for the provider's last visits, most often
// first. Nothing is guessed: every suggestion stands in a record, or in what a person chose.
func Suggest(proposed models.Coding, visit models.Encounter, orders []models.Order, words []models.CodingWord) []Suggestion {
	var list []Suggestion
	add := func(s Suggestion) {
		isProposed := slices.ContainsFunc(proposed.Services, func(p models.Service) bool { return p.Code == s.Code && p.System == s.System }) ||
			s.System == models.SystemICD10CM && slices.ContainsFunc(proposed.Diagnoses, func(d models.Diagnosis) bool { return d.Code == s.Code })
		if s.Code != "" && !isProposed && !slices.ContainsFunc(list, func(o Suggestion) bool { return o.System == s.System && o.Code == s.Code }) {
			list = append(list, s)
		}
	}
	for _, code := range visit.ReasonCodes {
		add(Suggestion{System: models.SystemICD10CM, Code: code})
	}
	for _, o := range orders {
		add(Suggestion{System: o.System, Code: o.Code})
		for _, code := range o.ReasonCodes {
			add(Suggestion{System: models.SystemICD10CM, Code: code})
		}
	}
	for _, s := range favourites(words) {
		add(s)
	}
	return list
}

// favourites counts in how many of the words each code stands, the most often first.
func favourites(words []models.CodingWord) []Suggestion {
	uses := map[Suggestion]int{}
	for _, w := range words {
		in := map[Suggestion]bool{}
		for _, code := range w.Diagnoses {
			in[Suggestion{System: models.SystemICD10CM, Code: code}] = true
		}
		for _, service := range w.Services {
			system, code, _ := strings.Cut(service, "|")
			in[Suggestion{System: system, Code: code}] = true
		}
		for s := range in {
			uses[s]++
		}
	}
	var all []Suggestion
	for s, n := range uses {
		s.Uses = n
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b Suggestion) int {
		return cmp.Or(cmp.Compare(b.Uses, a.Uses), cmp.Compare(a.System, b.System), cmp.Compare(a.Code, b.Code))
	})
	told := map[string]int{}
	return slices.DeleteFunc(all, func(s Suggestion) bool { told[s.System]++; return told[s.System] > suggestionsMax })
}
