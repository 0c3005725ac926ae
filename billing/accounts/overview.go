package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Overview is how the account of a guarantor stands: what it was sent and would be sent, and what that is about.
type Overview struct {
	StatementView
	Day      models.Date
	Lines    []models.StatementLine // all that may be asked for, oldest first
	Patients []models.PatientID     // for whom something is due, the one that was asked about first
	Credit   models.Cents           // what they and the guarantor paid that pays nothing and waits for no visit
}

// ViewAccount gives how the account of the guarantor of a patient stands; it changes nothing.
func ViewAccount(s *desk.Sheet, patient models.PatientID) (Overview, error) {
	seen, err := ViewStatement(s, patient)
	if err != nil {
		return Overview{}, err
	}
	asked, err := askedOf(s, patient)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{StatementView: seen, Day: s.Today(), Lines: asked.Due, Patients: []models.PatientID{patient}}
	for _, l := range o.Lines {
		if !slices.Contains(o.Patients, l.PatientID) {
			o.Patients = append(o.Patients, l.PatientID)
		}
	}
	payers := slices.Clone(o.Patients)
	if own := models.PatientID(o.Guarantor.ID); o.Guarantor.Type == "Patient" && !slices.Contains(payers, own) {
		payers = append(payers, own)
	}
	for _, id := range payers {
		d, err := duesOf(s, id)
		if err != nil {
			return o, err
		}
		free, err := d.free(s)
		if err != nil {
			return o, err
		}
		o.Credit += free
	}
	return o, nil
}

// GuarantorOf gives who is sent what is due for a patient.
func GuarantorOf(s *desk.Sheet, patient models.PatientID) (models.Ref, error) {
	return guarantorOf(s, patient)
}

// FindStatement gives a letter that the guarantor of a patient was sent, the last one where id is "". It refuses (Conflict, statement.none) where none was, and does not find one that is to somebody else and about others.
func FindStatement(s *desk.Sheet, patient models.PatientID, id models.StatementID) (models.Statement, error) {
	guarantor, err := GuarantorOf(s, patient)
	if err != nil {
		return models.Statement{}, err
	}
	if id == "" {
		sent, err := books.StatementsOf(s.View, guarantor, 1)
		if err == nil && len(sent) == 0 {
			err = fault.New(fault.Conflict, "statement.none", "No statement was sent yet to who answers for the patient.")
		}
		if err != nil {
			return models.Statement{}, err
		}
		return sent[0], nil
	}
	one, known, err := books.StatementByID(s.View, id)
	isTheirs := known && (one.Guarantor == guarantor || one.Guarantor == patientOf(patient) || slices.ContainsFunc(one.Lines, func(l models.StatementLine) bool { return l.PatientID == patient }))
	if err == nil && !isTheirs {
		err = fault.At(fault.NotFound, "not-found", "statement", "There is no such statement to who answers for the patient.")
	}
	return one, err
}
