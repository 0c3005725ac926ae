package search_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"medbill/fhir/search"

	"pgregory.net/rapid"
)

// in gives options that take days in a zone.
func in(t testing.TB, zone string) search.Options {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return search.Options{Zone: func() (*time.Location, error) { return location, nil }}
}

func TestDayIsTheDocumentsOwn(t *testing.T) {
	visit := func(start, end string) string {
		return fmt.Sprintf(`{"resourceType":"Encounter","period":{"start":%q,"end":%q}}`, start, end)
	}
	claim := func(created string) string { return fmt.Sprintf(`{"resourceType":"Claim","created":%q}`, created) }
	evening := visit("2026-05-04T21:00:00-04:00", "2026-05-04T21:30:00-04:00")
	for _, row := range []struct {
		name, zone, document, raw string
		want                      bool
	}{
		{"an evening visit is on its own day", "America/New_York", evening, "date=2026-05-04", true},
		{"not on the day it is in Greenwich", "America/New_York", evening, "date=2026-05-05", false},
		{"its own day wherever the practice is", "Asia/Tokyo", evening, "date=2026-05-04", true},
		{"and not the practice's", "Asia/Tokyo", evening, "date=2026-05-05", false},
		{"its month", "Asia/Tokyo", visit("2026-05-31T21:00:00-04:00", "2026-05-31T22:00:00-04:00"), "date=2026-05", true},
		{"its year", "Asia/Tokyo", visit("2026-12-31T21:00:00-04:00", "2026-12-31T22:00:00-04:00"), "date=2026", true},
		{"at or after its own day", "Asia/Tokyo", evening, "date=ge2026-05-05", false},
		{"before the next day", "UTC", evening, "date=lt2026-05-05", true},
		{"an instant in Z is on the practice's day", "America/New_York", visit("2026-05-05T01:00:00Z", "2026-05-05T01:30:00Z"), "date=2026-05-04", true},
		{"and on no other", "America/New_York", visit("2026-05-05T01:00:00Z", "2026-05-05T01:30:00Z"), "date=2026-05-05", false},
		{"Greenwich by +00:00 is on its own", "America/New_York", visit("2026-05-05T01:00:00+00:00", "2026-05-05T01:30:00+00:00"), "date=2026-05-05", true},
		{"a date is itself, far east", "Pacific/Kiritimati", claim("2026-05-04"), "created=2026-05-04", true},
		{"and far west", "Pacific/Pago_Pago", claim("2026-05-04"), "created=2026-05-04", true},
		{"a time finds the instant", "Asia/Tokyo", evening, "date=ge2026-05-05T01:00:00Z&date=le2026-05-05T01:30:00Z", true},
		{"a date covers its day where the practice is", "America/New_York", claim("2026-05-04"), "created=ge2026-05-04T04:00:00Z", true},
		{"from the first moment", "America/New_York", claim("2026-05-04"), "created=sa2026-05-04T03:59:58Z", true},
		{"and no sooner", "America/New_York", claim("2026-05-04"), "created=sa2026-05-04T04:00:00Z", false},
		{"to the last", "America/New_York", claim("2026-05-04"), "created=eb2026-05-05T04:00:00Z", true},
		{"and no longer", "America/New_York", claim("2026-05-04"), "created=eb2026-05-05T03:59:59Z", false},
		{"a time without an offset is the practice's", "America/New_York", evening, "date=ge2026-05-04T21:00:00", true},
		{"a minute later", "America/New_York", evening, "date=sa2026-05-04T20:59", true},
		{"from a date to a time on it", "UTC", visit("2026-05-04", "2026-05-04T02:00:00+10:00"), "date=2026-05-04", true},
		{"the day a clock has no midnight", "America/Sao_Paulo", visit("2018-11-04T03:00:00Z", "2018-11-04T04:00:00Z"), "date=2018-11-04", true},
		{"the hour before it", "America/Sao_Paulo", visit("2018-11-04T02:00:00Z", "2018-11-04T02:30:00Z"), "date=2018-11-03", true},
		{"the day a clock has two", "America/Havana", visit("2025-11-02T04:30:00Z", "2025-11-02T05:30:00Z"), "date=2025-11-02", true},
	} {
		d := parse(t, row.document)
		q, err := query(t, d.Type(), row.raw, in(t, row.zone))
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if got := q.Matches(search.Row{Keys: search.Extract(d, nil)}); got != row.want {
			t.Errorf("%s: %s by %s in %s: %v", row.name, row.document, row.raw, row.zone, got)
		}
	}
}

