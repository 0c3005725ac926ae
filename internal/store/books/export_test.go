package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// Touch has a booked record published as its rows stand.
func Touch(tx *store.Tx, ref models.Ref) error {
	bodies, err := Renderings(tx.View, ref.Type, []string{ref.ID})
	changed(tx, ref, bodies[ref.ID])
	return err
}

// BookedTypes names the types that are rendered from rows.
func BookedTypes() []string {
	names := make([]string, len(bookedTypes))
	for i, b := range bookedTypes {
		names[i], _ = b.names()
	}
	return names
}

// SumsOfWork sums open items by looking at each.
var SumsOfWork = sumsOfWork
