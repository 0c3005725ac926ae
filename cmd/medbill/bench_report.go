package main

import (
	"fmt"
	"time"

	"medbill/cmd/medbill/bench"
)

// report prints what was measured as it comes, and says meanwhile what is done.
type report struct {
	table table
	phase *phase
}

func newReport(out streams) report {
	return report{
		table: newTable(out.out, "database", "what                       ", "clients", "binary", "a second", "bare SQL", "÷ bare", "median", "99 %",
			"CPU server", "CPU database", "statements", "disk", "memory"),
		phase: &phase{out: out},
	}
}

// show prints the rows of an operation, one for each binary, and the ratio of two.
func (r report) show(rows []bench.Row) {
	r.phase.clear()
	for _, m := range rows {
		each := float64(max(m.Done, 1))
		r.table.row(m.Engine, m.Operation, m.Clients, m.Side, decimal(m.Rate()), decimal(m.Bare), fmt.Sprintf("%.2f", m.Rate()/m.Bare), rough(m.Median), rough(m.Slowest99),
			part(m.Used.Server, each), part(m.Used.Database, each), decimal(float64(m.Used.Statements)/each), fmt.Sprintf("%.1f kB", float64(m.Used.Disk)/each/1000),
			fmt.Sprintf("%.0f MB", float64(m.Used.Peak)/1e6))
	}
	if len(rows) == 2 {
		r.table.row(rows[0].Engine, rows[0].Operation, rows[0].Clients, "÷", fmt.Sprintf("%.2f", rows[0].Rate()/rows[1].Rate()))
	}
}

// tell prints a line between the rows.
func (r report) tell(text string) {
	r.phase.clear()
	fmt.Fprintln(r.table.w, text)
}

// part gives what one operation used of a time; nothing where the time is not known.
func part(d time.Duration, each float64) string {
	if d == 0 {
		return "-"
	}
	return rough(time.Duration(float64(d) / each)).String()
}

// decimal writes a figure with as many digits as tell something.
func decimal(x float64) string {
	if x < 100 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// rough writes a duration with three digits or so.
func rough(d time.Duration) time.Duration {
	switch {
	case d >= 10*time.Second:
		return d.Round(100 * time.Millisecond)
	case d >= 100*time.Millisecond:
		return d.Round(time.Millisecond)
	case d >= time.Millisecond:
		return d.Round(10 * time.Microsecond)
	}
	return d.Round(time.Microsecond)
}
