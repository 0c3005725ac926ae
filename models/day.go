package models

import "time"

// Date is a civil day as ISO 8601 text, "2026-03-02"; "" is unknown. Dates compare as text.
type Date string

// ParseDate reads the day of a FHIR date or dateTime; text that does not reach the day, or has no year, gives "" and false.
func ParseDate(text string) (Date, bool) {
	if len(text) < 10 || text[:4] == "0000" {
		return "", false
	}
	if _, err := time.Parse(time.DateOnly, text[:10]); err != nil {
		return "", false
	}
	return Date(text[:10]), true
}

// AddDays gives the day n days later.
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, n).Format(time.DateOnly))
}

// YearsUntil gives how many whole years lie between d and a later day, which is an age where d is a birth date; -1 where one of them
// is unknown or until lies before d. Who was born on 29 February is a year older on 1 March of a common year.
func (d Date) YearsUntil(until Date) int {
	from, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return -1
	}
	to, err := time.Parse(time.DateOnly, string(until))
	if err != nil || to.Before(from) {
		return -1
	}
	years := to.Year() - from.Year()
	if to.Month() < from.Month() || to.Month() == from.Month() && to.Day() < from.Day() {
		years--
	}
	return years
}

// DaysUntil gives how many days lie between d and a later day; 0 where one of them is none.
func (d Date) DaysUntil(later Date) int {
	first, err := time.Parse(time.DateOnly, string(d))
	last, err2 := time.Parse(time.DateOnly, string(later))
	if err != nil || err2 != nil {
		return 0
	}
	return int(last.Sub(first) / (24 * time.Hour))
}

// Span is a range of days, both ends inside; an empty end is open.
type Span struct{ From, Until Date }

// Contains reports whether d lies in the span. An unknown day lies in no span that has an end.
func (s Span) Contains(d Date) bool {
	if d == "" {
		return s.From == "" && s.Until == ""
	}
	return (s.From == "" || s.From <= d) && (s.Until == "" || d <= s.Until)
}

// Instant is a moment in microseconds since 1970 UTC, the same number in both databases.
type Instant int64

// Start gives the moment at which a day begins in a zone; 0 for no day.
func (d Date) Start(zone *time.Location) Instant {
	at, err := time.ParseInLocation(time.DateOnly, string(d), zone)
	if err != nil {
		return 0
	}
	return InstantOf(at)
}

// Day gives the day of a moment in a zone.
func (i Instant) Day(zone *time.Location) Date { return Date(i.Time().In(zone).Format(time.DateOnly)) }

// InstantOf gives t as an Instant.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMicro()) }

// String gives a FHIR instant with microseconds.
func (i Instant) String() string {
	return time.UnixMicro(int64(i)).UTC().Format("2006-01-02T15:04:05.000000Z")
}

// Time gives the moment as a time in UTC.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }
