package model

import "medbill/models"

// ClaimMove is a state that a claim came to.
type ClaimMove struct{ row models.ClaimMove }

// MovesOf gives the states that a claim came to.
func MovesOf(rows []models.ClaimMove) []ClaimMove {
	list := make([]ClaimMove, len(rows))
	for i, row := range rows {
		list[i] = ClaimMove{row}
	}
	return list
}

// State is the lifecycle's.
func (m ClaimMove) State() string { return string(m.row.State) }

// At is when.
func (m ClaimMove) At() string { return m.row.At.String() }

// By is who asked.
func (m ClaimMove) By() *string { return given(m.row.By) }

// From is the document that it followed from.
func (m ClaimMove) From() *string { return named(m.row.From) }

// named gives a record as Type/id; nil where there is none.
func named(of models.Ref) *string {
	if of == (models.Ref{}) {
		return nil
	}
	text := of.String()
	return &text
}

// ExplainedPosting is a line of a journal entry that an amount is made of.
type ExplainedPosting struct{ row models.Explained }

// ExplainedOf gives the lines behind an amount.
func ExplainedOf(rows []models.Explained) []ExplainedPosting {
	list := make([]ExplainedPosting, len(rows))
	for i, row := range rows {
		list[i] = ExplainedPosting{row}
	}
	return list
}

// Entry is the id of the entry.
func (e ExplainedPosting) Entry() string { return string(e.row.Entry) }

// Kind is the event.
func (e ExplainedPosting) Kind() string { return string(e.row.Kind) }

// Day is when it counts.
func (e ExplainedPosting) Day() string { return string(e.row.Day) }

// Account is the ledger account.
func (e ExplainedPosting) Account() string { return string(e.row.Account) }

// Amount is positive for a debit.
func (e ExplainedPosting) Amount() Money { return USD(e.row.Amount) }

// Cause is what made the entry.
func (e ExplainedPosting) Cause() string { return string(e.row.Cause) }

// Reverses is the entry that it mirrors.
func (e ExplainedPosting) Reverses() *string { return given(e.row.Reverses) }

// Charge is what it is about.
func (e ExplainedPosting) Charge() *string {
	if e.row.ChargeID == "" {
		return nil
	}
	return named(models.Ref{Type: "ChargeItem", ID: string(e.row.ChargeID)})
}

// From is the document that it came from.
func (e ExplainedPosting) From() *string { return named(e.row.From) }

// Path is the element there.
func (e ExplainedPosting) Path() *string { return given(e.row.Path) }
