package day

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"medbill/models/money"
)

// Balances are what accounts hold.
type Balances map[string]money.Cents

// balances reads balances as `AR:Patient 74.00 Clearing:ERA 96.00`.
func balances(text string) (Balances, error) {
	b, words := Balances{}, strings.Fields(text)
	for i := 0; i+1 < len(words); i += 2 {
		amount, err := money.Parse(words[i+1])
		if err != nil {
			return nil, err
		}
		b[words[i]] += amount
	}
	return b, nil
}

// add adds other balances, so many times.
func (b Balances) add(other Balances, times int) {
	for account, amount := range other {
		b[account] += amount * money.Cents(times)
		if b[account] == 0 {
			delete(b, account)
		}
	}
}

// String lists the accounts that hold something, by name.
func (b Balances) String() string {
	var words []string
	for _, account := range slices.Sorted(maps.Keys(b)) {
		if b[account] != 0 {
			words = append(words, account+" "+b[account].String())
		}
	}
	return strings.Join(words, " ")
}

// Accounts through which what payers paid goes.
const (
	clearing  = "Clearing:ERA"
	cash      = "Cash:Bank"
	unmatched = "Liability:Unmatched-receipts" // a credit
)

// Paid is what payers paid, be it in the bank or not.
func (b Balances) Paid() money.Cents { return b[clearing] + b[cash] + b[unmatched] }

// TakenOff is what payers took off and nobody owes.
func (b Balances) TakenOff() (sum money.Cents) {
	for account, amount := range b {
		if strings.HasPrefix(account, "Contra:") {
			sum += amount
		}
	}
	return sum
}

// Patient is what patients owe.
func (b Balances) Patient() money.Cents { return b["AR:Patient"] }

// Insurance is what stands with payers.
func (b Balances) Insurance() money.Cents { return b["AR:Insurance"] }

// books gives the balances by member; "" is what belongs to none.
func (p *player) books(ctx context.Context) (map[string]Balances, error) {
	text, err := p.biller.send(ctx, http.MethodGet, "/reports/trial-balance.csv?by=account,patient", "")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("the balances cannot be read: %w", err)
	}
	books := map[string]Balances{}
	for _, row := range rows[1:] {
		amount, err := money.Parse(row[2])
		if err != nil {
			return nil, err
		}
		if books[row[1]] == nil {
			books[row[1]] = Balances{}
		}
		books[row[1]].add(Balances{row[0]: amount}, 1)
	}
	return books, nil
}

// invoices gives what is due of the invoices that are open, by member.
func (p *player) invoices(ctx context.Context) (map[string]money.Cents, error) {
	found, err := p.biller.search(ctx, "Invoice?_count=100&status=issued")
	if err != nil {
		return nil, err
	}
	due := map[string]money.Cents{}
	for _, invoice := range found {
		for e := range invoice.Get("extension").Children() {
			if !strings.HasSuffix(e.Get("url").Text(), "/amount-due") {
				continue
			}
			amount, err := money.Parse(e.In("valueMoney", "value").Text())
			if err != nil {
				return nil, err
			}
			due[tail(invoice.In("subject", "reference"))] += amount
		}
	}
	return due, nil
}
