package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
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
		t.widths, cells[i] = append(t.widths, max(columnWidth, utf8.RuneCountInString(h)+2)), strings.TrimSpace(h)
	}
	t.row(cells...)
	return t
}

// namesOfRow are the columns that say what a row is about; they stand to the left.
const namesOfRow = 2

// row prints a row.
func (t table) row(cells ...any) {
	var line strings.Builder
	for i, c := range cells {
		width := t.widths[i]
		if i < namesOfRow {
			width = -width
		}
		fmt.Fprintf(&line, "%*s", width, fmt.Sprint(c))
	}
	fmt.Fprintln(t.w, strings.TrimRight(line.String(), " "))
}
