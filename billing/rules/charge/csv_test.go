package charge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/billing/rules/charge"
	"medbill/models"
	"medbill/models/fault"
)

const columns = "code,system,modifiers,payer,from,until,amount\n"

func TestAFeeScheduleIsReadFromCSV(t *testing.T) {
	prices, err := charge.ReadCSV(strings.NewReader("\ufeff" + columns + "99214,,25,acme,2026-01-01,2026-12-31,250\nG0463,,,,,,12.50\n99024,cpt,,,,,0.00\n0001F,http://www.ama-assn.org/go/cpt,,,,,0\nJ1885,HCPCS,,,,,3\n99214,cpt,25,acme,2027-01-01,,260\n99214,,25 59,acme,,,240\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []models.Price{
		{Sequence: 2, Code: "99214", System: models.SystemCPT, Modifiers: models.Codes{"25"}, PayerID: "acme", From: "2026-01-01", Until: "2026-12-31", Amount: 25000},
		{Sequence: 3, Code: "G0463", System: models.SystemHCPCS, Modifiers: models.Codes{}, Amount: 1250},
		{Sequence: 4, Code: "99024", System: models.SystemCPT, Modifiers: models.Codes{}},
		{Sequence: 5, Code: "0001F", System: models.SystemCPT, Modifiers: models.Codes{}},
		{Sequence: 6, Code: "J1885", System: models.SystemHCPCS, Modifiers: models.Codes{}, Amount: 300},
		{Sequence: 7, Code: "99214", System: models.SystemCPT, Modifiers: models.Codes{"25"}, PayerID: "acme", From: "2027-01-01", Amount: 26000},
		{Sequence: 8, Code: "99214", System: models.SystemCPT, Modifiers: models.Codes{"25", "59"}, PayerID: "acme", Amount: 24000},
	}
	if diff := cmp.Diff(want, prices); diff != "" {
		t.Error(diff)
	}
}

func TestEveryBadLineOfAFeeScheduleIsNamed(t *testing.T) {
	bad := []string{
		"99,,,,,,1", "99214,,,,2026-1-1,,1", "99214,,,,,,-0.01", "99214,,,,,,1.005", "99214,,,,,,", "99214,loinc,,,,,1", "9921x,,,,,,1", "99214,,2,,,,1",
		"99214,,25 25,,,,1", "99214,,25 26 59 76 77,,,,1", "99214,,,no/id,,,1", "99214,,,,2026-02-01,2026-01-01,1", "99214,,,,,,999999999999",
	}
	_, err := charge.ReadCSV(strings.NewReader(columns + "99213,,,,,,1\n" + strings.Join(bad, "\n") + "\n99213,CPT,,,2026-01-01,,2\n"))
	f := fault.From(err)
	var at []string
	for _, i := range f.Issues {
		at = append(at, i.Path)
	}
	var want []string
	for i := range len(bad) + 1 {
		want = append(want, "line "+string("0123456789"[(i+3)/10])+string("0123456789"[(i+3)%10]))
	}
	for i := range want {
		want[i] = strings.Replace(want[i], "line 0", "line ", 1)
	}
	if diff := cmp.Diff(want, at); diff != "" || f.Kind != fault.Invalid {
		t.Errorf("kind %d, lines %s", f.Kind, diff)
	}
	if _, err := charge.ReadCSV(strings.NewReader("code,amount\n")); err == nil {
		t.Error("a file without the columns is taken")
	}
}

func TestALineIsSaidOnceForADay(t *testing.T) {
	for _, row := range []struct {
		name  string
		lines string
		want  bool
	}{
		{"the same", "99214,,,,,,1\n99214,,,,,,1\n", false},
		{"modifiers in another order", "99214,,25 59,,,,1\n99214,,59 25,,,,2\n", false},
		{"days that overlap", "99214,,,,2026-01-01,2026-06-30,1\n99214,,,,2026-06-30,,2\n", false},
		{"days that follow", "99214,,,,2026-01-01,2026-06-29,1\n99214,,,,2026-06-30,,2\n", true},
		{"another payer", "99214,,,acme,,,1\n99214,,,beta,,,2\n99214,,,,,,3\n", true},
		{"another modifier", "99214,,25,,,,1\n99214,,59,,,,2\n", true},
		{"another system", "99214,cpt,,,,,1\n99214,hcpcs,,,,,2\n", true},
	} {
		if _, err := charge.ReadCSV(strings.NewReader(columns + row.lines)); (err == nil) != row.want {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add(columns + "99214,,25,acme,2026-01-01,,250\n")
	f.Add(columns + "\"")
	f.Fuzz(func(t *testing.T, text string) {
		prices, err := charge.ReadCSV(strings.NewReader(text))
		if err != nil {
			return
		}
		if len(charge.Repeated(prices)) > 0 || slices.ContainsFunc(prices, func(p models.Price) bool { return p.Amount < 0 || p.System == "" }) {
			t.Errorf("%q is read as %+v", text, prices)
		}
	})
}
