package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// TillClosesFrom gives the closes of a till of a day and of those after it, by day.
func TillClosesFrom(v *store.View, till string, day models.Date) ([]models.TillClose, error) {
	return store.All[models.TillClose](v, "day", "till = ? AND day >= ?", till, day)
}

// TillClosesWithin gives the closes of a till of some days, the latest first, at most limit of them.
func TillClosesWithin(v *store.View, till string, days models.Span, limit int) ([]models.TillClose, error) {
	return store.Some[models.TillClose](v, limit, "day DESC", "till = ? AND day >= ? AND (day <= ? OR ? = '')", till, days.From, days.Until, days.Until)
}

// PaymentsOfTill gives what the payments of a day that are in the books put into a till.
func PaymentsOfTill(v *store.View, till string, day models.Date) ([]models.Payment, error) {
	return store.All[models.Payment](v, "id", "till = ? AND day = ? AND method IN ('cash', 'check', 'other') AND state NOT IN ('pending', 'failed')", till, day)
}

// RefundsOfTill gives the refunds of a day that went and name a till; of what was not paid in cash the till says nothing.
func RefundsOfTill(v *store.View, till string, day models.Date) ([]models.Refund, error) {
	return store.All[models.Refund](v, "id", "till = ? AND paid_day = ? AND state = 'paid'", till, day)
}

// AddTillClose writes that a till was closed; a day of it that is taken starts the transaction again, which then finds it.
func AddTillClose(tx *store.Tx, c models.TillClose) error {
	c.TenantID, c.Closed = tx.Tenant(), tx.Now()
	return store.Insert(tx, c)
}
