package ledger

import "medbill/models"

// OverShort has the drawer hold what was counted in a till: what is missing is an expense, and what is too much takes from it. False where the till holds what it should.
func OverShort(c models.TillClose) (models.Entry, bool) {
	var e book
	e.post(models.AccountDrawer, c.Difference())
	e.post(models.AccountOverShort, -c.Difference())
	return models.Entry{Kind: models.EntryOverShort, Cause: models.CauseOfClose(c.ID), Effective: c.Day, Postings: e.postings}, len(e.postings) > 0
}
