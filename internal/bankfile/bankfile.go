// Package bankfile reads what a bank says came in: a list of JSON or CSV, a statement in BAI2, entries of the clearing house in NACHA's form with their addenda. A file that is cut off or
// whose totals are others than its lines is refused whole, by line and column. What a deposit pays is not its business.
package bankfile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"medbill/internal/forms"
	"medbill/models"
	"medbill/models/fault"
)

// LinesMax bounds the deposits of a file, which is one transaction.
const LinesMax = 5_000

// File is what was read, in its order. NotTaken are lines that are no deposits: money that went out, and what moves none.
type File struct {
	Kind     models.BankFile
	Lines    []Line
	NotTaken []NotTaken
	alike    map[string]int // how many lines before say the same
}

// Line is a deposit with where it stands: the line, or of JSON the place in the list, both from 1.
type Line struct {
	models.Deposit
	Line int
}

// NotTaken is a line that is no deposit, as far as it says what it is; an amount below zero went out.
type NotTaken struct {
	Line   int
	Amount models.Cents
	Why    string
}

var refusal = forms.Reader[File]{Name: "deposits", LinesMax: LinesMax, TooLong: "The file has more than 5000 deposits; send it as several files."}

// Refuse says what is wrong with lines that were read.
func Refuse(kind fault.Kind, problems []forms.Problem) error { return refusal.Refuse(kind, problems) }

// wrong refuses a file (Invalid) at one place.
func wrong(line int, column, text string) error {
	return refusal.Refuse(fault.Invalid, []forms.Problem{{Line: line, Column: column, Text: text}})
}

// ReadText reads a statement in BAI2 or entries in NACHA's form, told by the first record.
func ReadText(content []byte) (File, error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	switch {
	case bytes.HasPrefix(content, []byte("01,")):
		return readBAI2(content)
	case bytes.HasPrefix(content, []byte("101")):
		return readACH(content)
	}
	return File{}, wrong(1, "", "The file must begin with the record 01 of BAI2 or the record 1 of NACHA; send CSV as text/csv.")
}

// take keeps a line as a deposit, or as none where it brings nothing in.
func (f *File) take(line int, d models.Deposit) error {
	if len(f.Lines) >= LinesMax {
		return fault.At(fault.TooLarge, "deposits.lines", forms.At(line), refusal.TooLong)
	}
	if d.Amount <= 0 {
		f.pass(line, d.Amount, "It brings nothing in.")
		return nil
	}
	d.Text = strings.Join(strings.Fields(d.Text), " ")
	if d.Trace == "" {
		d.Trace = traceIn(d.Text)
	}
	d.Source, d.State = f.Kind, models.DepositUnmatched
	says := fmt.Sprintf("%s|%d|%q", d.Day, d.Amount, d.Trace)
	switch {
	case d.Trace != "": // which names the payment in whatever file it stands
	case d.Reference != "":
		says += fmt.Sprintf("|%q", d.Reference)
	default:
		says += fmt.Sprintf("|%q|%q", d.PayerID, d.Text)
	}
	if f.alike == nil {
		f.alike = map[string]int{}
	}
	f.alike[says]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%d", says, f.alike[says]))
	d.LineKey = hex.EncodeToString(sum[:])
	f.Lines = append(f.Lines, Line{Deposit: d, Line: line})
	return nil
}

func (f *File) pass(line int, amount models.Cents, why string) {
	f.NotTaken = append(f.NotTaken, NotTaken{Line: line, Amount: amount, Why: why})
}

// trn is the segment by which a payer names its payment to the bank. NACHA Operating Rules, healthcare EFT; CAQH CORE Rule 370; X12 005010X221A1, TRN.
var trn = regexp.MustCompile(`TRN\*1\*([^*\\~\s]+)`)

// traceIn gives the trace number that the words of a bank hold; "" for none.
func traceIn(text string) string {
	found := trn.FindStringSubmatch(text)
	if found == nil || len(found[1]) > traceCharsMax {
		return ""
	}
	return found[1]
}

// traceCharsMax bounds a trace number. X12 TRN02.
const traceCharsMax = 50

// ofDay makes the number that a bank gives a line its own: statements and clearing houses count anew every day. One of zeros alone is none.
func ofDay(day models.Date, number string) string {
	if strings.Trim(number, "0") == "" || utf8.RuneCountInString(number) > referenceCharsMax {
		return ""
	}
	return string(day) + "/" + number
}

const referenceCharsMax = 100

// records are the lines of a text, without their ends; what stands behind the last one is none.
func records(content []byte) []string {
	text := strings.TrimRight(strings.ReplaceAll(string(content), "\r\n", "\n"), "\n")
	return strings.Split(text, "\n")
}

// shortDay reads a day of six digits, YYMMDD.
func shortDay(text string) (models.Date, bool) {
	if len(text) != 6 {
		return "", false
	}
	return models.ParseDate("20" + text[:2] + "-" + text[2:4] + "-" + text[4:])
}

// cents reads whole cents; false where it is no number of at most 15 digits.
func cents(text string) (models.Cents, bool) {
	sign := models.Cents(1)
	if rest, isNegative := strings.CutPrefix(text, "-"); isNegative {
		sign, text = -1, rest
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	if text == "" || len(text) > 15 {
		return 0, false
	}
	var n models.Cents
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + models.Cents(c-'0')
	}
	return sign * n, true
}
