package estimate_test

import (
	"slices"
	"testing"
	"time"

	"medbill/billing/rules/estimate"
	"medbill/models"
)

// TestWhenAGoodFaithEstimateIsDue holds the deadlines, by business days: 2 March 2026 is a Monday.
func TestWhenAGoodFaithEstimateIsDue(t *testing.T) {
	for _, row := range []struct {
		name                     string
		scheduled, service, want models.Date
	}{
		{"ten business days before", "2026-03-02", "2026-03-16", "2026-03-05"},
		{"nine business days before", "2026-03-03", "2026-03-16", "2026-03-04"},
		{"three business days before", "2026-03-02", "2026-03-05", "2026-03-03"},
		{"three over a weekend", "2026-03-05", "2026-03-10", "2026-03-06"},
		{"two business days before", "2026-03-03", "2026-03-05", ""},
		{"two, and a weekend", "2026-03-06", "2026-03-10", ""},
		{"on the day", "2026-03-05", "2026-03-05", ""},
		{"for a day that is over", "2026-03-05", "2026-03-02", ""},
		{"made on a Friday", "2026-03-06", "2026-03-11", "2026-03-09"},
		{"made on a Sunday", "2026-03-08", "2026-03-12", "2026-03-09"},
		{"asked for on a Wednesday", "2026-03-04", "", "2026-03-09"},
		{"made before Christmas", "2026-12-24", "2026-12-30", "2026-12-28"},
		{"nine business days and Thanksgiving before", "2026-11-20", "2026-12-04", "2026-11-23"},
		{"ten business days and Thanksgiving before", "2026-11-20", "2026-12-07", "2026-11-25"},
	} {
		got, isDue := estimate.Due(row.scheduled, row.service)
		if got != row.want || isDue != (row.want != "") {
			t.Errorf("%s: due on %q, want %q", row.name, got, row.want)
		}
	}
}

// TestFourHundredAboveIsTooMuch holds the threshold of the law to the cent.
func TestFourHundredAboveIsTooMuch(t *testing.T) {
	for _, row := range []struct {
		estimated, billed models.Cents
		want              bool
	}{{15000, 54999, false}, {15000, 55000, true}, {15000, 14000, false}, {0, 40000, true}} {
		if got := estimate.IsExcess(row.estimated, row.billed); got != row.want {
			t.Errorf("%s billed of %s estimated: %v", row.billed, row.estimated, got)
		}
	}
}

// TestWhichEstimateCountsForAVisit holds that the appointment goes before the day, and the last estimate that was in time before the others.
func TestWhichEstimateCountsForAVisit(t *testing.T) {
	made := func(id models.EstimateID, appointment string, on models.Date, at models.Instant) models.GoodFaithEstimate {
		return models.GoodFaithEstimate{ID: id, AppointmentID: appointment, Day: "2026-03-20", Made: on, Created: at, PracticeID: "practice"}
	}
	elsewhere, another := made("elsewhere", "", "2026-03-02", 1), made("another", "", "2026-03-02", 1)
	elsewhere.PracticeID, another.Day = "other", "2026-03-21"
	counted := made("counted", "", "2026-03-02", 1)
	counted.CaseID = "Encounter/other"
	first, second, late := made("first", "a", "2026-03-02", 1), made("second", "a", "2026-03-19", 2), made("late", "a", "2026-03-20", 3)
	day := made("day", "", "2026-03-02", 1)
	for _, row := range []struct {
		name         string
		made         []models.GoodFaithEstimate
		appointments []string
		want         models.EstimateID
	}{
		{"none", nil, []string{"a"}, ""},
		{"the appointment's", []models.GoodFaithEstimate{day, first}, []string{"a"}, "first"},
		{"that of the day", []models.GoodFaithEstimate{day, first}, []string{"b"}, "day"},
		{"of a visit without an appointment", []models.GoodFaithEstimate{first}, nil, "first"},
		{"of another appointment", []models.GoodFaithEstimate{first}, []string{"b"}, ""},
		{"the last one in time", []models.GoodFaithEstimate{late, second, first}, []string{"a"}, "second"},
		{"all too late", []models.GoodFaithEstimate{late}, []string{"a"}, "late"},
		{"of another practice, day or visit", []models.GoodFaithEstimate{elsewhere, another, counted}, nil, ""},
	} {
		got, found := estimate.OfVisit(row.made, estimate.Visit{CaseID: "Encounter/visit", PracticeID: "practice", Day: "2026-03-20", Appointments: row.appointments})
		if got.ID != row.want || found != (row.want != "") {
			t.Errorf("%s: %q counts, want %q", row.name, got.ID, row.want)
		}
	}
}

// TestHolidaysAreNoBusinessDays holds the holidays of two years, those that are kept on another day too: what is asked for on one is due as what was asked for the day before.
func TestHolidaysAreNoBusinessDays(t *testing.T) {
	holidays := []models.Date{
		"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25",
		"2027-01-01", "2027-01-18", "2027-02-15", "2027-05-31", "2027-06-18", "2027-07-05", "2027-09-06", "2027-10-11", "2027-11-11", "2027-11-25", "2027-12-24", "2027-12-31",
	}
	var kept []models.Date
	for day := models.Date("2026-01-01"); day < "2028-01-01"; day = day.AddDays(1) {
		due, _ := estimate.Due(day.AddDays(-1), "")
		other, _ := estimate.Due(day, "")
		isBusiness := due != other
		if at, err := time.Parse(time.DateOnly, string(day)); err != nil || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || isBusiness {
			continue
		}
		kept = append(kept, day)
	}
	if !slices.Equal(kept, holidays) {
		t.Errorf("holidays are %v", kept)
	}
}
