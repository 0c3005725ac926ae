package remittance

import (
	"fmt"
	"strings"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// answered gives the claim of ours that an answer of a payer is to: the one that it names, else the one under the number that it names. False where there is none that
// the payer has, or several.
func answered(s *desk.Sheet, d *fhir.Document, payer models.OrganizationID) (models.ClaimID, bool, error) {
	if id := intake.AnsweredClaim(d); id != "" {
		c, known, err := books.Claim(s.View, id)
		return id, known && c.State.Facts().PayerSees && (payer == "" || c.InsurerID == payer), err
	}
	c, known, err := numbered(s, d, payer)
	return c.ID, known, err
}

// numbered gives the claim under the number of ours that an answer names, like answered: an address may be one of the payer's own server.
func numbered(s *desk.Sheet, d *fhir.Document, payer models.OrganizationID) (models.Claim, bool, error) {
	number := intake.AnsweredNumber(d)
	if number == "" {
		return models.Claim{}, false, nil
	}
	claims, err := books.ClaimsOfNumber(s.View, number)
	if err != nil {
		return models.Claim{}, false, err
	}
	likely := adjudication.Candidates(models.Answer{PayerID: payer}, number, claims)
	for _, one := range likely {
		if one.Claim.CaseID != likely[0].Claim.CaseID {
			return models.Claim{}, false, nil
		}
	}
	if len(likely) == 0 {
		return models.Claim{}, false, nil
	}
	return likely[0].Claim, true, nil // or one that replaces it: an answer may name either
}

// unmatched keeps an answer that names no claim of ours, and asks a person what it is to. It refuses (BusinessRule) one that does not balance by itself, and (Conflict)
// one that contradicts what came under its key.
func unmatched(s *desk.Sheet, a records.Arrival, d *fhir.Document, answer models.Answer) (string, error) {
	first, known, err := books.UnmatchedByKey(s.View, answer)
	switch {
	case err != nil:
		return "", err
	case known && first.BodyHash != answer.BodyHash:
		return "", errContradicts
	case known:
		return string(first.ID), nil
	}
	if issues := adjudication.CheckAlone(answer); len(issues) > 0 {
		return "", fault.Of(fault.BusinessRule, issues)
	}
	answer.ID, answer.Effective = models.AnswerID(a.Ref.ID), orToday(answer.Effective, s)
	if isAck(answer) {
		answer.Kind = models.AnswerAck
	}
	if err := arrives(s, answer); err != nil {
		return "", err
	}
	if err := documents.SaveSent(s.Tx, a.Ref, a.Document.Bytes()); err != nil {
		return "", err
	}
	err = books.SaveUnmatched(s.Tx, models.Unmatched{
		ID: answer.ID, PayerID: answer.PayerID, Kind: answer.Kind, Status: answer.Status, Key: answer.Key, Trace: answer.Trace, BodyHash: answer.BodyHash, Paid: answer.Paid,
	})
	if err != nil {
		return "", err
	}
	item := models.WorkItem{
		Kind: models.WorkUnmatched, Subject: a.Ref, PayerID: answer.PayerID, Amount: answer.Paid, Category: string(answer.Kind),
		Reason: "The payer answers a claim that it does not have of us, or does not say which; say which one it is to.",
	}
	if item.Reasons, err = candidates(s, d, answer); err != nil {
		return "", err
	}
	whose := models.Ref{Type: "Patient", ID: string(intake.AnsweredPatient(d))}
	if known, err := s.Document(whose); err != nil {
		return "", err
	} else if known != nil {
		item.PatientID = models.PatientID(whose.ID)
	}
	return a.Ref.ID, s.Item(true, item)
}

// candidates gives the claims that an answer may be to, as the reasons of its work.
func candidates(s *desk.Sheet, d *fhir.Document, answer models.Answer) (models.List[models.WorkReason], error) {
	number := intake.AnsweredNumber(d)
	var claims []models.Claim
	if number != "" {
		named, err := books.ClaimsOfNumber(s.View, number)
		if err != nil {
			return nil, err
		}
		claims = append(claims, named...)
	}
	if answer.PatientID = intake.AnsweredPatient(d); answer.PatientID != "" {
		theirs, err := books.LiveClaims(s.View, answer.PatientID, answer.Effective.AddDays(-candidateDays), answer.Effective)
		if err != nil {
			return nil, err
		}
		claims = append(claims, theirs...)
	}
	var reasons models.List[models.WorkReason]
	for _, one := range adjudication.Candidates(answer, number, claims) {
		reasons = append(reasons, models.WorkReason{
			Code: "candidate", Path: "Claim/" + string(one.Claim.ID), Text: fmt.Sprintf("%d points: alike in %s.", one.Score, strings.Join(one.Alike, ", ")),
		})
	}
	return reasons, nil
}

// candidateDays is how far back a claim is looked for.
const candidateDays = 2 * 366

// Leave keeps an answer that is to no claim of ours as it is; the payment that it came with does not count it any more. It refuses (Conflict) one whose payment is told: the
// payer paid it.
func Leave(s *desk.Sheet, id models.AnswerID) error {
	found, err := books.UnmatchedByID(s.View, []models.AnswerID{id})
	if err != nil || len(found) == 0 || found[0].IsLeft {
		return err
	}
	u := found[0]
	if u.Trace != "" && u.Kind != models.AnswerAck {
		r, err := books.PayInto(s.Tx, models.Remittance{ID: models.RemittanceID(s.NewID()), PayerID: u.PayerID, Trace: u.Trace, Amount: -u.Paid, Source: models.SourceFHIR})
		if err == nil && r.Outcome == models.RemittanceComplete {
			err = fault.At(fault.Conflict, "remittance.complete", "decision", "The payment that the answer came with is told and pays it; say which claim it is to.")
		}
		if err != nil {
			return err
		}
	}
	return books.LeaveUnmatched(s.Tx, u)
}

// Match posts an answer that named no claim of ours as one to a claim that a person names. What refuses an answer to that claim refuses it, and it waits on.
func Match(s *desk.Sheet, id models.AnswerID, claim models.ClaimID) error {
	found, err := books.UnmatchedByID(s.View, []models.AnswerID{id})
	if err != nil || len(found) == 0 {
		return err
	}
	sent, err := documents.SentOf(s.View, "ClaimResponse", []string{string(id)})
	if err != nil {
		return err
	}
	document, err := fhir.Parse(sent[string(id)])
	if err != nil {
		return err
	}
	resolved, err := s.Resolve(document)
	if err != nil {
		return err
	}
	answer, err := intake.Answer(resolved[0], s.Zone())
	if err != nil {
		return err
	}
	c, known, err := books.Claim(s.View, claim)
	switch {
	case err != nil:
		return err
	case !known || !c.State.Facts().PayerSees || c.InsurerID != found[0].PayerID:
		return fault.At(fault.BusinessRule, "answer.claim", "claim", "There is no such claim that this payer has; name one that was sent to it.")
	}
	answer.ID, answer.ClaimID, answer.Key, answer.BodyHash = id, claim, found[0].Key, found[0].BodyHash
	_, isTaken, err := books.AnswerByKey(s.View, answer)
	if err == nil && isTaken {
		err = fault.At(fault.Conflict, "answer.contradicts", "claim", "The claim has an answer under this identifier already.")
	}
	if err != nil {
		return err
	}
	if err := books.MatchAnswer(s.Tx, found[0], claim); err != nil {
		return err
	}
	return fault.Under("claim", Post(s, answer))
}
