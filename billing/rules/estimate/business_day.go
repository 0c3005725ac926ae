package estimate

import (
	"time"

	"medbill/models"
)

// businessDays counts the business days from one day on until another, which does not count; ten and more are ten.
func businessDays(from, until models.Date) (n int) {
	for day := from; day < until && n < 10; day = day.AddDays(1) {
		if isBusinessDay(day) {
			n++
		}
	}
	return n
}

// addBusinessDays gives the n-th business day after a day.
func addBusinessDays(day models.Date, n int) models.Date {
	for n > 0 {
		if day = day.AddDays(1); isBusinessDay(day) {
			n--
		}
	}
	return day
}

// isBusinessDay reports whether a day is neither of a weekend nor a holiday of the United States; those of a state are business days.
func isBusinessDay(day models.Date) bool {
	at, err := time.Parse(time.DateOnly, string(day))
	return err == nil && at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && !isHoliday(at)
}

// isHoliday reports whether a working day is kept as a legal public holiday: one on a Saturday is kept the day before, one on a Sunday the day after. 5 U.S.C. 6103; Executive Order 11582
func isHoliday(at time.Time) bool {
	switch at.Weekday() {
	case time.Monday:
		return isMonday(at) || isFixed(at) || isFixed(at.AddDate(0, 0, -1))
	case time.Thursday: // Thanksgiving
		return isFixed(at) || at.Month() == time.November && week(at) == 4
	case time.Friday:
		return isFixed(at) || isFixed(at.AddDate(0, 0, 1))
	}
	return isFixed(at)
}

// isFixed reports whether a day is a holiday by its date.
func isFixed(at time.Time) bool {
	switch at.Format("01-02") {
	case "01-01", "06-19", "07-04", "11-11", "12-25":
		return true
	}
	return false
}

// isMonday reports whether a Monday is a holiday: King, Washington, Memorial, Labor or Columbus.
func isMonday(at time.Time) bool {
	switch at.Month() {
	case time.January, time.February:
		return week(at) == 3
	case time.May:
		return at.AddDate(0, 0, 7).Month() != time.May
	case time.September:
		return week(at) == 1
	case time.October:
		return week(at) == 2
	}
	return false
}

// week counts how often the day of the week was in its month, with this one.
func week(at time.Time) int { return (at.Day()-1)/7 + 1 }
