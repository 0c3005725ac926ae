package coding

import (
	"medbill/billing/desk"
	"medbill/internal/store/books"
	"medbill/models"
)

// AskForVisit asks a person for the visit of a charge whose Encounter did not come; nothing would ever bill it. One that came
// meanwhile is left alone.
func AskForVisit(s *desk.Sheet, id models.ChargeID) error {
	c, found, err := books.Charge(s.View, id)
	if err != nil || !found || !c.State.Facts().Waits {
		return err
	}
	if err := books.Lock(s.Tx, string(c.CaseID)); err != nil {
		return err
	}
	visit, err := s.Document(c.CaseID.Origin())
	if err != nil || visit != nil {
		return err
	}
	return askWhere(s, c, true)
}

// askWhere opens or closes the work item of a charge that has no visit.
func askWhere(s *desk.Sheet, c models.Charge, wanted bool) error {
	return s.Item(wanted, models.WorkItem{
		Kind: models.WorkCharge, CaseID: c.CaseID, Subject: models.Ref{Type: "ChargeItem", ID: string(c.ID)}, PatientID: c.PatientID,
		Reason: "The charge has no visit to be billed with; send its Encounter, name another one as context, or take the charge back.",
	})
}

// found closes what was asked about the charges of a visit that came.
func found(s *desk.Sheet, id models.CaseID) error {
	return s.Done(id, func(w models.WorkItem) bool { return w.Kind == models.WorkCharge })
}
