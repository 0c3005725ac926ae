package remittance

import (
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/inquiry"
	"medbill/billing/rules/pricing"
	"medbill/internal/contracts"
	"medbill/internal/store/books"
	"medbill/models"
)

// underpaid opens work where an answer allows less of a claim than the contract with its payer says, and closes it where a later answer
// allows it. Where no contract with the payer holds, nothing is looked at.
func underpaid(s *desk.Sheet, c models.Claim, a models.Answer) error {
	if c.CaseID.IsOpening() {
		return nil // what was left of a charge is not the charge
	}
	book, err := inquiry.ContractBook(s.View)
	if err != nil {
		return err
	}
	expected, err := inquiry.ExpectedBy(s.View, book, c)
	if err != nil {
		return err
	}
	var agreed []*contracts.Terms
	for _, l := range expected.Lines {
		if terms, found := book.Of(l.ContractID); found && !slices.Contains(agreed, terms) {
			agreed = append(agreed, terms)
		}
	}
	if len(agreed) == 0 {
		return nil
	}
	paid, err := paidBefore(s, c)
	if err != nil {
		return err
	}
	item := models.WorkItem{
		Kind: models.WorkUnderpaid, CaseID: c.CaseID, PatientID: c.PatientID, Subject: models.Ref{Type: "Claim", ID: string(c.ID)}, Cause: string(a.ID),
		Reason: "The payer allowed less than its contract says; dispute it, or accept it with a reason.",
	}
	for _, terms := range agreed {
		for _, short := range pricing.Shortfall(expected, terms.Contract, pricing.SettledBy(a, paid)) {
			item.Amount += short.Amount()
			item.Reasons = append(item.Reasons, shortReason(terms.ID, short))
			if due := a.Effective.AddDays(terms.DisputeDays); item.Due == "" || due < item.Due {
				item.Due = due
			}
		}
	}
	return s.Item(len(item.Reasons) > 0, item)
}

// isExpectedAgain closes the work about an answer that allowed less than expected: it was taken back.
func isExpectedAgain(s *desk.Sheet, c models.Claim) error {
	return s.Item(false, models.WorkItem{Kind: models.WorkUnderpaid, CaseID: c.CaseID, Subject: models.Ref{Type: "Claim", ID: string(c.ID)}})
}

func shortReason(contract models.ContractID, short pricing.Short) models.WorkReason {
	text := fmt.Sprintf("By contract %s %s is expected and %s is allowed: %s less.", contract, short.Expected, short.Allowed, short.Amount())
	if short.Sequence == 0 {
		return models.WorkReason{Code: string(models.WorkUnderpaid), Text: text}
	}
	return models.WorkReason{Code: string(models.WorkUnderpaid), Path: fmt.Sprintf("Claim.item.where(sequence = %d)", short.Sequence), Text: text}
}

// paidBefore gives what the payers before a claim's paid of its charges; nil for a first payer's.
func paidBefore(s *desk.Sheet, c models.Claim) (map[models.ChargeID]models.Cents, error) {
	if c.Position <= 1 {
		return nil, nil
	}
	claims, err := books.ClaimsOfCase(s.View, c.CaseID)
	if err != nil {
		return nil, err
	}
	before := map[models.ClaimID]bool{}
	for _, other := range claims {
		before[other.ID] = other.Position < c.Position
	}
	answers, err := books.AnswersOfCase(s.View, c.CaseID)
	if err != nil {
		return nil, err
	}
	paid := map[models.ChargeID]models.Cents{}
	for _, a := range answers {
		for _, l := range a.Lines {
			if a.Judges() && before[a.ClaimID] {
				paid[l.ChargeID] += l.Paid
			}
		}
	}
	return paid, nil
}
