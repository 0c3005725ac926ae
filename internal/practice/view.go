// Package practice holds the rules that a practice writes itself: what of a claim they see, how their conditions are compiled and run, how
// the examples beside them are tried, and how they are told to people. Conditions are CEL (https://cel.dev): they end, they cost no more
// than is allowed, and they reach nothing but the claim. It changes no claim; whoever calls it does what a rule asks for.
package practice

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"medbill/models"
)

// View is what a rule sees of a claim. The names in JSON are those of the variables.
type View struct {
	Claim     Claim    `json:"claim"`
	Patient   Patient  `json:"patient"`
	Payer     Payer    `json:"payer"`
	Billing   Provider `json:"billing"`
	Rendering Provider `json:"rendering"`
}

// Claim is the claim as a whole. Amounts are cents; days are text, which compares.
type Claim struct {
	Type      string   `json:"type" text:"professional or institutional."`
	From      string   `json:"from" text:"First day of service, as 2026-03-02."`
	Until     string   `json:"until" text:"Last day of service."`
	Place     string   `json:"place" text:"Place of service, two digits."`
	BillType  string   `json:"bill_type" text:"Type of bill of an institutional claim; empty of any other."`
	Billed    int64    `json:"billed" text:"What it asks for, in cents."`
	Position  int64    `json:"position" text:"Which of the patient's payers is asked: 1 is the first."`
	Diagnoses []string `json:"diagnoses" text:"ICD-10-CM codes in order, without the point."`
	Lines     []Line   `json:"lines" text:"Its lines, in order."`
}

// What the units of a line may be.
const (
	MeasureUnits   = "units"
	MeasureMinutes = "minutes"
)

// Line is one line of a claim.
type Line struct {
	Number    int64    `json:"number" text:"From 1."`
	System    string   `json:"system" text:"CPT, HCPCS or revenue."`
	Code      string   `json:"code" text:"CPT or HCPCS code, or a revenue code that stands alone."`
	Revenue   string   `json:"revenue" text:"Revenue code of an institutional line."`
	Modifiers []string `json:"modifiers" text:"In order."`
	Units     float64  `json:"units" text:"How often, or for how long."`
	Measure   string   `json:"measure" text:"units, or of anaesthesia minutes."`
	Drug      string   `json:"drug" text:"National Drug Code of what was given, eleven digits; empty where nothing was."`
	Date      string   `json:"date" text:"Day of service; empty where the line names none."`
	Weekday   string   `json:"weekday" text:"Of that day: monday to sunday."`
	Billed    int64    `json:"billed" text:"What it asks for, in cents."`
	Diagnoses []string `json:"diagnoses" text:"Diagnoses that it points to, in that order, without the point."`
	Rendering Provider `json:"rendering" text:"Who did it."`
}

// Patient is the little that a rule may know of the patient.
type Patient struct {
	Age int64  `json:"age" text:"Whole years on the first day of service; -1 where it is unknown."`
	Sex string `json:"sex" text:"male, female, other or unknown, as the record says; empty where it says nothing."`
}

// Payer is who is asked to pay.
type Payer struct {
	ID   string `json:"id" text:"Id of its Organization."`
	Name string `json:"name" text:"Name of its Organization."`
}

// Provider is a person or a practice.
type Provider struct {
	ID       string `json:"id" text:"Id of the Practitioner or Organization."`
	Name     string `json:"name" text:"As the record says."`
	NPI      string `json:"npi" text:"National Provider Identifier."`
	Taxonomy string `json:"taxonomy" text:"NUCC taxonomy code; empty where the record has none."`
}

// Bare is a diagnosis as rules see it: payers and records write the point or leave it out.
func Bare(diagnosis string) string { return strings.ReplaceAll(diagnosis, ".", "") }

// Weekday names the day of the week of a date; "" of none.
func Weekday(date string) string {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return strings.ToLower(day.Weekday().String())
}

// errView is a claim of an example that cannot be read; where says its element.
type errView struct{ where, text string }

func (e errView) Error() string { return e.text }

// readView reads the claim of an example. What is left out follows from the rest: numbers and weekdays of lines always, days and amount of
// the claim from its lines, one unit a line, the claim's provider for a line; the claim is professional and asks the first payer.
func readView(text string) (View, error) {
	v := View{Claim: Claim{Type: string(models.ClaimProfessional), Position: 1}}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, readFault(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return v, errView{"", "Something stands after the end of the JSON object; leave it out."}
	}
	return v.filled(), nil
}

// readFault says what is wrong with JSON without its values: json names fields that nobody knows, and elements of the wrong type.
func readFault(err error) error {
	var typed *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &typed):
		return errView{typed.Field, "The element has another type of value; docs/rules.md has the types."}
	case errors.As(err, &syntax):
		return errView{"", "This is no JSON: it goes wrong at byte " + strconv.FormatInt(syntax.Offset, 10) + "."}
	case strings.HasPrefix(err.Error(), "json: unknown field"):
		return errView{"", "An element is none that there is; docs/rules.md names them."}
	}
	return errView{"", "This is no JSON object; docs/rules.md shows how it is written."}
}

func (v View) filled() View {
	sum := int64(0)
	for i := range v.Claim.Lines {
		l := &v.Claim.Lines[i]
		l.Number, l.Weekday = int64(i+1), Weekday(l.Date)
		for d := range l.Diagnoses {
			l.Diagnoses[d] = Bare(l.Diagnoses[d])
		}
		if l.Units == 0 {
			l.Units = 1
		}
		if l.Measure == "" {
			l.Measure = MeasureUnits
		}
		if l.Rendering == (Provider{}) {
			l.Rendering = v.Rendering
		}
		sum += l.Billed
	}
	c := &v.Claim
	for d := range c.Diagnoses {
		c.Diagnoses[d] = Bare(c.Diagnoses[d])
	}
	if c.Billed == 0 {
		c.Billed = sum
	}
	for _, l := range c.Lines {
		if l.Date != "" && (c.From == "" || l.Date < c.From) {
			c.From = l.Date
		}
		if l.Date > c.Until {
			c.Until = l.Date
		}
	}
	return v
}
