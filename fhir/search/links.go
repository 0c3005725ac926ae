package search

import (
	"cmp"
	"slices"
	"strings"
)

// Link is a place to which a document refers, with the parameters by which it does. Most references are found by several: the
// patient of an Encounter by subject, by patient, and as whom it belongs to.
type Link struct {
	Type, ID, URL string
	// Params are their names, sorted, each between bars: |:patient|patient|subject|.
	Params string
}

// Links gives the places of reference keys, by type, id and URL.
func Links(keys []ReferenceKey) []Link {
	sorted := slices.SortedFunc(slices.Values(keys), func(a, b ReferenceKey) int {
		return cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.ID, b.ID), strings.Compare(a.URL, b.URL), strings.Compare(a.Param, b.Param))
	})
	var links []Link
	for _, k := range sorted {
		if n := len(links); n == 0 || links[n-1].Type != k.Type || links[n-1].ID != k.ID || links[n-1].URL != k.URL {
			links = append(links, Link{Type: k.Type, ID: k.ID, URL: k.URL, Params: "|"})
		}
		links[len(links)-1].Params += k.Param + "|"
	}
	return links
}

// LinkedBy is the pattern of SQL's LIKE for the params of a link by one parameter.
func LinkedBy(param string) string { return "%|" + param + "|%" }

// OnlyBelongs are the params of a link that says to whom a document belongs and is no reference.
const OnlyBelongs = "|" + CompartmentParam + "|"
