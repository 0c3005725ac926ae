package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// table prints rows in columns as they come, figures to the right.
type table struct {
	w      io.Writer
	widths []int
}

// columnWidth is the least of a column, its gap included.
const columnWidth = 11

// newTable prints the head of a table. A column is as wide as its head says: blanks before a name make room.
func newTable(w io.Writer, head ...string) table {
	t := table{w: w}
	cells := make([]any, len(head))
	for i, h := range head {
		t.widths, cells[i] = append(t.widths, max(columnWidth, len(h)+2)), strings.TrimSpace(h)
	}
	t.row(cells...)
	return t
}

// row prints a row; the first column stands to the left.
func (t table) row(cells ...any) {
	var line strings.Builder
	for i, c := range cells {
		width := t.widths[i]
		if i == 0 {
			width = -width
		}
		fmt.Fprintf(&line, "%*s", width, fmt.Sprint(c))
	}
	fmt.Fprintln(t.w, strings.TrimRight(line.String(), " "))
}

// decimal writes a figure with so many digits after its point.
func decimal(x float64, digits int) string { return fmt.Sprintf("%.*f", digits, x) }

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

func kilobytes(n int64) string { return fmt.Sprintf("%d kB", (n+500)/1000) }

func megabytes(n int64) string { return fmt.Sprintf("%d MB", (n+500_000)/1_000_000) }
