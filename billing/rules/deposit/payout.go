package deposit

import (
	"slices"
	"strings"
	"time"

	"medbill/models"
)

// Settled gives the payout of a processor that a deposit is by itself: the only open one of its amount to the cent, told at most three days before or after it, whose number the bank names, or where it names none the
// only one whose processor it names. A deposit of a payer is none. What lacks any of these is a person's to say.
func Settled(d models.Deposit, open []models.ProcessorEvent, zone *time.Location) (models.ProcessorEvent, bool) {
	var numbered, named []models.ProcessorEvent
	for _, e := range open {
		if d.PayerID != "" || e.Amount != d.Amount || !IsNear(d, e, zone) || slices.ContainsFunc(open, func(o models.ProcessorEvent) bool { return isSame(o, e) && o.ID < e.ID }) {
			continue
		}
		switch {
		case says(d, e.Reference):
			numbered = append(numbered, e)
		case says(d, e.Processor):
			named = append(named, e)
		}
	}
	for _, found := range [][]models.ProcessorEvent{numbered, named} {
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return models.ProcessorEvent{}, false
}

// IsNear reports whether a payout was told at most three days before or after a deposit.
func IsNear(d models.Deposit, e models.ProcessorEvent, zone *time.Location) bool {
	day := e.Created.Day(zone)
	return max(d.Day.DaysUntil(day), day.DaysUntil(d.Day)) <= daysApart
}

// isSame reports whether two events tell of one payout.
func isSame(a, b models.ProcessorEvent) bool {
	return a.Processor == b.Processor && a.Reference == b.Reference && a.Amount == b.Amount
}

// says reports whether the bank names something in its trace number, its own number or its words.
func says(d models.Deposit, name string) bool {
	return name != "" && strings.Contains(strings.ToLower(d.Trace+"\n"+d.Reference+"\n"+d.Text), strings.ToLower(name))
}
