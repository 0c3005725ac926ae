package remittance

import (
	"fmt"
	"maps"
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
	excess, err := excesses(s, answers)
	if err != nil {
		return err
	}
	for _, a := range answers {
		item := models.WorkItem{
			Kind: models.WorkOverpayment, CaseID: kase, PatientID: a.PatientID, Subject: models.Ref{Type: "ClaimResponse", ID: string(a.ID)},
			Reason: "The payer paid more of the claim than it owed by the books; give that back, or have the claims corrected.",
		}
		for _, l := range a.Lines {
			if over, any := excess[owed{a.PayerID, l.ChargeID}]; any && a.Judges() {
				delete(excess, owed{a.PayerID, l.ChargeID}) // of several answers the first one
				item.Amount += over.Paid
				item.Reasons = append(item.Reasons, models.WorkReason{
					Code: string(item.Kind), Path: fmt.Sprintf("ClaimResponse.item.where(itemSequence = %d)", l.LineSequence), Text: toldOf(over),
				})
			}
		}
		isOpen := slices.ContainsFunc(open, item.IsSame)
		if over := len(item.Reasons) > 0; isOpen || over && !moves {
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

// excesses gives what the accounts of payers are below nothing by, of the charges that the answers of a case judge.
func excesses(s *desk.Sheet, answers []models.Answer) (map[owed]ledger.Excess, error) {
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
	maps.DeleteFunc(sums, func(_ owed, sum models.Cents) bool { return sum >= 0 })
	if err != nil || len(sums) == 0 {
		return nil, err
	}
	excess := make(map[owed]ledger.Excess, len(sums))
	left, off, err := said(s, answers)
	for of, sum := range sums {
		excess[of] = ledger.ExcessOf(-sum, left[of], off[of])
	}
	return excess, err
}

// said gives what payers left to others and took off of charges by those of the answers that stand, less what was taken back of that when something was given back. What else a person decided has
// its own way back, and what was taken back with an answer is as if it had never been.
func said(s *desk.Sheet, answers []models.Answer) (left map[owed]ledger.Left, off map[owed]models.Balances, err error) {
	left, off = map[owed]ledger.Left{}, map[owed]models.Balances{}
	isGivenBack := isOf(models.DecideGiveBack)
	for _, a := range answers {
		if !a.Judges() {
			continue
		}
		entries, err := journal.EntriesByCause(s.View, []models.Cause{models.CauseOfAnswer(a.ID), models.CauseOfResponsibility(a.ID), models.CauseOfRelease(a.ID)})
		if err != nil {
			return nil, nil, err
		}
		decided, _, err := decisions(s, a.ID)
		if err != nil {
			return nil, nil, err
		}
		for _, e := range append(entries, slices.DeleteFunc(decided, func(e models.Entry) bool { return !isGivenBack(e) })...) {
			for _, p := range e.Postings {
				of := owed{a.PayerID, p.ChargeID}
				if left[of] == nil {
					left[of], off[of] = ledger.Left{}, models.Balances{}
				}
				if facts, _ := p.Account.Facts(); facts.Role == models.RoleAdjusted {
					off[of][p.Account] += p.Amount
				}
				if p.Account == models.AccountARPatient || p.Account == models.AccountARInsurance && p.PayerID != a.PayerID {
					left[of][p.PayerID] += p.Amount // the patient's names no payer
				}
			}
		}
	}
	return left, off, nil
}

// toldOf says what of a line is too much.
func toldOf(e ledger.Excess) string {
	text := fmt.Sprintf("%s of the line is the payer's.", e.Paid)
	for _, account := range slices.Sorted(maps.Keys(e.Off)) {
		text = fmt.Sprintf("%s that it took off (%s) was not owed. ", e.Off[account], account) + text
	}
	if left := e.Left.Sum(); left > 0 {
		text = fmt.Sprintf("%s that it left to others is not owed by them. ", left) + text
	}
	return text
}

// GiveBack keeps what the payer of an answer paid too much as owed to it, under its number of the claim, by which a later payment takes it away, and takes back what it took off and left to others
// too much. It gives which decision about the answer that is, and refuses (Conflict, work.owed) where there is nothing of that.
func GiveBack(s *desk.Sheet, w models.WorkItem) (n int, err error) {
	a, known, err := books.Answer(s.View, models.AnswerID(w.Subject.ID))
	if err != nil || !known {
		return 0, err
	}
	c, _, err := books.Claim(s.View, a.ClaimID)
	if err != nil {
		return 0, err
	}
	kase, _, err := books.Case(s.View, c.CaseID)
	if err != nil {
		return 0, err
	}
	answers, err := books.AnswersOfCase(s.View, kase.ID)
	if err != nil {
		return 0, err
	}
	excess, err := excesses(s, answers)
	if err != nil {
		return 0, err
	}
	ofCharges := map[models.ChargeID]ledger.Excess{}
	for of, one := range excess {
		if of.payer == a.PayerID && slices.ContainsFunc(a.Lines, func(l models.AnswerLine) bool { return l.ChargeID == of.charge }) {
			ofCharges[of.charge] = one
		}
	}
	if n, err = nextDecision(s, a.ID); err != nil {
		return 0, err
	}
	_, number, _ := strings.Cut(c.KnownAs, "|")
	entry, any := ledger.GivenBack(kase, c, models.CauseOfDecision(a.ID, n), number, ofCharges, s.Today())
	if !any || !a.Judges() {
		return 0, fault.At(fault.Conflict, "work.owed", "decision", "The payer paid nothing too much of what the answer judges any more.")
	}
	if err := s.Post(entry); err != nil {
		return 0, err
	}
	return n, overpaid(s, kase.ID) // a next payer that paid what it does not owe any more
}
