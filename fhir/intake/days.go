package intake

import (
	"strings"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// day gives the day of a date, which has no time; "" where it does not reach the day.
func day(n fhir.Node) models.Date {
	date, _ := models.ParseDate(n.Text())
	return date
}

// dayIn gives the civil day of a date or dateTime. A date without time is itself, and a numeric offset says where the
// sender was, so its day counts. Z names the moment but no place: its day is the one in zone, or as written where zone is
// nil. https://www.rfc-editor.org/rfc/rfc9557#section-2
func dayIn(n fhir.Node, zone *time.Location) models.Date {
	text := n.Text()
	if zone == nil || !strings.HasSuffix(text, "Z") && !strings.HasSuffix(text, "-00:00") {
		return day(n)
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return day(n)
	}
	return models.Date(moment.In(zone).Format(time.DateOnly))
}

// spanIn gives the days of a Period; an end that names a month or a year only reaches from its first to its last day.
// https://hl7.org/fhir/R4/datatypes.html#Period
func spanIn(period fhir.Node, zone *time.Location) models.Span {
	start, end := period.Get("start"), period.Get("end")
	span := models.Span{From: dayIn(start, zone), Until: dayIn(end, zone)}
	if span.From == "" {
		span.From, _ = daysOfPart(start.Text())
	}
	if span.Until == "" {
		_, span.Until = daysOfPart(end.Text())
	}
	return span
}

// daysOfPart gives the first and the last day of "2026" or "2026-03"; "" for everything else.
func daysOfPart(text string) (first, last models.Date) {
	if start, err := time.Parse("2006-01", text); err == nil {
		return models.Date(start.Format(time.DateOnly)), models.Date(start.AddDate(0, 1, -1).Format(time.DateOnly))
	}
	if start, err := time.Parse("2006", text); err == nil {
		return models.Date(start.Format(time.DateOnly)), models.Date(start.AddDate(1, 0, -1).Format(time.DateOnly))
	}
	return "", ""
}

// startIn gives the day an element [x] of type dateTime, Period or Timing begins.
func startIn(resource fhir.Node, name string, zone *time.Location) models.Date {
	if moment := resource.Get(name + "DateTime"); moment.Exists() {
		return dayIn(moment, zone)
	}
	if timing := resource.Get(name + "Timing"); timing.Exists() {
		if event := timing.Get("event").At(0); event.Exists() {
			return dayIn(event, zone)
		}
		return dayIn(timing.In("repeat", "boundsPeriod", "start"), zone)
	}
	return dayIn(resource.In(name+"Period", "start"), zone)
}
