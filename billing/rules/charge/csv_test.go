package charge_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/billing/rules/charge"
	"medbill/models"
	"medbill/models/fault"
)

func TestAFeeScheduleIsReadFromCSV(t *testing.T) {
	prices, err := charge.ReadCSV(strings.NewReader("code,system,modifiers,payer,from,until,amount\n99214,,25,acme,2026-01-01,2026-12-31,250\nG0463,,,,,,12.50\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []models.Price{
		{Code: "99214", System: models.SystemCPT, Modifiers: models.Codes{"25"}, PayerID: "acme", From: "2026-01-01", Until: "2026-12-31", Amount: 25000},
		{Code: "G0463", System: models.SystemHCPCS, Modifiers: models.Codes{}, Amount: 1250},
	}
	if diff := cmp.Diff(want, prices); diff != "" {
		t.Error(diff)
	}
}

func TestEveryBadLineOfAFeeScheduleIsNamed(t *testing.T) {
	_, err := charge.ReadCSV(strings.NewReader("code,system,modifiers,payer,from,until,amount\n99,,,,,,1\n99214,,,,2026-1-1,,1\n99214,,,,,,0\n99214,,,,,,1.005\n99214,,,,,,1\n"))
	f := fault.From(err)
	var at []string
	for _, i := range f.Issues {
		at = append(at, i.Path)
	}
	if diff := cmp.Diff([]string{"line 2", "line 3", "line 4", "line 5"}, at); diff != "" || f.Kind != fault.Invalid {
		t.Errorf("kind %d, lines %s", f.Kind, diff)
	}
	if _, err := charge.ReadCSV(strings.NewReader("code,amount\n")); err == nil {
		t.Error("a file without the columns is taken")
	}
}
