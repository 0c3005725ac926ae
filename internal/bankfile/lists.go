package bankfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"medbill/internal/forms"
	"medbill/models"
	"medbill/models/fault"
)

// The columns of a list, by which refusals name what they are about.
const (
	columnDate      = "date"
	columnAmount    = "amount"
	columnTrace     = "trace"
	columnPayer     = "payer"
	columnText      = "text"
	columnReference = "reference"
)

var list = forms.Reader[File]{
	Name: refusal.Name, LinesMax: LinesMax, TooLong: refusal.TooLong,
	Forms: []forms.Form[File]{
		{
			Columns: []string{columnDate, columnAmount, columnTrace, columnPayer, columnText}, AnyOrder: true,
			Row: func(f *File, line int, row []string) []forms.Problem {
				return f.row(line, item{row[0], json.Number(row[1]), row[2], row[3], row[4], ""})
			},
		},
		{
			Columns: []string{columnDate, columnAmount, columnTrace, columnPayer, columnText, columnReference}, AnyOrder: true,
			Row: func(f *File, line int, row []string) []forms.Problem {
				return f.row(line, item{row[0], json.Number(row[1]), row[2], row[3], row[4], row[5]})
			},
		},
	},
}

// ReadCSV reads a list whose first line names its columns. It refuses (Invalid, every line at once) what is none.
func ReadCSV(r io.Reader) (File, error) {
	file := File{Kind: models.BankCSV}
	err := list.Read(r, &file)
	return file, err
}

// item is a deposit of a list; amounts of JSON are numbers or texts.
type item struct {
	Date      string      `json:"date"`
	Amount    json.Number `json:"amount"`
	Trace     string      `json:"trace"`
	Payer     string      `json:"payer"`
	Text      string      `json:"text"`
	Reference string      `json:"reference"`
}

// ReadJSON reads a list of objects with the same names. Lines of a refusal are places in the list.
func ReadJSON(r io.Reader) (File, error) {
	file := File{Kind: models.BankJSON}
	content, err := io.ReadAll(r)
	if err != nil {
		return file, err
	}
	var items []item
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&items); err != nil || items == nil {
		line, column := place(content, err, decoder.InputOffset())
		return file, wrong(line, column, "The body must be a list of objects with date, amount, trace, payer, text and reference.")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return file, wrong(1, "", "Something stands behind the list; send one list.")
	}
	if len(items) > LinesMax {
		return file, fault.At(fault.TooLarge, "deposits.lines", forms.At(LinesMax+1), refusal.TooLong)
	}
	var problems []forms.Problem
	for i, one := range items {
		for _, p := range file.row(i+1, one) {
			p.Line = i + 1
			problems = append(problems, p)
		}
	}
	if len(items) == 0 {
		problems = append(problems, forms.Problem{Line: 1, Text: "The list is empty; send at least one deposit."})
	}
	return file, refusal.Refuse(fault.Invalid, problems)
}

// place gives the line and the column at which JSON is broken.
func place(content []byte, err error, read int64) (line int, column string) {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := read
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	case errors.Is(err, io.ErrUnexpectedEOF):
		at = int64(len(content))
	}
	before := content[:min(int(at), len(content))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, fmt.Sprint(max(1, len(before)-start))
}

// row takes one line of a list.
func (f *File) row(line int, of item) (problems []forms.Problem) {
	d := models.Deposit{Day: models.Date(of.Date), Trace: of.Trace, PayerID: models.OrganizationID(strings.TrimPrefix(of.Payer, "Organization/")), Text: of.Text, Reference: of.Reference}
	says := func(isWrong bool, column, text string) {
		if isWrong {
			problems = append(problems, forms.Problem{Column: column, Text: text})
		}
	}
	parsed, ok := models.ParseDate(of.Date)
	says(!ok || parsed != d.Day || d.Day < models.DayMin || d.Day > models.DayMax, columnDate, "The date must be the bank's day, such as 2026-03-20.")
	unsigned, isOut := strings.CutPrefix(of.Amount.String(), "-")
	var err error
	d.Amount, err = models.ReadAmount(unsigned)
	says(err != nil || d.Amount == 0, columnAmount, "The amount must be dollars with at most two decimals, such as 96.00; below 0.00 where the money went out.")
	says(!isWord(of.Trace, traceCharsMax), columnTrace, "The trace number must be one word of at most 50 characters, or empty.")
	says(d.PayerID != "" && !models.IsID(string(d.PayerID)), columnPayer, "The payer must be the id of an Organization, or empty.")
	says(!isWord(of.Reference, referenceCharsMax), columnReference, "The bank's reference must be of at most 100 characters in one line, or empty.")
	says(utf8.RuneCountInString(of.Text) > models.TextCharsMax || !utf8.ValidString(of.Text) || strings.ContainsRune(of.Text, 0), columnText, "The text must have at most 2000 characters.")
	if len(problems) > 0 {
		return problems
	}
	if isOut {
		f.pass(line, -d.Amount, "The money went out.")
		return nil
	}
	if err := f.take(line, d); err != nil {
		says(true, "", refusal.TooLong)
	}
	return problems
}

// isWord reports whether a text stands in one line and is not longer than it may be, or is none.
func isWord(text string, most int) bool {
	return text == "" || models.CheckLine(text) == nil && utf8.RuneCountInString(text) <= most
}
