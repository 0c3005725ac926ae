package accounts

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

func atTill(name string) string { return "till " + name }

// openDay gives the day from which a payment counts: its own, and where its till is closed for that already, the first one after it for which it is not.
func openDay(s *desk.Sheet, p models.Payment) (models.Date, error) {
	day := cmp.Or(p.Day, s.Today())
	if p.Method.IsProcessed() {
		return day, nil
	}
	closes, err := books.TillClosesFrom(s.View, p.Till, day)
	return models.FirstOpenDay(day, closes), err
}

// TillCount is what was counted in a till at the end of a day, today where it says none.
type TillCount struct {
	Till   string
	Day    models.Date
	Cash   models.Cents
	Checks models.Cents
	Other  models.Cents
}

// Check refuses (Invalid) a till that has no such name, a day that is none and an amount below zero. Paths are the names of its parameters.
func (c TillCount) Check() error {
	counted := func(amount models.Cents) error {
		if amount < 0 {
			return fault.New(fault.Invalid, "value", "Nobody counts less than nothing; state what was in the till.")
		}
		return nil
	}
	var day error
	if c.Day != "" {
		day = models.CheckDay(c.Day)
	}
	return cmp.Or(fault.Under("till", models.CheckReference(c.Till)), fault.Under("day", day), fault.Under("cash", counted(c.Cash)), fault.Under("checks", counted(c.Checks)), fault.Under("other", counted(c.Other)))
}

// CloseTill says what was counted in a till at the end of a day, has the drawer hold that, and gives the close. The same again changes nothing. It refuses (BusinessRule, till.day) a day to come, and (Conflict, till.closed) other figures
// of a day that is closed.
func CloseTill(s *desk.Sheet, count TillCount) (models.TillClose, error) {
	none := models.TillClose{}
	if count.Day = cmp.Or(count.Day, s.Today()); count.Day > s.Today() {
		return none, fault.At(fault.BusinessRule, "till.day", "day", "The day is not here yet; a till is closed when its day is over.")
	}
	if err := books.Lock(s.Tx, atTill(count.Till)); err != nil {
		return none, err
	}
	before, isClosed, err := closeOf(s, count)
	if err != nil || isClosed {
		return before, err
	}
	c := models.TillClose{ID: s.NewID(), Till: count.Till, Day: count.Day, Cash: count.Cash, Checks: count.Checks, Other: count.Other, Who: s.Subject()}
	payments, err := books.PaymentsOfTill(s.View, c.Till, c.Day)
	if err != nil {
		return none, err
	}
	for _, p := range payments {
		switch p.Method {
		case models.PaymentCash:
			c.ExpectedCash += p.Amount
		case models.PaymentCheck:
			c.ExpectedChecks += p.Amount
		case models.PaymentOther:
			c.ExpectedOther += p.Amount
		case models.PaymentCard, models.PaymentACH: // in no till
		}
	}
	given, err := cashGiven(s, c)
	if err != nil {
		return none, err
	}
	c.ExpectedCash -= given
	if err := books.AddTillClose(s.Tx, c); err != nil {
		return none, err
	}
	if entry, isOff := ledger.OverShort(c); isOff {
		err = s.Post(entry)
	}
	return c, err
}

// cashGiven gives what of a day went out of a till as refunds of what was paid in cash.
func cashGiven(s *desk.Sheet, c models.TillClose) (sum models.Cents, err error) {
	refunds, err := books.RefundsOfTill(s.View, c.Till, c.Day)
	if err != nil || len(refunds) == 0 {
		return 0, err
	}
	ids := make([]models.PaymentID, len(refunds))
	for i, r := range refunds {
		ids[i] = r.PaymentID
	}
	payments, err := books.PaymentsByID(s.View, ids)
	for _, p := range payments {
		if p.Method == models.PaymentCash {
			sum += sumOf(slices.DeleteFunc(slices.Clone(refunds), func(r models.Refund) bool { return r.PaymentID != p.ID }))
		}
	}
	return sum, err
}

// StandingClose gives the close of a count that was taken.
func StandingClose(count TillCount) func(*desk.Sheet) (models.TillClose, error) {
	return func(s *desk.Sheet) (models.TillClose, error) {
		count.Day = cmp.Or(count.Day, s.Today())
		c, _, err := closeOf(s, count)
		return c, err
	}
}

func closeOf(s *desk.Sheet, count TillCount) (models.TillClose, bool, error) {
	closes, err := books.TillClosesFrom(s.View, count.Till, count.Day)
	if err != nil || len(closes) == 0 || closes[0].Day != count.Day {
		return models.TillClose{}, false, err
	}
	c := closes[0]
	if c.Cash != count.Cash || c.Checks != count.Checks || c.Other != count.Other {
		return c, false, fault.At(fault.Conflict, "till.closed", "day", "The till is closed for this day with other figures; what came since counts for the next day.")
	}
	return c, true, nil
}
