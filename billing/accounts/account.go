package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// DecideAccount takes an Account for a patient's billing account; one of another type, or about something else than a patient, is
// somebody else's.
func DecideAccount(_ *store.Tx, a records.Arrival) (records.Fate, error) {
	if !intake.IsPatientAccount(a.Document) {
		return records.FateExternal, practiceOnly(a)
	}
	return records.FateBooked, nil
}

// BookAccount keeps who answers for what a patient owes, and has what waited for that asked for. A patient has one account. It refuses
// what says nobody clearly (intake.Account), a second account (Conflict, account.exists), another patient than the account's
// (BusinessRule, account.subject), and what a patient's own token sends (Forbidden).
func BookAccount(tx *store.Tx, a records.Arrival) (string, error) {
	if err := practiceOnly(a); err != nil {
		return "", err
	}
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return "", err
	}
	named, answering, err := intake.Account(d, s.Zone())
	if err != nil {
		return "", err
	}
	of, err := personOf(s, named)
	if err != nil {
		return "", err
	}
	waiting, err := books.OpenWorkOfPatients(s.View, models.WorkGuarantor, of)
	if err != nil {
		return "", err
	}
	if err := lock(s, of, waiting); err != nil {
		return "", err
	}
	account, err := accountOf(s, models.AccountID(a.Ref.ID), of)
	if err != nil {
		return "", err
	}
	if err := documents.SaveSent(tx, a.Ref, a.Document.Bytes()); err != nil {
		return "", err
	}
	if err := books.SaveAccount(tx, account, answering...); err != nil {
		return "", err
	}
	return a.Ref.ID, goAhead(s, waiting)
}

// AfterAnswering has what waited for somebody who answers asked for, where the record of one whom an Account names came or changed.
func AfterAnswering(tx *store.Tx, a records.Arrival) error {
	s := desk.Open(tx)
	waiting, err := books.OpenWorkOfParty(s.View, models.WorkGuarantor, a.Ref)
	if err != nil || len(waiting) == 0 {
		return err
	}
	var of []models.PatientID
	for _, w := range waiting {
		of = append(of, w.PatientID)
	}
	if err := lock(s, of, waiting); err != nil {
		return err
	}
	return goAhead(s, waiting)
}

// practiceOnly refuses what a patient's own token sends: who answers for a patient is not the patient's to say.
func practiceOnly(a records.Arrival) error {
	if level, _ := a.Principal.Allows(a.Ref.Type, a.Permission()); level == auth.LevelPatient {
		return fault.New(fault.Forbidden, "forbidden", "Who answers for a patient is for the practice to say; the access token is limited to one patient.")
	}
	return nil
}

// personOf gives the records of who a patient is: the one that stands for him first, then those that it replaced.
func personOf(s *desk.Sheet, patient models.PatientID) ([]models.PatientID, error) {
	survivor, err := s.Survivor(patient)
	if err != nil {
		return nil, err
	}
	return s.Merged(survivor)
}

// lock takes the locks of cases and of their patient, on which whoever asks the patient, or opens the account, is met.
func lock(s *desk.Sheet, of []models.PatientID, waiting []models.WorkItem) error {
	var subjects []string
	for _, w := range waiting {
		subjects = append(subjects, string(w.CaseID))
	}
	for _, id := range of {
		subjects = append(subjects, models.Ref{Type: "Patient", ID: string(id)}.String())
	}
	return books.Lock(s.Tx, subjects...)
}

// accountOf gives the account that a document is about, new where nobody has one.
func accountOf(s *desk.Sheet, id models.AccountID, of []models.PatientID) (models.Account, error) {
	known, err := books.AccountsByID(s.View, []models.AccountID{id})
	if err != nil {
		return models.Account{}, err
	}
	if len(known) > 0 {
		if !slices.Contains(of, known[0].PatientID) {
			return known[0], fault.At(fault.BusinessRule, "account.subject", "Account.subject", "The account is another patient's and stays so; send this patient's own account.")
		}
		return known[0], nil
	}
	others, err := books.AccountsOfPatients(s.View, of)
	if err == nil && len(others) > 0 {
		err = fault.At(fault.Conflict, "account.exists", "Account.subject", "The patient has Account/"+string(others[0].ID)+" already, and no second one; update that one.")
	}
	return models.Account{ID: id, PatientID: of[0]}, err
}

// goAhead has cases that waited for somebody who answers ask him.
func goAhead(s *desk.Sheet, waiting []models.WorkItem) error {
	for _, w := range waiting {
		c, known, err := books.Case(s.View, w.CaseID)
		if err == nil && known {
			err = s.Due(c, models.StepBill)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
