package remittance

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// prior gives what payers before that of the claim paid and took off of each charge, as their answers stand in the books.
func (p poster) prior() (map[models.ChargeID]models.Cents, error) {
	claims, err := books.ClaimsOfCase(p.View, p.kase.ID)
	if err != nil {
		return nil, err
	}
	sums := map[models.ChargeID]models.Cents{}
	isBefore := func(c models.Claim) bool { return c.Position < p.claim.Position }
	if !slices.ContainsFunc(claims, isBefore) {
		return sums, nil
	}
	var charges []models.ChargeID
	for _, l := range p.claim.Lines {
		charges = append(charges, l.ChargeID)
	}
	postings, err := journal.PostingsOfCharges(p.View, charges)
	for _, one := range postings {
		isTheirs := slices.ContainsFunc(claims, func(c models.Claim) bool { return c.ID == one.ClaimID && isBefore(c) })
		facts, _ := one.Account.Facts()
		if isTheirs && one.AnswerID != "" && (facts.Role == models.RolePayerPaid || facts.Role == models.RoleAdjusted) {
			sums[one.ChargeID] += one.Amount
		}
	}
	return sums, err
}

// misreported keeps an answer that does not say what payers before did; true where it does not. What it should say is proposed.
func (p poster) misreported(a models.Answer) (bool, error) {
	prior, err := p.prior()
	if err != nil {
		return false, err
	}
	proposed, agrees := adjudication.Coordinate(p.claim, a, prior)
	if agrees {
		return false, nil
	}
	text := "What it says that payers before paid and took off is not what their answers posted, and nothing in it explains the difference."
	if proposed != nil {
		text = "It should say " + adjudication.Told(proposed) + "; accepting it posts that."
	}
	if err := p.save(a); err != nil {
		return true, err
	}
	item := p.work(models.WorkAnswer, "The payer's answer takes off what payers before it took off already.")
	item.Subject, item.Category = models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, adjudication.CodeMisreported
	item.Reasons = []models.WorkReason{{Code: adjudication.CodeMisreported, Path: "ClaimResponse.item", Text: text}}
	if err := p.open(item); err != nil {
		return true, err
	}
	return true, p.Due(p.kase, models.StepBill)
}

// Accept posts an answer that was held because it misreports what payers before did, as it should have been. It refuses (Conflict) one of
// which nobody knows how, and one of lines that another answer judged since.
func Accept(s *desk.Sheet, id models.AnswerID) error {
	a, known, err := books.Answer(s.View, id)
	if err != nil || !known {
		return err
	}
	c, _, err := books.Claim(s.View, a.ClaimID)
	if err != nil {
		return err
	}
	kase, _, err := books.Case(s.View, c.CaseID)
	if err != nil {
		return err
	}
	before, err := books.AnswersOfCase(s.View, c.CaseID)
	if err != nil {
		return err
	}
	before = slices.DeleteFunc(before, func(other models.Answer) bool { return other.ClaimID != c.ID || other.ID == a.ID })
	if isJudged(a, c, before) {
		return fault.At(fault.Conflict, "work.judged", "decision", "Another answer judged the same lines since; the payer has to take that back first.")
	}
	p := poster{Sheet: s, kase: kase, claim: c, leavesOpen: leavesOpen(a, c, before)}
	prior, err := p.prior()
	if err != nil {
		return err
	}
	proposed, agrees := adjudication.Coordinate(c, a, prior)
	switch {
	case agrees:
		proposed = a.Adjustments // payers before were corrected meanwhile
	case proposed == nil:
		return fault.At(fault.Conflict, "work.proposal", "decision", "Nothing explains what the payer says of those before it; ask it for a corrected answer.")
	}
	said := a.Adjustments
	a.Adjustments = proposed
	return p.settle(a, said)
}
