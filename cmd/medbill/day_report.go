package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"medbill/cmd/medbill/day"
	"medbill/payer"
)

const dayLine = "%-4s %-7s %6d %11s %11s %11s %11s  %s\n"

// printDay prints what came of a day: of each scenario, in all, what is left open for people, and what is not as it was to be.
func printDay(w io.Writer, r day.Result) {
	prefixes := map[string]string{}
	for _, row := range payer.Rows {
		prefixes[row.ID] = row.Prefix
	}
	fmt.Fprintf(w, "\n%-4s %-7s %6s %11s %11s %11s %11s  %s\n", "no", "member", "visits", "paid", "taken off", "patients", "payers", "left open")
	work := map[string]int{}
	for _, row := range r.Rows {
		var open []string
		for _, c := range row.Open {
			open = append(open, fmt.Sprintf("%d %s", c.N, c.What))
			work[c.What] += c.N
		}
		if row.Asked > 0 {
			open = append(open, fmt.Sprintf("%d invoices", row.Asked))
		}
		fmt.Fprintf(w, dayLine, row.ID, prefixes[row.ID], row.Visits, row.Books.Paid(), row.Books.TakenOff(), row.Books.Patient(), row.Books.Insurance(), strings.Join(open, ", "))
	}
	fmt.Fprintf(w, dayLine, "", "all", r.Visits, r.Books.Paid(), r.Books.TakenOff(), r.Books.Patient(), r.Books.Insurance(), "with interest of payments")
	fmt.Fprintf(w, dayLine, "", "want", r.Visits, r.Want.Paid(), r.Want.TakenOff(), r.Want.Patient(), r.Want.Insurance(), "the scenarios, each as often as it was played")
	for _, c := range r.Payments {
		work[c.What] += c.N
	}
	fmt.Fprint(w, "\nwork left for people\n")
	for _, what := range slices.Sorted(maps.Keys(work)) {
		fmt.Fprintf(w, "%6d  %s\n", work[what], what)
	}
	fmt.Fprint(w, "\nbooks\n")
	for _, account := range slices.Sorted(maps.Keys(r.Books)) {
		fmt.Fprintf(w, "  %-26s %12s\n", account, r.Books[account])
	}
	for _, wrong := range r.Wrong {
		fmt.Fprintln(w, "differs:", wrong)
	}
	fmt.Fprintf(w, "\nsha256 of balances, invoices and work by member\n%s\n\n", r.Sum)
}
