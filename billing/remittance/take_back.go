package remittance

import (
	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// takeBack mirrors the entries of the answer that a reversal undoes and of what was decided about it, so that the claim stands as before that came. It refuses one that is no
// judgement with its signs turned (BusinessRule); one that mirrors nothing in the books waits for a person.
func (p poster) takeBack(a models.Answer, judging []models.Answer) error {
	if issues := adjudication.CheckReversal(p.claim, a); len(issues) > 0 {
		return fault.Of(fault.BusinessRule, issues)
	}
	undone, found := adjudication.Undone(a, judging)
	if !found && len(judging) == 0 {
		if isDone, err := p.isSetAside(a); err != nil || isDone {
			return err
		}
	}
	if !found {
		return p.hold(a, "The payer takes back an answer that is not in the books as it says; decide what becomes of it.")
	}
	a.Posted, a.Reverses = true, undone.ID
	if err := books.SaveAnswer(p.Tx, a, p.claim); err != nil {
		return err
	}
	if err := p.undo(undone, a); err != nil {
		return err
	}
	if err := isExpectedAgain(p.Sheet, p.claim); err != nil {
		return err
	}
	if err := p.reopen(len(judging) > 1); err != nil {
		return err
	}
	if err := p.isTakenBack(a); err != nil {
		return err
	}
	if err := overpaid(p.Sheet, p.kase.ID); err != nil {
		return err
	}
	return p.Due(p.kase, models.StepBill)
}

// isSetAside keeps a reversal that comes after the judgement of the claim that followed took the answer back already; true where it is that.
func (p poster) isSetAside(a models.Answer) (bool, error) {
	answers, err := books.AnswersOfCase(p.View, p.kase.ID)
	if err != nil {
		return false, err
	}
	undone, found := adjudication.Undone(a, setAside(answers, p.claim.ID))
	if !found {
		return false, nil
	}
	a.Reverses = undone.ID
	return true, books.SaveAnswer(p.Tx, a, p.claim)
}

// undo mirrors what an answer posted and what was decided about it, on the day of the answer by which it is taken back, and closes the work about it.
func (p poster) undo(undone, by models.Answer) error {
	entries, err := journal.EntriesByCause(p.View, []models.Cause{
		models.CauseOfAnswer(undone.ID), models.CauseOfResponsibility(undone.ID), models.CauseOfRelease(undone.ID),
	})
	if err != nil {
		return err
	}
	decided, _, err := decisions(p.Sheet, undone.ID)
	if err != nil {
		return err
	}
	entries = append(entries, decided...)
	for i, e := range entries {
		entries[i] = ledger.TakeBack(e, by)
	}
	if err := books.ReverseAnswer(p.Tx, undone, by.ID); err != nil {
		return err
	}
	if err := p.Post(entries...); err != nil {
		return err
	}
	return p.answered(undone)
}

// reopen moves the claim to where it waits for another judgement; others says that some of its lines are judged still.
func (p poster) reopen(others bool) error {
	next, err := claim.Next(p.claim.State, claim.Reverse)
	if err == nil && others {
		next, err = claim.Next(next, claim.JudgePart)
	}
	if err != nil {
		return err
	}
	return p.MoveClaim(p.claim, next)
}
