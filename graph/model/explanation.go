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
