package models

// TillClose is what was counted in a till at the end of a day, beside what its payments of that day come to. Till is "" where the desk has one only.
type TillClose struct {
	TenantID       TenantID `gorm:"primaryKey"`
	Till           string   `gorm:"primaryKey"`
	Day            Date     `gorm:"primaryKey"`
	ID             string
	ExpectedCash   Cents
	ExpectedChecks Cents
	ExpectedOther  Cents
	Cash           Cents
	Checks         Cents
	Other          Cents
	Who            string
	Closed         Instant
}

// Expected is what its payments come to.
func (c TillClose) Expected() Cents { return c.ExpectedCash + c.ExpectedChecks + c.ExpectedOther }

// Counted is what was in it.
func (c TillClose) Counted() Cents { return c.Cash + c.Checks + c.Other }

// Difference is what was in it beyond what should have been, below zero where something is missing.
func (c TillClose) Difference() Cents { return c.Counted() - c.Expected() }

// FirstOpenDay gives the first day from one on for which a till is not closed, by its closes.
func FirstOpenDay(from Date, closes []TillClose) Date {
	isClosed := map[Date]bool{}
	for _, c := range closes {
		isClosed[c.Day] = true
	}
	for isClosed[from] {
		from = from.AddDays(1)
	}
	return from
}
