package model

import (
	"maps"
	"slices"

	"medbill/models"
)

// What the books say.
type (
	// Posting is one line of a journal entry.
	Posting struct{ row models.Posting }
	// LedgerBalance is the sum of postings on one account.
	LedgerBalance struct {
		Account string
		Amount  Money
	}
)

// PostingsOf gives postings as views.
func PostingsOf(rows []models.Posting) []Posting {
	postings := make([]Posting, len(rows))
	for i, row := range rows {
		postings[i] = Posting{row}
	}
	return postings
}

// Account is the ledger account.
func (p Posting) Account() string { return string(p.row.Account) }

// Amount is positive for a debit.
func (p Posting) Amount() Money { return USD(p.row.Amount) }

// ChargeID names the charge it is about.
func (p Posting) ChargeID() models.ChargeID { return p.row.ChargeID }

// BalancesOf gives balances by the name of the account; with even, those of 0.00 too.
func BalancesOf(b models.Balances) []LedgerBalance {
	balances := []LedgerBalance{}
	for _, account := range slices.Sorted(maps.Keys(b)) {
		balances = append(balances, LedgerBalance{string(account), USD(b[account])})
	}
	return balances
}
