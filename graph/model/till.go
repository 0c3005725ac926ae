package model

import (
	"maps"
	"slices"

	"medbill/billing"
	"medbill/billing/rules/statement"
	"medbill/models"
)

// What is counted.
type (
	// TillClose is what was in a till at the end of a day.
	TillClose struct{ row models.TillClose }
	// TillAmounts are the amounts by what they lie in it as.
	TillAmounts struct{ Cash, Checks, Other Money }
	// TillPayload is what came of closing one.
	TillPayload struct {
		Close     *TillClose
		Rehearsal *Rehearsal
	}
	// StatementRun is what came of sending statements.
	StatementRun struct{ of billing.StatementRun }
	// StatementSkipCount is how many were sent nothing for a reason.
	StatementSkipCount struct {
		Reason statement.Skip
		Count  int
	}
	// StatementHoldCount is how many are held by a kind.
	StatementHoldCount struct {
		Kind  models.HoldKind
		Count int
	}
)

// TillClosesOf shows closes.
func TillClosesOf(rows []models.TillClose) []TillClose {
	return shownAs(rows, func(row models.TillClose) TillClose { return TillClose{row} })
}

// Till is its name.
func (c TillClose) Till() string { return c.row.Till }

// Day is the one that was closed.
func (c TillClose) Day() string { return string(c.row.Day) }

// Expected is what its payments come to.
func (c TillClose) Expected() TillAmounts {
	return TillAmounts{USD(c.row.ExpectedCash), USD(c.row.ExpectedChecks), USD(c.row.ExpectedOther)}
}

// Counted is what was in it.
func (c TillClose) Counted() TillAmounts {
	return TillAmounts{USD(c.row.Cash), USD(c.row.Checks), USD(c.row.Other)}
}

// Difference is the second less the first.
func (c TillClose) Difference() Money { return USD(c.row.Difference()) }

// Who counted.
func (c TillClose) Who() string { return c.row.Who }

// StatementRunOf shows what came of sending statements.
func StatementRunOf(of billing.StatementRun) *StatementRun { return &StatementRun{of} }

// Day is that of the letters.
func (r StatementRun) Day() *string { return given(r.of.Day) }

// Guarantors is how many owe something.
func (r StatementRun) Guarantors() int { return r.of.Guarantors }

// Sent is how many were sent a letter.
func (r StatementRun) Sent() int { return r.of.Sent }

// Amount is what they ask for.
func (r StatementRun) Amount() Money { return USD(r.of.Amount) }

// Broken is how many plans are broken.
func (r StatementRun) Broken() int { return r.of.Broken }

// Skipped counts the others by reason.
func (r StatementRun) Skipped() []StatementSkipCount {
	list := []StatementSkipCount{}
	for _, skip := range statement.Skips() {
		if n := r.of.Skipped[skip]; n > 0 {
			list = append(list, StatementSkipCount{skip, n})
		}
	}
	return list
}

// Held counts those that are held by the kind of hold.
func (r StatementRun) Held() []StatementHoldCount {
	list := []StatementHoldCount{}
	for _, kind := range slices.Sorted(maps.Keys(r.of.Held)) {
		list = append(list, StatementHoldCount{kind, r.of.Held[kind]})
	}
	return list
}
