package model

import (
	"maps"
	"slices"

	"medbill/fhir"
	"medbill/models"
)

// What the books say.
type (
	// Posting is one line of a journal entry.
	Posting struct {
		row models.Posting
		of  *fhir.Document
	}
	// LedgerBalance is the sum of postings on one account.
	LedgerBalance struct {
		Account string
		Amount  Money
	}
)

// PostingsOf gives what the books hold about the claim.
func (c Claim) PostingsOf(rows []models.Posting) []Posting {
	postings := make([]Posting, len(rows))
	for i, row := range rows {
		postings[i] = Posting{row, c.of}
	}
	return postings
}

// Account is the ledger account.
func (p Posting) Account() string { return string(p.row.Account) }

// Amount is positive for a debit.
func (p Posting) Amount() Money { return USD(p.row.Amount) }

// Source gives the claim.
func (p Posting) Source() any { return p.of }

// ChargeReference names the charge it is about.
func (p Posting) ChargeReference() string { return "ChargeItem/" + string(p.row.ChargeID) }

// BalancesOf gives balances by the name of the account, those of 0.00 too.
func BalancesOf(b models.Balances) []LedgerBalance {
	balances := []LedgerBalance{}
	for _, account := range slices.Sorted(maps.Keys(b)) {
		balances = append(balances, LedgerBalance{string(account), USD(b[account])})
	}
	return balances
}
