package models_test

import (
	"testing"

	"medbill/models"
)

func TestUnitsAreReadExactlyOrRefused(t *testing.T) {
	for text, want := range map[string]models.Units{"1": 1000, "2.0": 2000, "2.5": 2500, "0.125": 125, "99999999": models.UnitsMax, "1.500000": 1500, "1e3": 1000000, "25e-1": 2500} {
		got, err := models.ParseUnits(text)
		if err != nil || got != want {
			t.Errorf("%s is %d units, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"0", "-1", "0.0001", "", "x", "1.2.3", "100000000", "5e-4", "1e99", "+1", "."} {
		if got, err := models.ParseUnits(text); err == nil {
			t.Errorf("%q is taken as %d units", text, got)
		}
	}
	if got, ok := models.Units(2500).Each(2500); got != 1000 || !ok {
		t.Errorf("one of 2.5 units at 25.00 is %s, %v", got, ok)
	}
	if got, ok := models.Units(3000).Each(10000); ok {
		t.Errorf("one of 3 units at 100.00 is %s", got)
	}
	if got := models.Units(2500).Times(1001); got != 2503 {
		t.Errorf("2.5 units at 10.01 are %s", got)
	}
	for _, row := range []struct {
		units        models.Units
		system, code string
		want         bool
	}{
		{3000, models.SystemCPT, "99213", true}, {2500, models.SystemCPT, "99213", false}, {12300, models.SystemHCPCS, "A0425", true}, {12350, models.SystemHCPCS, "A0425", false},
		{12300, models.SystemHCPCS, "J0702", false}, {12300, models.SystemCPT, "A0425", false},
	} {
		if got := row.units.CountsWhole(row.system, row.code); got != row.want {
			t.Errorf("%s of %s is a count: %t", row.units, row.code, got)
		}
	}
	for units, want := range map[models.Units]string{1000: "1", 2500: "2.5", 125: "0.125", 12050: "12.05"} {
		if units.String() != want {
			t.Errorf("%d is written %s, want %s", int64(units), units, want)
		}
	}
}
