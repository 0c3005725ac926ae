package charge_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/charge"
	"medbill/models"
	"medbill/models/fault"
)

func TestAVersionEndsTheOneBefore(t *testing.T) {
	version := func(id, from, until string) models.FeeSchedule {
		return models.FeeSchedule{ID: models.FeeScheduleID(id), Name: "standard", From: models.Date(from), Until: models.Date(until)}
	}
	ever, spring, autumn := version("ever", "", "2026-02-28"), version("spring", "2026-03-01", "2026-08-31"), version("autumn", "2026-09-01", "")
	for _, row := range []struct {
		name     string
		loaded   models.FeeSchedule
		versions []models.FeeSchedule
		id       models.FeeScheduleID
		until    models.Date
		before   models.FeeScheduleID
		refused  bool
	}{
		{"the first", version("new", "2026-01-01", ""), nil, "new", "", "", false},
		{"the next", version("new", "2027-01-01", ""), []models.FeeSchedule{ever, spring, autumn}, "new", "", "autumn", false},
		{"one between", version("new", "2026-06-01", ""), []models.FeeSchedule{ever, spring, autumn}, "new", "2026-08-31", "spring", false},
		{"one between that ends by itself", version("new", "2026-06-01", "2026-06-30"), []models.FeeSchedule{ever, spring, autumn}, "new", "2026-06-30", "spring", false},
		{"one that would go on too long", version("new", "2026-06-01", "2026-09-01"), []models.FeeSchedule{ever, spring, autumn}, "", "", "", true},
		{"the same day again", version("new", "2026-03-01", ""), []models.FeeSchedule{ever, spring, autumn}, "spring", "2026-08-31", "", false},
		{"after a gap", version("new", "2026-06-01", ""), []models.FeeSchedule{ever}, "new", "", "", false},
		{"for another payer", models.FeeSchedule{ID: "new", PayerID: "acme", From: "2027-01-01"}, []models.FeeSchedule{ever}, "", "", "", true},
	} {
		got, err := charge.Place(row.loaded, row.versions)
		if row.refused != fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", row.name, err)
		}
		if !row.refused && (got.Version.ID != row.id || got.Version.Until != row.until || got.Before.ID != row.before) {
			t.Errorf("%s: %+v", row.name, got)
		}
	}
}

func TestLinesHoldOnTheDaysOfTheirVersion(t *testing.T) {
	version := models.FeeSchedule{PayerID: "acme", From: "2026-03-01", Until: "2026-08-31"}
	line := func(n int, from, until, payer string) models.Price {
		return models.Price{Sequence: n, From: models.Date(from), Until: models.Date(until), PayerID: models.OrganizationID(payer)}
	}
	got, err := charge.Within(version, []models.Price{line(2, "", "", ""), line(3, "2026-01-01", "2026-04-30", "acme"), line(4, "2026-05-01", "2027-01-01", "")})
	if err != nil || fmt.Sprintln(got[0].From, got[0].Until, got[1].From, got[1].Until, got[2].From, got[2].Until, got[0].PayerID) !=
		"2026-03-01 2026-08-31 2026-03-01 2026-04-30 2026-05-01 2026-08-31 acme\n" {
		t.Errorf("%+v, %v", got, err)
	}
	_, err = charge.Within(version, []models.Price{line(2, "", "2026-02-28", ""), line(3, "", "", ""), line(4, "", "", "beta")})
	if f := fault.From(err); f.Kind != fault.Invalid || len(f.Issues) != 2 || f.Issues[0].Path != "line 2" || f.Issues[1].Path != "line 4" {
		t.Errorf("%v", err)
	}
}

// TestUntiedPricesNeverTie holds the law behind the refusal of ties: two lists that are taken after each other never leave a
// service whose price only a name could choose, apart from modifiers that a service has beside each other.
func TestUntiedPricesNeverTie(t *testing.T) {
	days := []models.Date{"", "2026-01-01", "2026-03-01", "2026-06-01"}
	rapid.Check(t, func(t *rapid.T) {
		list := func(name string) []models.Price {
			var prices []models.Price
			for i := range rapid.IntRange(1, 6).Draw(t, name) {
				prices = append(prices, models.Price{
					Sequence: i + 1, Code: "99214", System: models.SystemCPT, Amount: models.Cents(rapid.IntRange(1, 1000).Draw(t, "amount")),
					Modifiers: models.Codes{"25"}[:rapid.IntRange(0, 1).Draw(t, "modifiers")], PayerID: rapid.SampledFrom([]models.OrganizationID{"", "acme"}).Draw(t, "payer"),
					From: rapid.SampledFrom(days).Draw(t, "from"), Until: rapid.SampledFrom(days).Draw(t, "until"),
				})
			}
			return prices
		}
		first, second := list("first"), list("second")
		if len(charge.Repeated(first))+len(charge.Repeated(second)) > 0 || charge.Untied(second, first) != nil {
			return
		}
		all := slices.Concat(first, second)
		service := models.Service{Code: "99214", System: models.SystemCPT, Modifiers: models.Codes{"25"}, ServiceDate: rapid.SampledFrom([]models.Date{"2025-05-05", "2026-02-02", "2026-04-04", "2026-08-08"}).Draw(t, "day")}
		inForce := false
		for _, p := range all {
			inForce = inForce || models.Span{From: p.From, Until: p.Until}.Contains(service.ServiceDate)
		}
		if _, ok := charge.Price(all, service, "acme"); ok != inForce {
			t.Fatalf("%+v on %s: priced %v, in force %v", all, service.ServiceDate, ok, inForce)
		}
	})
}
