package remittance

import (
	"slices"

	"medbill/billing/desk"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/internal/auth"
	"medbill/internal/partners"
	"medbill/internal/records"
	"medbill/internal/store/books"
	"medbill/models"
)

// Inquiry gives what the payer's server is told to say how a claim stands of which nothing was heard for too long; nil of one that is not due any more. The lock of its case is held.
func Inquiry(s *desk.Sheet, id models.ClaimID) ([]byte, error) {
	c, known, err := books.Claim(s.View, id)
	if err != nil || !known || c.AnswerDue == 0 || c.AnswerDue > s.Now() {
		return nil, err
	}
	if isHeard, err := waitsForUs(s, c); err != nil || isHeard {
		return nil, err
	}
	d, err := s.Document(models.Ref{Type: "Claim", ID: string(id)})
	if err != nil || d == nil {
		return nil, err
	}
	body, err := s.ForPayer(d)
	if err != nil {
		return nil, err
	}
	c.AnswerDue = s.Now() + partners.Lease
	return body, books.MoveClaim(s.Tx, c, c.State)
}

// Inquired takes what the payer's server says of a claim, as if the payer had sent it. It refuses what BookAnswer refuses.
func Inquired(s *desk.Sheet, id models.ClaimID, said *fhir.Document) error {
	c, known, err := books.Claim(s.View, id)
	if err != nil || !known {
		return err
	}
	answers := intake.AnswersIn(said)
	if len(answers) != 1 {
		return nil
	}
	answer := s.NewID()
	d, err := laid(answers[0], render.Answering(answer, c.ID, c.PatientID, c.InsurerID))
	if err != nil {
		return err
	}
	payer := auth.Principal{Tenant: s.Tenant(), Subject: s.Subject(), Organization: c.InsurerID}
	_, err = BookAnswer(s.Tx, records.Arrival{Principal: payer, Ref: models.Ref{Type: "ClaimResponse", ID: answer}, Document: d})
	return err
}

// AskForAnswer asks a person about a claim of which its payer said nothing for too long, or, where it was asked, has not judged. One that is not due any more is left alone. The lock of its case is held.
func AskForAnswer(s *desk.Sheet, id models.ClaimID, wasAsked bool) error {
	c, known, err := books.Claim(s.View, id)
	if err != nil || !known || c.AnswerDue == 0 || !wasAsked && c.AnswerDue > s.Now() {
		return err
	}
	if c.State == models.ClaimLost || c.State == models.ClaimAsked || c.State == models.ClaimFinalized {
		return nil // it is work already
	}
	if isHeard, err := waitsForUs(s, c); err != nil || isHeard {
		return err
	}
	c.AnswerDue = 0
	if err := books.MoveClaim(s.Tx, c, c.State); err != nil {
		return err
	}
	reason := "The payer has the claim and says nothing of it for longer than it takes; ask it, or send the claim again."
	if wasAsked {
		reason = "The payer has the claim for longer than it takes, was asked, and has not judged it; call it, or send the claim again."
	}
	return s.Item(true, models.WorkItem{
		Kind: models.WorkNoAnswer, CaseID: c.CaseID, PatientID: c.PatientID, ClaimID: c.ID, PayerID: c.InsurerID, Subject: models.Ref{Type: "Claim", ID: string(c.ID)}, Reason: reason,
	})
}

// waitsForUs gives a claim its payer's days anew where the payer said something of it that a person has to decide about: it is not the payer that is silent.
func waitsForUs(s *desk.Sheet, c models.Claim) (bool, error) {
	open, err := books.OpenWork(s.View, c.CaseID)
	if err != nil || !slices.ContainsFunc(open, func(w models.WorkItem) bool { return w.Kind == models.WorkAnswer && w.ClaimID == c.ID }) {
		return false, err
	}
	if c.AnswerDue, err = s.AnswerDue(c, c.State); err != nil {
		return true, err
	}
	return true, books.MoveClaim(s.Tx, c, c.State)
}

// AskAgain has the payer of a claim asked now how it stands.
func AskAgain(s *desk.Sheet, id models.ClaimID) error {
	c, known, err := books.Claim(s.View, id)
	if err != nil || !known || !c.State.Facts().Awaited {
		return err
	}
	c.AnswerDue = s.Now()
	return books.MoveClaim(s.Tx, c, c.State)
}
