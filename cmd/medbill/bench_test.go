package main

import (
	"strconv"
	"strings"
	"testing"

	"medbill/internal/store/storetest"
)

// benchParts are the parts of the benchmark, as small as they can be, with the operations that each is about. The posting is
// measured in the test's own process and by the number, the others are servers' over a span.
var benchParts = []struct {
	args       []string
	operations []string
}{
	{[]string{"visits", "--prepared", "2", "--clients", "2", "--fresh"}, []string{"visit of a new tenant"}},
	{[]string{"fhir", "--patients", "2", "--clients", "2"}, []string{"create", "read", "search", "transaction of 4", "finished Encounter", "seed, resources"}},
	{[]string{"graphql", "--clients", "2"}, []string{"patient", "page of 20 claims"}},
	{[]string{"post", "--answers", "4", "--clients", "2"}, []string{"answer of 3 lines posted"}},
	{[]string{"sorts", "--documents", "50", "--clients", "2"}, []string{"Claim?_sort=-created", "Claim?_sort=-_lastUpdated", "Encounter?status=&date=ge", "Claim?_total=accurate"}},
}

// Every part of the benchmark measures all that it is about, on every database, beside bare SQL and another binary.
func TestTheBenchmarkMeasuresEveryOperation(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers; run without -short")
	}
	binary := built(t)
	for _, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			url := storetest.BareURL(t, name)
			for i, part := range benchParts {
				args := append([]string{"bench"}, part.args...)
				args = append(args, "--only", name, "--rounds", "1")
				if part.args[0] != "post" {
					args = append(args, "--binary", binary, "--span", "20ms")
				}
				if name == "postgres" {
					args = append(args, "--postgres", url)
				}
				sides := []string{sideThis}
				if i == 0 {
					args, sides = append(args, "--against", binary), append(sides, sideAgainst)
				}
				printed := said(t, args...)
				for _, operation := range part.operations {
					hold(t, printed, operation, sides)
				}
			}
		})
	}
}

// hold looks for the row of an operation of each side, and that its figures are some.
func hold(t *testing.T, printed, operation string, sides []string) {
	t.Helper()
	for _, side := range sides {
		isThere := false
		for line := range strings.Lines(printed) {
			_, rest, found := strings.Cut(line, operation+"  ")
			fields := strings.Fields(rest) // clients, side, a second, bare SQL, ratio, median, 99 %, CPU, CPU, statements …
			if !found || len(fields) < 12 || fields[1] != side {
				continue
			}
			isThere = true
			for _, figure := range []string{fields[2], fields[3], fields[9]} {
				if x, err := strconv.ParseFloat(figure, 64); err != nil || x <= 0 {
					t.Errorf("%s, %s: %q is no figure in\n%s", operation, side, figure, line)
				}
			}
		}
		if !isThere {
			t.Errorf("%s, %s: no row in\n%s", operation, side, printed)
		}
	}
}
