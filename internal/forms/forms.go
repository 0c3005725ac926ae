// Package forms reads CSV files that people fill in, of which each is one of several forms, told by its first line. It says what is wrong
// of every line at once, by line and column and never by value; what a line means is its reader's.
package forms

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"medbill/models/fault"
)

// IssuesMax bounds a refusal: nobody mends more lines before trying again.
const IssuesMax = 100

const byteOrder = "\ufeff" // which spreadsheets put before the first column

// Form is a kind of file, told by its first line.
type Form[F any] struct {
	Columns  []string
	AnyOrder bool // of the columns in the first line; a row is read in the form's own
	// Row takes the fields of a line into what was read before, and gives what is wrong.
	Row func(into *F, line int, row []string) []Problem
}

// Problem is something that is wrong with a line, in a column of it or, where that is "", in the whole. Row need not name its line.
type Problem struct {
	Line         int
	Column, Text string
}

// Whole makes a Row of one that says at most one thing about a line.
func Whole[F any](row func(*F, int, []string) string) func(*F, int, []string) []Problem {
	return func(into *F, line int, fields []string) []Problem {
		if text := row(into, line, fields); text != "" {
			return []Problem{{Text: text}}
		}
		return nil
	}
}

// Reader reads files of some forms. Name leads the codes of what it refuses.
type Reader[F any] struct {
	Name     string
	Forms    []Form[F]
	LinesMax int
	TooLong  string             // refuses more
	Clashes  func(*F) []Problem // what is wrong of several lines together; nil for nothing
}

// Read takes a file into into. It refuses (Invalid, every line at once) what is none of the forms, what is wrong with lines and a file
// of a first line alone, and (TooLarge) more than LinesMax lines; what stands in into is then of no use.
func (r Reader[F]) Read(from io.Reader, into *F) error {
	reader := csv.NewReader(from)
	form, order := r.formOf(reader)
	if order == nil {
		return fault.At(fault.Invalid, r.Name+".header", At(1), r.headers())
	}
	var problems []Problem
	lines := 0
	for ; ; lines++ {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return r.Refuse(fault.Invalid, append(problems, Problem{Line: broken.StartLine, Text: "The line is not CSV with as many fields as the first line."}))
		}
		if err != nil {
			return err
		}
		line, _ := reader.FieldPos(0)
		if lines >= r.LinesMax {
			return fault.At(fault.TooLarge, r.Name+".lines", At(line), r.TooLong)
		}
		fields := make([]string, len(order))
		for i, at := range order {
			fields[i] = row[at]
		}
		for _, p := range form.Row(into, line, fields) {
			p.Line = line
			problems = append(problems, p)
		}
	}
	if r.Clashes != nil {
		problems = append(problems, r.Clashes(into)...)
	}
	if lines == 0 && len(problems) == 0 {
		problems = append(problems, Problem{Line: 1, Text: "The file has no line but the first; send at least one."})
	}
	return r.Refuse(fault.Invalid, problems)
}

// formOf reads the first line, and gives the form with the place of each of its columns; no place where it is none.
func (r Reader[F]) formOf(reader *csv.Reader) (Form[F], []int) {
	header, err := reader.Read()
	if err != nil {
		return Form[F]{}, nil
	}
	header = slices.Clone(header)
	header[0] = strings.TrimPrefix(header[0], byteOrder)
	for _, form := range r.Forms {
		order := make([]int, len(form.Columns))
		fits := len(header) == len(form.Columns)
		for i, name := range form.Columns {
			order[i] = slices.Index(header, name)
			fits = fits && order[i] >= 0 && (form.AnyOrder || order[i] == i)
		}
		if fits {
			return form, order
		}
	}
	return Form[F]{}, nil
}

// headers says what the first line may be.
func (r Reader[F]) headers() string {
	list := make([]string, len(r.Forms))
	for i, f := range r.Forms {
		list[i] = strings.Join(f.Columns, ",")
		if f.AnyOrder {
			list[i] += " in any order"
		}
	}
	if len(list) == 1 {
		return "The first line must be " + list[0] + "."
	}
	return "The first line must be one of: " + strings.Join(list, "; ") + "."
}

// Refuse gives the first of what is wrong, by line, as one refusal; nil of nothing.
func (r Reader[F]) Refuse(kind fault.Kind, problems []Problem) error {
	slices.SortStableFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	var issues []fault.Issue
	for _, p := range problems[:min(len(problems), IssuesMax)] {
		path := At(p.Line)
		if p.Column != "" {
			path += ", column " + p.Column
		}
		issues = append(issues, fault.Issue{Code: r.Name + ".line", Path: path, Text: p.Text})
	}
	return fault.Of(kind, issues)
}

// At gives a line as a place.
func At(line int) string { return fmt.Sprintf("line %d", line) }
