// Package openings reads what was due before a practice moved in: the CSV form, and what is wrong with a line of it that no record need be asked about.
package openings

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"medbill/internal/forms"
	"medbill/models"
	"medbill/models/fault"
)

// LinesMax bounds a file, which is one transaction: larger practices load several.
const LinesMax = 5_000

// File is what was read, a balance a number.
type File struct {
	Lines []Line
	at    map[string]int // of each number, in Lines
}

// Line is a balance with where it stands. Its coverage is "" where the one in force is meant.
type Line struct {
	models.Opening
	Line int
}

// The columns, by which refusals name what they are about.
const (
	ColumnPatient  = "patient"
	ColumnPayer    = "payer"
	ColumnCoverage = "coverage"
	ColumnNumber   = "number"
	ColumnDay      = "service_date"

	columnPayerNumber = "payer_number"
	columnSystem      = "system"
	columnCode        = "code"
	columnAmount      = "amount"
)

// The places of the columns in a row.
const (
	atPatient = iota
	atPayer
	atCoverage
	atNumber
	atPayerNumber
	atDay
	atSystem
	atCode
	atAmount
)

var reader = forms.Reader[File]{
	Name: "openings", LinesMax: LinesMax, TooLong: "The file has more than 5000 lines; load it as several files.",
	Forms: []forms.Form[File]{{
		Columns:  []string{ColumnPatient, ColumnPayer, ColumnCoverage, ColumnNumber, columnPayerNumber, ColumnDay, columnSystem, columnCode, columnAmount},
		AnyOrder: true, Row: (*File).take,
	}},
}

// ReadCSV reads a file of balances. It refuses (Invalid, every line at once) what is none, and a number that stands twice with different content; the
// same twice is one.
func ReadCSV(r io.Reader) (File, error) {
	file := File{at: map[string]int{}}
	err := reader.Read(r, &file)
	return file, err
}

// Refuse says (BusinessRule) what is wrong with lines.
func Refuse(problems []forms.Problem) error { return reader.Refuse(fault.BusinessRule, problems) }

// Problem says that something is wrong with a column of the line.
func (l Line) Problem(column, text string) forms.Problem {
	return forms.Problem{Line: l.Line, Column: column, Text: text}
}

// IsSame reports whether a balance that was taken before is what the line says.
func (l Line) IsSame(known models.Opening) bool {
	says := l.Opening
	if says.CoverageID == "" {
		says.CoverageID = known.CoverageID
	}
	says.TenantID, says.ChargeID, says.Due, says.Recipient, says.Created = known.TenantID, known.ChargeID, known.Due, known.Recipient, known.Created
	return says == known
}

func (f *File) take(line int, row []string) []forms.Problem {
	l := Line{Line: line, Opening: models.Opening{
		PatientID: idOf[models.PatientID]("Patient/", row[atPatient]), PayerID: idOf[models.OrganizationID]("Organization/", row[atPayer]),
		CoverageID: idOf[models.CoverageID]("Coverage/", row[atCoverage]), Number: row[atNumber], PayerNumber: row[atPayerNumber],
		ServiceDate: models.Date(row[atDay]), System: systemOf(row[atSystem]), Code: row[atCode],
	}}
	problems := l.check()
	amount, err := models.ReadAmount(row[atAmount])
	if err != nil || amount <= 0 {
		problems = append(problems, l.Problem(columnAmount, "The amount must be dollars above 0.00 with at most two decimals, such as 12.00."))
	}
	l.Amount = amount
	if l.System == "" && l.Code == "" {
		l.System, l.Code = models.SystemCharge, models.CodeOpeningBalance
	}
	if at, twice := f.at[l.Number]; twice && len(problems) == 0 {
		if !l.IsSame(f.Lines[at].Opening) {
			problems = append(problems, l.Problem(ColumnNumber, fmt.Sprintf("Line %d has the number and says something else; every balance has a number of its own.", f.Lines[at].Line)))
		}
		return problems
	}
	if len(problems) == 0 {
		f.at[l.Number] = len(f.Lines)
		f.Lines = append(f.Lines, l)
	}
	return problems
}

// idOf reads an id, alone or as a reference.
func idOf[ID ~string](prefix, text string) ID { return ID(strings.TrimPrefix(text, prefix)) }

// check gives what is wrong with a line, apart from its amount.
func (l Line) check() (problems []forms.Problem) {
	says := func(isWrong bool, column, text string) {
		if isWrong {
			problems = append(problems, l.Problem(column, text))
		}
	}
	says(!models.IsID(string(l.PatientID)), ColumnPatient, "The patient must be the id of a Patient.")
	says(l.PayerID != "" && !models.IsID(string(l.PayerID)), ColumnPayer, "The payer must be the id of an Organization, or empty where the patient owes the amount.")
	says(l.CoverageID != "" && !models.IsID(string(l.CoverageID)), ColumnCoverage, "The coverage must be the id of a Coverage, or empty for the one in force on the day.")
	says(l.PayerID == "" && l.CoverageID != "", ColumnCoverage, "A balance of the patient has no coverage; leave it empty, or name the payer.")
	says(!isNumber(l.Number, models.ClaimNumberMax), ColumnNumber, "The number must have 1 to 20 letters, digits and signs but * ~ : ^, without blanks at its ends.")
	says(l.PayerNumber != "" && !isNumber(l.PayerNumber, models.PayerNumberMax), columnPayerNumber, "The payer's number must have at most 50 letters, digits and signs but * ~ : ^, or be empty.")
	says(l.PayerID == "" && l.PayerNumber != "", columnPayerNumber, "A balance of the patient has no payer's number; leave it empty, or name the payer.")
	says(models.CheckDay(l.ServiceDate) != nil, ColumnDay, "The day of service must be written as 2026-03-02.")
	says(l.System == "" && l.Code != "", columnSystem, "The system of the code is missing; write cpt or hcpcs, or leave the code out.")
	says(!slices.Contains([]string{"", models.SystemCPT, models.SystemHCPCS, models.SystemCharge}, l.System), columnSystem, "The system must be cpt or hcpcs or the URL of one of them, or empty without a code.")
	says(l.System != "" && !isCode(l), columnCode, "The code must be one of five capital letters and digits.")
	return problems
}

// systemOf reads the short name of a code system.
func systemOf(text string) string {
	switch text {
	case "cpt":
		return models.SystemCPT
	case "hcpcs":
		return models.SystemHCPCS
	}
	return text
}

// isNumber reports whether a number can stand in X12: of its basic and extended characters, without what separates there. X12 005010X222A1, B.1.1.2.2.
func isNumber(text string, most int) bool {
	return text != "" && len(text) <= most && strings.TrimSpace(text) == text &&
		!strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' || strings.ContainsRune("*~:^", c) })
}

const codeLength = 5 // characters of a CPT or HCPCS code

func isCode(l Line) bool {
	if l.System == models.SystemCharge {
		return l.Code == models.CodeOpeningBalance
	}
	return len(l.Code) == codeLength && !strings.ContainsFunc(l.Code, func(c rune) bool { return (c < 'A' || c > 'Z') && (c < '0' || c > '9') })
}