func TestLastUpdatedIsOnThePracticesDay(t *testing.T) {
	evening, _ := time.Parse(time.RFC3339, "2026-05-05T01:00:00Z")
	for _, row := range []struct {
		raw  string
		want bool
	}{{"2026-05-04", true}, {"2026-05-05", false}, {"2026-05", true}, {"ge2026-05-05", false}, {"ge2026-05-05T00:59:00Z", true}} {
		q, err := query(t, "Claim", "_lastUpdated="+row.raw, in(t, "America/New_York"))
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Matches(search.Row{Updated: evening.UnixMicro()}); got != row.want {
			t.Errorf("%s: %v", row.raw, got)
		}
	}
}

func TestZoneIsAskedOnlyForDates(t *testing.T) {
	asked := 0
	o := search.Options{Zone: func() (*time.Location, error) { asked++; return time.UTC, nil }}
	if _, err := query(t, "Claim", "patient=p&status=active", o); err != nil || asked != 0 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	if _, err := query(t, "Claim", "created=2024,2025&_lastUpdated=2024", o); err != nil || asked != 1 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	broken := errors.New("the settings cannot be read")
	o.Zone = func() (*time.Location, error) { return nil, broken }
	if _, err := query(t, "Claim", "created=2024", o); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

var zones = []string{"UTC", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Apia", "America/Sao_Paulo", "America/Havana", "Africa/Monrovia", "Australia/Lord_Howe"}

// An instant is on exactly one day of any calendar: the one its own offset or the practice's clock shows.
func TestInstantIsOnOneDay(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(r, "zone")
		location, err := time.LoadLocation(zone)
		if err != nil {
			r.Fatal(err)
		}
		at := time.Unix(rapid.Int64Range(-2_000_000_000, 4_000_000_000).Draw(r, "at"), 0)
		text, shown := at.UTC().Format("2006-01-02T15:04:05Z"), at.In(location)
		if rapid.Bool().Draw(r, "offset") {
			minutes := rapid.IntRange(-14*60, 14*60).Draw(r, "minutes")
			shown = at.In(time.FixedZone("", minutes*60))
			text = shown.Format("2006-01-02T15:04:05-07:00")
		}
		row := search.Row{Keys: search.Extract(parse(t, `{"resourceType":"Claim","created":"`+text+`"}`), nil)}
		found := func(raw string) bool {
			q, err := search.Parse("Claim", []search.Pair{{Name: "created", Value: raw}}, in(t, zone))
			if err != nil {
				r.Fatal(err)
			}
			return q.Matches(row)
		}
		year, month, day := shown.Date()
		on := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
		for _, days := range []int{-2, -1, 0, 1, 2} {
			other := on.AddDate(0, 0, days).Format(time.DateOnly)
			for prefix, want := range map[string]bool{"": days == 0, "ne": days != 0, "lt": days > 0, "eb": days > 0, "gt": days < 0, "sa": days < 0, "ge": days <= 0, "le": days >= 0} {
				if got := found(prefix + other); got != want {
					r.Fatalf("%s in %s by %s%s: %v", text, zone, prefix, other, got)
				}
			}
		}
		if !found(on.Format("2006-01")) || !found(on.Format("2006")) || !found(text) {
			r.Fatalf("%s in %s is not in its month, its year or itself", text, zone)
		}
	})
}
