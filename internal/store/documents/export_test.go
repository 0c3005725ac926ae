package documents

import (
	"medbill/internal/store"
)

// HoldersQuery gives the query that Resolve sends to find who has identifiers (value, system).
func HoldersQuery(v *store.View, types []string, identifiers [][2]string) (string, []any) {
	return holdersQuery(v, types, identifiers)
}
