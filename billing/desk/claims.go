package desk

import (
	"medbill/billing/rules/claim"
	"medbill/internal/payers"
	"medbill/internal/store/books"
	"medbill/models"
)

// MoveClaim brings a claim to a state and starts the time within which its payer is to say something of it. Work about its silence before is done, unless the payer does not find the claim or
// says that it answered.
func (s *Sheet) MoveClaim(c models.Claim, state models.ClaimState) error {
	var err error
	if c.AnswerDue, err = s.AnswerDue(c, state); err != nil {
		return err
	}
	if err := books.MoveClaim(s.Tx, c, state); err != nil || state == models.ClaimLost || state == models.ClaimFinalized {
		return err
	}
	return s.Done(c.CaseID, func(w models.WorkItem) bool { return w.Kind == models.WorkNoAnswer && w.ClaimID == c.ID })
}

// AnswerDue gives when the silence of the payer of a claim becomes work that comes to a state now. See claim.AnswerDue.
func (s *Sheet) AnswerDue(c models.Claim, state models.ClaimState) (models.Instant, error) {
	term := answerTermUsual
	if claim.Waits(state) {
		book, err := s.PayerBook()
		if err != nil {
			return 0, err
		}
		if fact, known := book.Fact(c.InsurerID, models.AnswerDays, "", s.Today()); known {
			if own, ok := payers.TermOf(fact.Value); ok {
				term = own
			}
		}
	}
	return claim.AnswerDue(c, state, term.After(s.Today()), s.Zone()), nil
}

// answerTermUsual is how long a payer may be silent where nobody knows its own term.
var answerTermUsual = payers.Term{Days: 30}
