// Package coverage tells which of a patient's coverages pay on a day, and in which order. It asks no payer: it reads
// what the Coverage says.
package coverage

import (
	"cmp"
	"slices"

	"medbill/models"
)

// IsActive reports whether c covers day.
func IsActive(c models.Coverage, day models.Date) bool { return c.Active && c.Period.Contains(day) }

// Order gives the coverages active on day, first payer first: by Coverage.order, those without one last, then by id.
// https://hl7.org/fhir/R4/coverage-definitions.html#Coverage.order
func Order(coverages []models.Coverage, day models.Date) []models.Coverage {
	active := slices.DeleteFunc(slices.Clone(coverages), func(c models.Coverage) bool { return !IsActive(c, day) })
	slices.SortFunc(active, func(a, b models.Coverage) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.ID, b.ID))
	})
	return active
}

// place is Coverage.order with the unordered behind every order.
func place(c models.Coverage) uint {
	return uint(c.Order) - 1 // 0 wraps to the largest
}
