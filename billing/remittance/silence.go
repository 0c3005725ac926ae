package remittance

import (
	"medbill/billing/desk"
	"medbill/internal/store/books"
	"medbill/models"
)

// AskForAnswer asks a person about a claim of which its payer said nothing for too long; one that is not due any more is left alone. The lock of its case is held.
func AskForAnswer(s *desk.Sheet, id models.ClaimID) error {
	c, known, err := books.Claim(s.View, id)
	if err != nil || !known || c.AnswerDue == 0 || c.AnswerDue > s.Now() {
		return err
	}
	c.AnswerDue = 0
	if err := books.MoveClaim(s.Tx, c, c.State); err != nil {
		return err
	}
	return s.Item(true, models.WorkItem{
		Kind: models.WorkNoAnswer, CaseID: c.CaseID, PatientID: c.PatientID, ClaimID: c.ID, PayerID: c.InsurerID, Subject: models.Ref{Type: "Claim", ID: string(c.ID)},
		Reason: "The payer has the claim and says nothing of it for longer than it takes; ask it, or send the claim again.",
	})
}
