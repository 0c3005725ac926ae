package documents

import (
	"medbill/fhir/search"
	"medbill/internal/store"
)

// FirstPage gives the query that Search sends for the first page of q.
func FirstPage(v *store.View, q search.Query) (string, []any) {
	where, args := matching(v, q, Guard{})
	return pageQuery(v, q, where, args, nil)
}

// HoldersQuery gives the query that Resolve sends to find who has identifiers (value, system).
func HoldersQuery(v *store.View, types []string, identifiers [][2]string) (string, []any) {
	return holdersQuery(v, types, identifiers)
}
