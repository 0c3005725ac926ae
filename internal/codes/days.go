package codes

import (
	"time"

	"medbill/models"
)

// day is a civil day in two bytes: days since 1950-01-01, and 0 for an unknown one. What lies outside is as good as unknown.
type day uint16

var dayZero = time.Date(1949, 12, 31, 0, 0, 0, 0, time.UTC)

func dayOf(d models.Date) day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	days := int(t.Sub(dayZero).Hours() / 24)
	if days < 1 || days > 1<<16-1 {
		return 0
	}
	return day(days)
}

func (d day) date() models.Date {
	if d == 0 {
		return ""
	}
	return models.Date(dayZero.AddDate(0, 0, int(d)).Format(time.DateOnly))
}

// span gives the days from one day until another; 0 is open.
func span(from, until day) models.Span { return models.Span{From: from.date(), Until: until.date()} }
