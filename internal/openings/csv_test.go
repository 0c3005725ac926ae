package openings_test

import (
	"strings"
	"testing"

	"medbill/internal/openings"
	"medbill/models"
	"medbill/models/fault"
)

const header = "patient,payer,coverage,number,payer_number,service_date,system,code,amount\n"

// places gives where a file is refused, "" where it is not.
func places(text string) string {
	_, err := openings.ReadCSV(strings.NewReader(text))
	if err == nil {
		return ""
	}
	var list []string
	for _, issue := range fault.From(err).Issues {
		list = append(list, issue.Path)
	}
	return strings.Join(list, "; ")
}

// TestALineIsABalance in whatever order its columns stand, with ids alone or as references and systems by their short names.
func TestALineIsABalance(t *testing.T) {
	for _, text := range []string{
		header + "roe,acme,plan,C2002,ICN 2,2026-02-02,cpt,99213,90.00\nroe,,,C0900,,2026-01-12,,,12\n",
		"amount,code,system,service_date,payer_number,number,coverage,payer,patient\n" +
			"90,99213,http://www.ama-assn.org/go/cpt,2026-02-02,ICN 2,C2002,Coverage/plan,Organization/acme,Patient/roe\n" +
			"12.00,opening-balance,https://medbill.dev/fhir/CodeSystem/charge,2026-01-12,,C0900,,,Patient/roe\n" +
			"12.00,,,2026-01-12,,C0900,,,roe\n", // said twice
	} {
		file, err := openings.ReadCSV(strings.NewReader(text))
		want := []models.Opening{
			{Number: "C2002", PatientID: "roe", PayerID: "acme", CoverageID: "plan", PayerNumber: "ICN 2", ServiceDate: "2026-02-02", System: models.SystemCPT, Code: "99213", Amount: 90_00},
			{Number: "C0900", PatientID: "roe", ServiceDate: "2026-01-12", System: models.SystemCharge, Code: models.CodeOpeningBalance, Amount: 12_00},
		}
		if err != nil || len(file.Lines) != 2 || file.Lines[0].Opening != want[0] || file.Lines[1].Opening != want[1] {
			t.Errorf("got %+v, want %+v %v", file.Lines, want, err)
		}
	}
}

// TestAWrongLineIsToldByItsColumns and never by a value.
func TestAWrongLineIsToldByItsColumns(t *testing.T) {
	for _, row := range []struct{ sentence, text, want string }{
		{"another header", "patient,amount\n", "line 1"},
		{"nothing but a header", header, "line 1"},
		{"no patient", ",,,N,,2026-01-12,,,1.00\n", "line 2, column patient"},
		{"a patient by name", "Jane Roe,,,N,,2026-01-12,,,1.00\n", "line 2, column patient"},
		{"a payer by name", "roe,ACME PPO,,N,,2026-01-12,,,1.00\n", "line 2, column payer"},
		{"a plan of no payer", "roe,,plan,N,,2026-01-12,,,1.00\n", "line 2, column coverage"},
		{"no number", "roe,,,,,2026-01-12,,,1.00\n", "line 2, column number"},
		{"a number of 21 characters", "roe,,,123456789012345678901,,2026-01-12,,,1.00\n", "line 2, column number"},
		{"a number with a separator of X12", "roe,,,A*1,,2026-01-12,,,1.00\n", "line 2, column number"},
		{"a payer's number of no payer", "roe,,,N,ICN,2026-01-12,,,1.00\n", "line 2, column payer_number"},
		{"a day of another writing", "roe,,,N,,1/12/2026,,,1.00\n", "line 2, column service_date"},
		{"no day", "roe,,,N,,,,,1.00\n", "line 2, column service_date"},
		{"a code of no system", "roe,,,N,,2026-01-12,,99213,1.00\n", "line 2, column system"},
		{"a system that is none of services", "roe,,,N,,2026-01-12,icd,I10,1.00\n", "line 2, column system; line 2, column code"},
		{"a system without a code", "roe,,,N,,2026-01-12,cpt,,1.00\n", "line 2, column code"},
		{"no amount", "roe,,,N,,2026-01-12,,,\n", "line 2, column amount"},
		{"an amount of nothing", "roe,,,N,,2026-01-12,,,0.00\n", "line 2, column amount"},
		{"a credit", "roe,,,N,,2026-01-12,,,-1.00\n", "line 2, column amount"},
		{"a fraction of a cent", "roe,,,N,,2026-01-12,,,1.005\n", "line 2, column amount"},
		{"a number with another amount", "roe,,,N,,2026-01-12,,,1.00\nroe,,,N,,2026-01-12,,,2.00\n", "line 3, column number"},
		{"all of a line, and the next but one", ",,,,,,,,\nroe,,,N,,2026-01-12,,,1.00\nroe,,,M,,x,,,1.00\n", "line 2, column patient; line 2, column number; line 2, column service_date; line 2, column amount; line 4, column service_date"},
	} {
		text := row.text
		if !strings.HasPrefix(text, "patient,") {
			text = header + text
		}
		if got := places(text); got != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
		}
	}
}

// FuzzReadCSV holds that no file breaks the reader, and that what is taken can be booked: a number each, an amount above zero.
func FuzzReadCSV(f *testing.F) {
	f.Add(header + "roe,acme,plan,C2002,ICN 2,2026-02-02,cpt,99213,90.00\nroe,,,C0900,,2026-01-12,,,12.00\n")
	f.Add("amount,code,system,service_date,payer_number,number,coverage,payer,patient\n1,,,2026-01-12,,N,,,roe\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := openings.ReadCSV(strings.NewReader(text))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, l := range file.Lines {
			if l.Amount <= 0 || seen[l.Number] || len(l.Number) > models.ClaimNumberMax || !models.IsID(string(l.PatientID)) || l.PayerID == "" && l.CoverageID != "" || l.Code == "" {
				t.Errorf("%+v is taken", l)
			}
			seen[l.Number] = true
		}
	})
}
