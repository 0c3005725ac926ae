package api

import (
	"testing"

	"medbill/models/operation"
)

// TestEveryOperationHasItsCode holds the two sides of the table together: a row that nothing runs, and code that no row
// offers. A new operation is a row and a line in runners (and its use case, where that is new); everything else is read
// from the row.
func TestEveryOperationHasItsCode(t *testing.T) {
	rows := map[string]bool{}
	for _, o := range operation.All() {
		rows[o.ID()] = true
		if runners[o.ID()] == nil {
			t.Errorf("%s is in the table and nothing runs it", o.ID())
		}
	}
	for id := range runners {
		if !rows[id] {
			t.Errorf("%s can be run and is not in the table", id)
		}
	}
}
