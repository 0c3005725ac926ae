package intake

import (
	"time"

	"medbill/fhir"
	"medbill/models"
)

// day gives the day of a date or dateTime as it was written; "" where it does not reach the day.
func day(n fhir.Node) models.Date {
	date, _ := models.ParseDate(n.Text())
	return date
}

// dayIn gives the day of a date or dateTime in zone: a visit that ended at 02:00 UTC was on the day before in New York.
// A date without time has no zone. Without zone the day is the one written.
func dayIn(n fhir.Node, zone *time.Location) models.Date {
	if zone != nil {
		if t, err := time.Parse(time.RFC3339, n.Text()); err == nil {
			return models.Date(t.In(zone).Format(time.DateOnly))
		}
	}
	return day(n)
}

func spanOf(period fhir.Node) models.Span {
	return models.Span{From: day(period.Get("start")), Until: day(period.Get("end"))}
}

// startIn gives the day an element [x] of type dateTime or Period begins.
func startIn(resource fhir.Node, name string, zone *time.Location) models.Date {
	if moment := resource.Get(name + "DateTime"); moment.Exists() {
		return dayIn(moment, zone)
	}
	return dayIn(resource.In(name+"Period", "start"), zone)
}
