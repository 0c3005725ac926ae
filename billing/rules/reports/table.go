// Package reports is the arithmetic of reports: which there are and what they take, aging, trial balances, figures of a practice as
// exact fractions, and the table that every door shows the same. It reads nothing: sums of the journal and counts come in.
package reports

import (
	"encoding/csv"
	"math/big"
	"strconv"
	"strings"

	"medbill/models"
)

// Kind says what stands in a column.
type Kind string

// The kinds.
const (
	KindText   Kind = "text"
	KindMonth  Kind = "month"  // 2026-03
	KindMoney  Kind = "money"  // dollars and cents
	KindCount  Kind = "count"  // a whole number
	KindNumber Kind = "number" // its unit stands beside it
)

// Column is one column of a report.
type Column struct {
	Name string
	Kind Kind
}

// Cell is one value of a row. The zero Cell is empty: there is no such value, which is not zero.
type Cell struct {
	Text   string
	Amount models.Cents // of money
	Count  int64        // of a count
}

// Table is a report: in words how it is counted, and its rows, each with a cell for each column.
type Table struct {
	Name        string
	Title       string
	AsOf        models.Date // the last day that counts
	Explanation string
	Columns     []Column
	Rows        [][]Cell
}

// RowsMax bounds a report.
const RowsMax = 100_000

// Texts gives the cells of a row as every door writes them.
func Texts(row []Cell) []string {
	texts := make([]string, len(row))
	for i, cell := range row {
		texts[i] = cell.Text
	}
	return texts
}

// CSV writes the report with its columns in the first row. A text that a spreadsheet would take for a formula begins with an
// apostrophe. https://www.rfc-editor.org/rfc/rfc4180
func (t Table) CSV() (string, error) {
	var text strings.Builder
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	if err := w.Write(head); err != nil {
		return "", err
	}
	for _, row := range t.Rows {
		line := Texts(row)
		for i, c := range t.Columns {
			if c.Kind == KindText && line[i] != "" && strings.ContainsRune("=+-@\t\r", rune(line[i][0])) {
				line[i] = "'" + line[i]
			}
		}
		if err := w.Write(line); err != nil {
			return "", err
		}
	}
	w.Flush()
	return text.String(), w.Error()
}

func words[Text ~string](text Text) Cell { return Cell{Text: string(text)} }

func cents(amount models.Cents) Cell { return Cell{Text: amount.String(), Amount: amount} }

func count(n int64) Cell { return Cell{Text: strconv.FormatInt(n, 10), Count: n} }

// ratio writes times × numerator ÷ denominator with one decimal, halves away from zero, and what comes to nothing without a sign; empty where
// nothing can be divided by.
func ratio(numerator, denominator, times int64) Cell {
	if denominator == 0 {
		return Cell{}
	}
	exact := new(big.Rat).Mul(big.NewRat(numerator, denominator), big.NewRat(times, 1))
	text := exact.FloatString(1)
	if text == "-0.0" {
		text = "0.0"
	}
	return Cell{Text: text}
}
