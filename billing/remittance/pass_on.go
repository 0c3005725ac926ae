package remittance

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/claim"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// errUnplaced refuses to decide about what an answer leaves open while nobody knows whose it is.
var errUnplaced = fault.At(fault.Conflict, "work.passed-on", "decision", "It is not known whom the payer passed the claim on to, so what that one owes stands with this payer; decide the work about it first.")

// carrierOf gives to whom an answer says that its payer passed the claim on: the one Organization, or payer of the directory, that has the identifier which it names.
func carrierOf(s *desk.Sheet, a models.Answer) (models.OrganizationID, error) {
	if a.Carrier != "" || a.CarrierNumber.Value == "" {
		return a.Carrier, nil
	}
	id, err := documents.Holder(s.View, "Organization", a.CarrierNumber)
	if err != nil || id != "" {
		return models.OrganizationID(id), err
	}
	book, err := s.PayerBook()
	if err != nil {
		return "", err
	}
	var found models.OrganizationID
	for _, p := range book.Data().Payers {
		switch isIt := slices.Contains(p.Identifiers, a.CarrierNumber); {
		case isIt && found != "":
			return models.UnknownOrganization, nil
		case isIt:
			found = p.ID
		}
	}
	return cmp.Or(found, models.UnknownOrganization), nil
}

// placed gives a judgement with who owes what it leaves, where there is one after its payer, and why that is not known where it is not.
func placed(s *desk.Sheet, kase models.Case, c models.Claim, a models.Answer) (models.Answer, string, error) {
	payers, err := s.Payers(kase.PatientID)
	if err != nil {
		return a, "", err
	}
	order, unclear := payers.Order(c.ServiceFrom), ""
	if a.PassedOn {
		_, unclear = claim.PassedTo(order, c, a.Carrier)
	}
	if a.Unplaced = unclear != ""; a.Unplaced {
		return a, unclear, nil
	}
	if next, isNext := claim.After(order, c); isNext && adjudication.LeavesToNext(a) {
		a.NextPayer = next.PayerID
	}
	a.Shielded = a.NextPayer == "" && adjudication.ProtectsPatient(a)
	return a, "", nil
}

// asksWho asks a person whom the payer passed the claim on to, where it is said why that is not known.
func (p poster) asksWho(a models.Answer, why string) error {
	if why == "" {
		return nil
	}
	item := p.work(models.WorkPassedOn, why)
	item.Subject = models.Ref{Type: "ClaimResponse", ID: string(a.ID)}
	return p.open(item)
}

// Place gives what answers left with their payer to whom it is owed, as far as it is known by now: to whom the payer passed the claim on, or who comes after it where the patient must not be asked.
func Place(s *desk.Sheet, kase models.Case) error {
	answers, err := books.AnswersOfCase(s.View, kase.ID)
	if err != nil {
		return err
	}
	for _, a := range answers {
		if !a.Judges() || !a.Unplaced && !a.Shielded {
			continue
		}
		if err := place(s, kase, a); err != nil {
			return err
		}
	}
	return nil
}

// place gives what one answer left with its payer to whom it is owed, where that is known.
func place(s *desk.Sheet, kase models.Case, a models.Answer) error {
	c, _, err := books.Claim(s.View, a.ClaimID)
	if err != nil {
		return err
	}
	wasShielded := a.Shielded
	a, why, err := placed(s, kase, c, a)
	if err != nil || why != "" || a.Shielded {
		return err
	}
	if owed, err := s.OwedByPayer(kase.ID, c.ID); err != nil || wasShielded && owed <= 0 {
		return err // somebody gave it up
	}
	return leave(s, kase, c, a)
}

// leave posts what an answer leaves to others, now that it is known to whom.
func leave(s *desk.Sheet, kase models.Case, c models.Claim, a models.Answer) error {
	if err := books.KeepAnswer(s.Tx, a); err != nil {
		return err
	}
	if entry, owes := ledger.Responsibility(kase, c, a, adjudication.Apply(c, a)); owes {
		if err := s.Post(entry); err != nil {
			return err
		}
	}
	return s.Item(false, models.WorkItem{Kind: models.WorkPassedOn, Subject: models.Ref{Type: "ClaimResponse", ID: string(a.ID)}})
}

// Unshield makes the patient's what an answer leaves, although its payer says that the patient must not be asked.
func Unshield(s *desk.Sheet, id models.AnswerID) error {
	a, known, err := books.Answer(s.View, id)
	if err != nil || !known || !a.Judges() || !a.Shielded {
		return err
	}
	c, _, err := books.Claim(s.View, a.ClaimID)
	if err != nil {
		return err
	}
	kase, _, err := books.Case(s.View, a.CaseID)
	if err != nil {
		return err
	}
	a.Shielded = false
	return leave(s, kase, c, a)
}

// NotPassedOn has an answer count as one whose payer did not pass the claim on: the plans on file are right.
func NotPassedOn(s *desk.Sheet, id models.AnswerID) error {
	a, known, err := books.Answer(s.View, id)
	if err != nil || !known || !a.Judges() {
		return err
	}
	kase, _, err := books.Case(s.View, a.CaseID)
	if err != nil {
		return err
	}
	a.PassedOn = false
	return place(s, kase, a)
}
