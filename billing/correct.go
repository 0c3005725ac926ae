package billing

import (
	"medbill/billing/claims"
	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// replaceIt has a corrected claim sent. One to a next payer says what the claim before it says now.
func replaceIt(s *desk.Sheet, w models.WorkItem, v Verdict) error {
	id, err := claimOfWork(s, w)
	if err != nil {
		return err
	}
	c, _, err := books.Claim(s.View, id)
	if err != nil {
		return err
	}
	if w.Kind == models.WorkNextPayer && c.Position <= 1 {
		return errNotNext
	}
	if err := lockWithPatient(s, w.CaseID); err != nil {
		return err
	}
	kase, _, err := books.Case(s.View, w.CaseID)
	if err != nil {
		return err
	}
	switch {
	case c.Position <= 1:
		if kase, err = coding.Recode(s, kase, v.Coding); err != nil {
			return err
		}
	case len(v.Coding.Diagnoses)+len(v.Coding.Services) > 0:
		return errNextCoding
	}
	if err := books.SaveCase(s.Tx, kase); err != nil {
		return err
	}
	if err := claims.Correct(s, kase, id, models.FrequencyReplace); err != nil {
		return err
	}
	return bring(s, kase, "")
}

var errNotNext = fault.At(fault.Conflict, "claim.same", "decision", "No claim to a next payer was sent that could be corrected; say who comes next, or ask the patient.")

var errNextCoding = fault.At(fault.Invalid, "invalid", "decision", "A claim to a next payer says what the claim before it says; correct that one, and leave diagnoses and charges out here.")

// dropIt takes back that a claim is replaced or voided, while nothing of that went out. What the first payer's claims are asks for no more than was billed then.
func dropIt(s *desk.Sheet, w models.WorkItem, undone models.Decision) error {
	id, err := claimOfWork(s, w)
	if err != nil {
		return err
	}
	if err := lockWithPatient(s, w.CaseID); err != nil {
		return err
	}
	kase, _, err := books.Case(s.View, w.CaseID)
	if err != nil {
		return err
	}
	resumed, err := claims.Drop(s, kase, id, models.Ref{Type: taskType, ID: string(w.ID)})
	if err != nil {
		return err
	}
	if undone == models.DecideReplace && resumed[0].Position <= 1 {
		if _, err := coding.Unfollow(s, kase, resumed); err != nil {
			return err
		}
	}
	return advance(s, w.CaseID)
}

// voidIt has a claim taken back.
func voidIt(s *desk.Sheet, w models.WorkItem, _ Verdict) error {
	id, err := claimOfWork(s, w)
	if err != nil {
		return err
	}
	return void(s, w.CaseID, id)
}

// void takes a claim back that its payer has, "" for all of a case.
func void(s *desk.Sheet, id models.CaseID, of models.ClaimID) error {
	if err := lockWithPatient(s, id); err != nil {
		return err
	}
	kase, _, err := books.Case(s.View, id)
	if err != nil {
		return err
	}
	if err := claims.Correct(s, kase, of, models.FrequencyVoid); err != nil {
		return err
	}
	return bring(s, kase, "")
}

// voidClaim takes a claim back that its payer has; one that is void, or is to be, stays as it is.
func voidClaim(s *desk.Sheet, id models.ClaimID) (models.Claim, error) {
	c, err := claims.Standing(id)(s)
	if err != nil || c.State == models.ClaimVoiding || c.State == models.ClaimVoided {
		return c, err
	}
	if err := void(s, c.CaseID, id); err != nil {
		return c, err
	}
	return claims.Standing(id)(s)
}

// claimOfWork gives the claim that work is about, "" where it is about the visit.
func claimOfWork(s *desk.Sheet, w models.WorkItem) (models.ClaimID, error) {
	switch w.Subject.Type {
	case "Claim":
		return models.ClaimID(w.Subject.ID), nil
	case "ClaimResponse":
		a, _, err := books.Answer(s.View, models.AnswerID(w.Subject.ID))
		return a.ClaimID, err
	}
	return "", nil
}
