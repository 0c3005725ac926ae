package accounts

import (
	"slices"

	"medbill/billing/desk"
	"medbill/models"
)

// Overview is how the account of a guarantor stands: what it was sent and would be sent, and what that is about.
type Overview struct {
	StatementView
	Day      models.Date
	Lines    []models.StatementLine // all that may be asked for, oldest first
	Patients []models.PatientID     // for whom something is due, the one that was asked about first
	Credit   models.Cents           // what they paid that pays nothing and waits for no visit
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
	for _, id := range o.Patients {
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
func GuarantorOf(s *desk.Sheet, patient models.PatientID) (models.Ref, error) { return guarantorOf(s, patient) }
