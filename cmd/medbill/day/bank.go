package day

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"medbill/models/money"
)

// arrival is money that payers sent to the practice's bank, as they list it.
type arrival struct{ Day, Amount, Trace, Payer, Organization string }

// line is what the bank says of it.
type line struct {
	Date   string `json:"date"`
	Amount string `json:"amount"`
	Trace  string `json:"trace"`
	Payer  string `json:"payer"`
	Text   string `json:"text"`
}

// arrivals gives all that came to the bank.
func (p *player) arrivals(ctx context.Context) ([]arrival, error) {
	text, err := p.payers.send(ctx, http.MethodGet, "/deposits", "")
	if err != nil {
		return nil, err
	}
	var list struct{ Deposits []arrival }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("read what came to the bank: %w", err)
	}
	return list.Deposits, nil
}

// banks has the practice told of all that came to its bank so far. What it was told before changes nothing.
func (p *player) banks(ctx context.Context) error {
	came, err := p.arrivals(ctx)
	if err != nil || len(came) == 0 {
		return err
	}
	lines := make([]line, len(came))
	for i, a := range came {
		lines[i] = line{Date: a.Day, Amount: a.Amount, Trace: a.Trace, Payer: a.Organization, Text: a.Payer}
	}
	body, err := json.Marshal(lines)
	if err == nil {
		_, err = p.biller.send(ctx, http.MethodPost, "/deposits", string(body))
	}
	return err
}

// banked is what comes to the bank of a visit: what payers paid of it, against their payments, and what nobody knows.
func banked(paid, unknown money.Cents) Balances {
	return Balances{cash: paid + unknown, clearing: -paid, unmatched: -unknown}
}

// misses tells where the bank's account in the books is not what came to the bank.
func misses(came []arrival, books Balances) ([]string, error) {
	sum := money.Cents(0)
	for _, a := range came {
		amount, err := money.Parse(a.Amount)
		if err != nil {
			return nil, err
		}
		sum += amount
	}
	if sum == books[cash] {
		return nil, nil
	}
	return []string{fmt.Sprintf("the books have %s in the bank, and %s came there", books[cash], sum)}, nil
}
