package eligibility

import (
	"time"

	"medbill/models"
)

// DaysUsual is for how long an answer is gone by where nobody knows what a payer's is worth.
const DaysUsual = 30

// IsFresh reports whether an answer of a day may be gone by today: it is of the same month, in which plans begin and end, and today is not after the last day.
func IsFresh(checked, today, last models.Date) bool {
	month := len("2026-03")
	return len(checked) > month && len(today) > month && checked[:month] == today[:month] && today <= last
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

// Pauses are how much later a payer is asked again, after the first time, the second and the third.
var Pauses = []models.Instant{minute, 5 * minute, 30 * minute}

const minute = models.Instant(time.Minute / time.Microsecond)
