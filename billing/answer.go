package billing

import (
	"crypto/sha256"
	"encoding/hex"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/ledger"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// decideAnswer takes a ClaimResponse for an answer where it names a claim of ours that was sent. To a payer, a claim of
// another payer is no claim at all.
func decideAnswer(tx *store.Tx, a records.Arrival) (records.Fate, error) {
	id := intake.AnsweredClaim(a.Document)
	c, known, err := tx.Claim(id)
	if err != nil {
		return 0, err
	}
	payer := a.Principal.Organization
	known = known && c.State.IsSent()
	if payer != "" {
		if !known || c.InsurerID != payer {
			return 0, fault.At(fault.NotFound, "not-found", "ClaimResponse.request", "There is no such claim, or it was not sent to you.")
		}
		return records.FateBooked, nil
	}
	if level, ok := a.Principal.Allows("ClaimResponse", auth.PermissionCreate); known && ok && level == auth.LevelSystem {
		return records.FateBooked, nil
	}
	return records.FateExternal, nil
}

// bookAnswer posts a payer's answer: what it paid, what it took off, what it left to the patient. It refuses one that does
// not balance (BusinessRule, with the equation and the places of the amounts) and one that contradicts an answer in the
// books (Conflict). The same answer again changes nothing and gives the first.
func bookAnswer(tx *store.Tx, a records.Arrival) (string, error) {
	answer, err := intake.Answer(a.Document)
	if err != nil {
		return "", err
	}
	c, known, err := tx.Claim(answer.ClaimID)
	if err != nil {
		return "", err
	}
	if !known {
		return "", errNotFound
	}
	if answer.PayerID != c.InsurerID {
		return "", fault.At(fault.BusinessRule, "answer.insurer", "ClaimResponse.insurer", "The insurer must be the one the claim was sent to.")
	}
	answer.BodyHash = bodyHash(a)
	if answer.Key == "" {
		answer.Key = answer.BodyHash
	}
	first, sentBefore, err := tx.AnswerByKey(c.ID, answer.PayerID, answer.Key)
	if err != nil {
		return "", err
	}
	if sentBefore && first.BodyHash == answer.BodyHash {
		return string(first.ID), nil
	}
	if sentBefore || a.Before.Version > 0 {
		return "", fault.At(fault.Conflict, "answer.contradicts", "ClaimResponse.identifier", "An answer with this identifier and other content is in the books; a correction needs its own identifier.")
	}
	if issues := adjudication.Check(c, answer); len(issues) > 0 {
		return "", fault.Of(fault.BusinessRule, issues)
	}
	answer.ID = models.AnswerID(a.Ref.ID)
	return a.Ref.ID, postAnswer(tx, a, c, answer)
}

// bodyHash tells the same content from other content, whatever id it was given on the way.
func bodyHash(a records.Arrival) string {
	body := a.Document.WithIdentity(fhir.Identity{ID: "content", Version: 1})
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func postAnswer(tx *store.Tx, a records.Arrival, c models.Claim, answer models.Answer) error {
	next, err := claim.Next(c.State, claim.Adjudicate)
	if err != nil {
		return err
	}
	charges := make(map[int]models.ChargeID, len(c.Lines))
	for _, l := range c.Lines {
		charges[l.Sequence] = l.ChargeID
	}
	for i := range answer.Lines {
		answer.Lines[i].ChargeID = charges[answer.Lines[i].LineSequence]
	}
	review := adjudication.NeedsReview(answer)
	answer.Review = len(review) > 0
	if err := tx.SaveSent(a.Ref, a.Document.Bytes()); err != nil {
		return err
	}
	if err := tx.SaveAnswer(answer, c); err != nil {
		return err
	}
	lines := adjudication.Apply(c, answer)
	if entry, ok := ledger.Answered(c, answer, lines); ok {
		if err := tx.Post(entry); err != nil {
			return err
		}
	}
	if err := tx.MoveClaim(c, next); err != nil {
		return err
	}
	if answer.Review {
		err := tx.OpenWork(models.WorkAnswer, "ClaimResponse/"+a.Ref.ID, c.PatientID, "The payer's answer has adjustments that are not posted by themselves; decide what becomes of them.")
		if err != nil {
			return err
		}
	}
	entry, owes := ledger.Responsibility(c, answer, lines)
	if !owes {
		return nil
	}
	if err := tx.Post(entry); err != nil {
		return err
	}
	return tx.Enqueue(models.JobInvoice, invoiceSubject(c))
}
