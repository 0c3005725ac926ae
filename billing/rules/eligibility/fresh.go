package eligibility

import "medbill/models"

// DaysUsual is for how long an answer is gone by where nobody knows what a payer's is worth.
const DaysUsual = 30

// IsFresh reports whether an answer of a day may be gone by on another one: it is of the same month, in which plans begin and end, and not older than so many days.
func IsFresh(checked, today models.Date, days int) bool {
	if checked == "" || checked > today {
		return false
	}
	return checked[:len("2026-03")] == today[:len("2026-03")] && checked.DaysUntil(today) <= days
}

// Remedy is what is done about a refusal of a payer.
type Remedy string

// The remedies.
const (
	AskAgain  Remedy = "ask-again" // the payer cannot answer now
	FrontDesk Remedy = "frontdesk" // who the member is, or the day, is not what the payer knows
	Enrol     Remedy = "enrol"     // the payer does not know the provider
)

// RemedyOf gives what is done about a refusal. X12 005010X279A1, AAA03.
func RemedyOf(code string) Remedy {
	switch code {
	case models.RefusalRetry:
		return AskAgain
	case models.RefusalEnrol:
		return Enrol
	}
	return FrontDesk
}

// Pauses are how many minutes later a payer is asked again, after the first time, the second and the third.
var Pauses = []int{1, 5, 30}
