// Package coding is the coding desk: it opens the case of a finished visit, reads its chart, takes over the codes an EHR sent or
// asks a coder for them, and puts the charges into the books. What a case is to do is decided by the rules below it.
package coding

import (
	"cmp"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// AfterEncounter opens the case of an Encounter that is finished, in the transaction that stores it, and asks for a plan of one
// that is open already: whatever changed of a visit may bear on its case.
func AfterEncounter(tx *store.Tx, a records.Arrival) error {
	id := models.CaseOf(models.VisitID(a.Ref.ID))
	isFinished := a.Document != nil && a.Document.Root().Get("status").Is("finished")
	if !isFinished && tx.Made(a.Ref.ID) {
		return nil // neither a case nor work can be there
	}
	s := desk.Open(tx)
	if err := books.Lock(tx, string(id)); err != nil {
		return err
	}
	if a.Before.Version == 0 || a.Before.Deleted {
		if err := found(s, id); err != nil {
			return err
		}
	}
	c, open, err := books.Case(tx.View, id)
	switch {
	case err != nil:
		return err
	case open:
		if err := wakeGiving(s, c); err != nil {
			return err
		}
		return s.Due(c, models.StepPlan)
	case !isFinished:
		return nil
	}
	e := intake.Encounter(a.Document, s.Zone())
	c = models.Case{ID: id, PatientID: e.PatientID, ServiceDate: cmp.Or(e.Start, e.End), State: models.CaseNew, Created: tx.Now()}
	return s.Due(c, models.StepPlan)
}

// touchVisits asks for a plan of those visits that have a case, under their locks and those of subjects. A visit that came in this
// transaction asks for its plan itself.
func touchVisits(s *desk.Sheet, visits []models.VisitID, subjects ...string) error {
	ids := make([]models.CaseID, 0, len(visits))
	for _, visit := range visits {
		if visit != "" && !s.Made(string(visit)) {
			ids = append(ids, models.CaseOf(visit))
		}
	}
	return touch(s, ids, subjects...)
}

// touch asks for a plan of those cases that are open, under their locks and those of subjects.
func touch(s *desk.Sheet, ids []models.CaseID, subjects ...string) error {
	for _, id := range ids {
		subjects = append(subjects, string(id))
	}
	if err := books.Lock(s.Tx, subjects...); err != nil || len(ids) == 0 {
		return err
	}
	cases, err := books.CasesByID(s.View, ids)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if err := s.Due(c, models.StepPlan); err != nil {
			return err
		}
	}
	return nil
}

// AfterExternalBilling asks for a plan of the visits that billing done elsewhere names, or named before: they are not ours, or
// are again.
func AfterExternalBilling(tx *store.Tx, a records.Arrival) error {
	s, versions, err := desk.Compare(tx, a)
	if err != nil {
		return err
	}
	var visits []models.VisitID
	for _, d := range versions {
		visits = append(visits, intake.ClaimedVisits(d)...)
	}
	return touchVisits(s, visits)
}
