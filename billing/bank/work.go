package bank

import (
	"fmt"
	"strings"

	"medbill/billing/desk"
	"medbill/billing/rules/deposit"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// CategoryDifference is work about a deposit that names its payment with another amount; what differs is at stake in it.
const CategoryDifference = "difference"

// waiting is the work about a deposit of which nobody knows what it pays.
func waiting(d models.Deposit) models.WorkItem {
	return models.WorkItem{
		Kind: models.WorkDeposit, Subject: models.Ref{Type: models.DepositType, ID: string(d.ID)}, PayerID: d.PayerID, Amount: d.Amount,
		Reason: "Money came to the bank and nobody knows what it pays; match it with payments of payers, cards or the till, or ask the payer for the remittance.",
	}
}

// missing is the work about a payment of which the bank has nothing.
func missing(r models.Remittance) models.WorkItem {
	return models.WorkItem{
		Kind: models.WorkUndeposited, Subject: models.Ref{Type: "PaymentReconciliation", ID: string(r.ID)}, PayerID: r.PayerID, Amount: r.Amount,
		Reason: "The payer told the payment and no deposit pays it; look for it at the bank, or ask the payer where it went.",
	}
}

// ask makes work of a deposit, with what it may pay.
func ask(s *desk.Sheet, d models.Deposit) error {
	item := waiting(d)
	item.Reasons = askedReason(d)
	proposals, err := Proposals(s.View, d)
	if err != nil {
		return err
	}
	for _, p := range proposals {
		text := "It has the amount of the payment."
		switch {
		case p.Difference != 0:
			text = fmt.Sprintf("It names the payment with its trace number and differs from it by %s.", p.Difference)
			item.Category, item.Amount = CategoryDifference, max(p.Difference, -p.Difference)
		case len(p.Remittances) > 1:
			text = "It has the amount of both payments together."
		}
		var places []string
		for _, r := range p.Remittances {
			places = append(places, "PaymentReconciliation/"+string(r.ID))
		}
		item.Reasons = append(item.Reasons, models.WorkReason{Code: "deposit.proposal", Path: strings.Join(places, " "), Text: text})
	}
	payouts, err := payoutsSince(s, d.Day)
	if err != nil {
		return err
	}
	for _, e := range payouts {
		if e.Amount == d.Amount && d.PayerID == "" && deposit.IsNear(d, e, s.Zone()) {
			item.Reasons = append(item.Reasons, models.WorkReason{Code: "deposit.proposal", Text: fmt.Sprintf("It has the amount of a payout of a processor; match it as cards, with the fee of %s.", e.Fee)})
		}
	}
	return s.Item(true, item)
}

// Proposals gives what a deposit may pay, the likeliest first. See deposit.Propose.
func Proposals(v *store.View, d models.Deposit) ([]deposit.Proposal, error) {
	open, err := books.OpenRemittances(v, d.PayerID)
	if err != nil {
		return nil, err
	}
	return deposit.Propose(d, open), nil
}

// AskForDeposit asks a person where the money of a payment stays that is to be deposited by now.
func AskForDeposit(s *desk.Sheet, id models.RemittanceID) error {
	r, known, err := books.Remittance(s.View, id)
	if err != nil || !known || r.DepositDue == 0 || r.DepositDue > s.Now() {
		return err
	}
	r.DepositDue = 0
	if err := books.KeepRemittance(s.Tx, r); err != nil {
		return err
	}
	return s.Item(r.AwaitsDeposit(), missing(r))
}
