package remittance

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// Release makes the patient's what the answers to a claim left to a next payer, where no claim asks that one any more. It refuses (Conflict,
// work.owed) while a claim does.
func Release(s *desk.Sheet, id models.ClaimID) error {
	c, _, err := books.Claim(s.View, id)
	if err != nil {
		return err
	}
	kase, _, err := books.Case(s.View, c.CaseID)
	if err != nil {
		return err
	}
	claims, err := books.ClaimsOfCase(s.View, c.CaseID)
	if err != nil {
		return err
	}
	answers, err := books.AnswersOfCase(s.View, c.CaseID)
	if err != nil {
		return err
	}
	isAsked := func(payer models.OrganizationID) bool {
		return slices.ContainsFunc(claims, func(o models.Claim) bool {
			return o.InsurerID == payer && o.Position > c.Position && o.Part == c.Part && o.State.IsLive()
		})
	}
	if owed, err := s.OwedByPayer(c.CaseID, c.ID); err != nil || len(c.Prior) > 0 && owed != 0 {
		if err == nil {
			err = fault.At(fault.Conflict, "work.owed", "decision", "The payer still owes "+owed.String()+" of the claim by the books; it has to correct its answer.")
		}
		return err
	}
	for _, a := range answers {
		if a.ClaimID != c.ID || !a.Judges() || a.NextPayer == "" || isAsked(a.NextPayer) {
			continue
		}
		open, err := left(s, a)
		if err != nil {
			return err
		}
		if entry, any := ledger.Decided(models.EntryTransfer, kase, c, a.NextPayer, models.CauseOfRelease(a.ID), models.AccountARPatient, open, s.Today()); any {
			if err := s.Post(entry); err != nil {
				return err
			}
		}
		a.NextPayer = ""
		if err := books.KeepAnswer(s.Tx, a); err != nil {
			return err
		}
	}
	return nil
}

// left gives what the next payer owes of the charges that an answer judges.
func left(s *desk.Sheet, a models.Answer) (map[models.ChargeID]models.Cents, error) {
	ids := make([]models.ChargeID, len(a.Lines))
	for i, l := range a.Lines {
		ids[i] = l.ChargeID
	}
	postings, err := journal.PostingsOfCharges(s.View, ids)
	open := map[models.ChargeID]models.Cents{}
	for _, p := range postings {
		if p.Account == models.AccountARInsurance && p.PayerID == a.NextPayer {
			open[p.ChargeID] += p.Amount
		}
	}
	for id, amount := range open {
		if amount <= 0 {
			delete(open, id)
		}
	}
	return open, err
}
