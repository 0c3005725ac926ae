package ledger_test

import (
	"testing"

	"medbill/billing/rules/ledger"
	"medbill/models"
)

// TestTheDrawerHoldsWhatWasCounted: less, more, and what it should.
func TestTheDrawerHoldsWhatWasCounted(t *testing.T) {
	for _, row := range []struct{ cash, checks, want models.Cents }{{1900, 5000, -100}, {2000, 5100, 100}, {2100, 4900, 0}} {
		c := models.TillClose{ID: "close", Day: "2026-03-02", ExpectedCash: 2000, ExpectedChecks: 5000, Cash: row.cash, Checks: row.checks}
		e, is := ledger.OverShort(c)
		if is != (row.want != 0) {
			t.Fatalf("%+v is an entry: %v", c, is)
		}
		if is && (e.Postings[0].Account != models.AccountDrawer || e.Postings[0].Amount != row.want || e.Postings[1].Account != models.AccountOverShort || e.Postings[1].Amount != -row.want || e.Cause != "till/close") {
			t.Errorf("posted %+v", e)
		}
	}
}
