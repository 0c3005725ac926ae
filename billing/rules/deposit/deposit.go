// Package deposit says which payments of payers a deposit at the bank pays: the one that it names by itself, or those that a person may choose from. It posts
// nothing (ledger) and reads no file of a bank.
package deposit

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// daysApart is how far the bank's day may lie from the payer's where a payment is known by its trace number. CAQH CORE Rule 370 has remittance and money come within
// three business days of each other.
const daysApart = 3

// Named gives the payment that a deposit is by itself: the only open one with its trace number, its amount to the cent, a day at most three days away, and its payer where
// that is known. What lacks any of these is a person's to say.
func Named(d models.Deposit, open []models.Remittance) (models.Remittance, bool) {
	var found []models.Remittance
	for _, r := range open {
		if isNamed(d, r) && r.AwaitsDeposit() && r.Amount == d.Amount && apart(d, r) <= daysApart && (d.PayerID == "" || d.PayerID == r.PayerID) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return models.Remittance{}, false
	}
	return found[0], true
}

func isNamed(d models.Deposit, r models.Remittance) bool { return d.Trace != "" && r.Trace == d.Trace }

// apart gives how many days lie between a deposit and a payment, whichever came first.
func apart(d models.Deposit, r models.Remittance) int {
	return max(d.Day.DaysUntil(r.Day), r.Day.DaysUntil(d.Day))
}

// Proposal is what a deposit may pay: one payment, or two of one payer. Difference is what the deposit is more than them; a proposal with one cannot be taken, and tells that the
// deposit names the payment with another amount.
type Proposal struct {
	Remittances []models.Remittance
	Difference  models.Cents
	Score       int // of 100; of two that agree alike the one of the nearer day is first
}

// What an agreement adds to the score.
const (
	scoreAmount = 40
	scoreTrace  = 30
	scorePayer  = 20
	scoreDay    = 10 // a point less for each day between them
)

// ProposalsMax bounds what a person is shown.
const ProposalsMax = 5

// Propose gives what a deposit may pay among open payments, the likeliest first: whatever has its amount, alone or two of one payer together, however long ago, and what has its
// trace number and another amount. Two that together have the amount are found by one look at each payment.
func Propose(d models.Deposit, open []models.Remittance) []Proposal {
	open = slices.DeleteFunc(slices.Clone(open), func(r models.Remittance) bool { return !r.AwaitsDeposit() || d.PayerID != "" && r.PayerID != d.PayerID })
	slices.SortFunc(open, func(a, b models.Remittance) int { return cmp.Or(apart(d, a)-apart(d, b), cmp.Compare(a.ID, b.ID)) })
	var list []Proposal
	type part struct {
		payer  models.OrganizationID
		amount models.Cents
	}
	before := map[part][]models.Remittance{}
	for _, r := range open {
		if r.Amount == d.Amount || isNamed(d, r) {
			list = append(list, propose(d, r))
		}
		for _, other := range before[part{r.PayerID, d.Amount - r.Amount}] {
			list = append(list, propose(d, other, r))
		}
		if of := (part{r.PayerID, r.Amount}); len(before[of]) < ProposalsMax {
			before[of] = append(before[of], r)
		}
	}
	slices.SortStableFunc(list, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), len(a.Remittances)-len(b.Remittances))
	})
	return list[:min(len(list), ProposalsMax)]
}

func propose(d models.Deposit, of ...models.Remittance) Proposal {
	p, far := Proposal{Remittances: of, Difference: d.Amount}, 0
	hasTrace := false
	for _, r := range of {
		p.Difference -= r.Amount
		far = max(far, apart(d, r))
		hasTrace = hasTrace || isNamed(d, r)
	}
	if p.Difference == 0 {
		p.Score += scoreAmount
	}
	if hasTrace {
		p.Score += scoreTrace
	}
	if d.PayerID != "" {
		p.Score += scorePayer
	}
	p.Score += max(0, scoreDay-far)
	return p
}

// Check gives what is wrong with saying that a deposit pays its matches: each payment stands in it once, awaits a deposit and is paid whole, and together they are the deposit to the cent.
// Payments come first among the matches.
// of are the payments that there are, by id.
func Check(d models.Deposit, of map[models.RemittanceID]models.Remittance) []fault.Issue {
	var issues []fault.Issue
	add := func(code, path, text string) {
		issues = append(issues, fault.Issue{Code: "deposit." + code, Path: path, Text: text})
	}
	if len(d.Matches) == 0 {
		add("empty", "deposit", "Say what the deposit pays: payments of payers, a settlement of cards, or the till.")
	}
	seen, sum := map[models.RemittanceID]bool{}, models.Cents(0)
	for i, m := range d.Matches {
		at := fmt.Sprintf("remittance[%d]", i)
		sum += m.Amount
		if m.Pays != models.PaysRemittance {
			continue
		}
		r, known := of[m.RemittanceID]
		switch {
		case !known:
			add("remittance", at, "There is no such payment of a payer.")
		case seen[m.RemittanceID]:
			add("remittance", at, "The payment is named twice; name it once.")
		case r.Outcome != models.RemittanceComplete:
			add("untold", at, "Its payer did not tell the payment yet; ask for the remittance, or enter it.")
		case r.DepositID != "" && r.DepositID != d.ID:
			add("taken", at, "Another deposit pays it; take that match back first.")
		case !r.AwaitsDeposit() && r.DepositID == "":
			add("none", at, "No money reaches the bank for it.")
		}
		seen[m.RemittanceID] = true
	}
	if len(issues) == 0 && sum != d.Amount {
		add("unequal", "deposit", "What it pays is not the deposit: they differ by "+apartBy(sum, d.Amount).String()+".")
	}
	return issues
}

func apartBy(a, b models.Cents) models.Cents { return max(a-b, b-a) }
