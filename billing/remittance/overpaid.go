package remittance

import (
	"fmt"
	"slices"
	"strings"

	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// overpaid opens work about each answer of which the payer owes less than nothing by the books of a charge, and closes it where that is no more so. While a payer took an answer of the
// case back and gave no other one, or judged only some lines, nobody is asked anew: what stands then is on its way.
func overpaid(s *desk.Sheet, kase models.CaseID) error {
	claims, err := books.ClaimsOfCase(s.View, kase)
	if err != nil {
		return err
	}
	answers, err := books.AnswersOfCase(s.View, kase)
	if err != nil || !mayOverpay(claims, answers) {
		return err
	}
	open, err := books.OpenWork(s.View, kase)
	if err != nil {
		return err
	}
	moves := slices.ContainsFunc(claims, func(c models.Claim) bool { return c.State == models.ClaimReversed || c.State == models.ClaimPartly })
	below, err := belowNothing(s, answers)
	if err != nil {
		return err
	}
	for _, a := range answers {
		item := models.WorkItem{
			Kind: models.WorkOverpayment, CaseID: kase, PatientID: a.PatientID, Subject: models.Ref{Type: "ClaimResponse", ID: string(a.ID)},
			Reason: "The payer paid more of the claim than it owed by the books; give that back, or have the claims corrected.",
		}
		for _, l := range a.Lines {
			if over := -below[owed{a.PayerID, l.ChargeID}]; over > 0 && a.Judges() {
				delete(below, owed{a.PayerID, l.ChargeID}) // of several answers the first one
				item.Amount += over
				item.Reasons = append(item.Reasons, models.WorkReason{
					Code: string(item.Kind), Path: fmt.Sprintf("ClaimResponse.item.where(itemSequence = %d)", l.LineSequence), Text: fmt.Sprintf("%s of the line is the payer's.", over),
				})
			}
		}
		isOpen := slices.ContainsFunc(open, item.IsSame)
		if over := item.Amount > 0; isOpen || over && !moves {
			if err := s.Item(over, item); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayOverpay reports whether the books may have a payer owe less than nothing: they have not where the first payer alone judged each line once, and added to no charge.
func mayOverpay(claims []models.Claim, answers []models.Answer) bool {
	isNext := func(a models.Answer) bool {
		return slices.ContainsFunc(claims, func(c models.Claim) bool { return c.ID == a.ClaimID && c.Position > 1 })
	}
	return slices.ContainsFunc(answers, func(a models.Answer) bool {
		adds := slices.ContainsFunc(a.Adjustments, func(one models.Adjustment) bool { return one.Amount < 0 })
		return a.Posted && (a.Reversed != "" || adds || isNext(a))
	})
}

// owed is who owes what.
type owed struct {
	payer  models.OrganizationID
	charge models.ChargeID
}

// belowNothing gives what payers owe of the charges that answers judge, where that is less than nothing.
func belowNothing(s *desk.Sheet, answers []models.Answer) (map[owed]models.Cents, error) {
	var ids []models.ChargeID
	for _, a := range answers {
		for _, l := range a.Lines {
			if l.ChargeID != "" && !slices.Contains(ids, l.ChargeID) {
				ids = append(ids, l.ChargeID)
			}
		}
	}
	postings, err := journal.PostingsOfCharges(s.View, ids)
	sums := map[owed]models.Cents{}
	for _, p := range postings {
		if p.Account == models.AccountARInsurance {
			sums[owed{p.PayerID, p.ChargeID}] += p.Amount
		}
	}
	for of, sum := range sums {
		if sum >= 0 {
			delete(sums, of)
		}
	}
	return sums, err
}

// GiveBack keeps what the payer of an answer paid too much as owed to it, under its number of the claim, by which a later payment takes it away. It refuses (Conflict, work.owed) where that is
// nothing.
func GiveBack(s *desk.Sheet, w models.WorkItem) error {
	a, known, err := books.Answer(s.View, models.AnswerID(w.Subject.ID))
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
	below, err := belowNothing(s, []models.Answer{a})
	if err != nil {
		return err
	}
	open := map[models.ChargeID]models.Cents{}
	for of, sum := range below {
		if of.payer == a.PayerID {
			open[of.charge] = sum
		}
	}
	cause, err := nextDecision(s, a.ID)
	if err != nil {
		return err
	}
	_, number, _ := strings.Cut(c.KnownAs, "|")
	entry, any := ledger.GivenBack(kase, c, cause, number, open, s.Today())
	if !any || !a.Judges() {
		return fault.At(fault.Conflict, "work.owed", "decision", "The payer paid nothing too much of what the answer judges any more.")
	}
	return s.Post(entry)
}
