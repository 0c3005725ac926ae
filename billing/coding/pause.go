package coding

import (
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Pause is why somebody keeps a visit from going out: to ask whoever did it (WorkQuery), to have the coding looked over (WorkReview), or
// for a reason of their own (WorkHold). Text is what is asked, or why.
type Pause struct {
	Kind models.WorkKind
	Text string
}

// Hold opens the work that a pause waits for; the claims of the visit are held until it is done. It refuses a kind that is none
// (Invalid), what is held for the same already, and a visit whose claim or invoice went out (Conflict).
func Hold(s *desk.Sheet, id models.VisitID, p Pause, rest func(s *desk.Sheet, id models.CaseID) error) (models.WorkItem, error) {
	none := models.WorkItem{}
	if p.Kind.Facts().Holds == "" {
		return none, fault.At(fault.Invalid, "value", "for", "A visit is held for on-hold, coder-query or second-review.")
	}
	if err := fault.Under("text", models.CheckText(p.Text)); err != nil {
		return none, err
	}
	key := models.CaseOf(id)
	if err := books.Lock(s.Tx, string(key)); err != nil {
		return none, err
	}
	c, open, err := books.Case(s.View, key)
	if err != nil {
		return none, err
	}
	if !open {
		return none, errNotBillable
	}
	h, err := readChart(s, c)
	if err != nil {
		return none, err
	}
	if h.isAsked() {
		return none, errAsked
	}
	w := models.WorkItem{Kind: p.Kind, CaseID: key, Subject: key.Origin(), PatientID: c.PatientID, Reason: p.Kind.Facts().Holds}
	if p.Kind == models.WorkQuery {
		w.Subject = models.Ref{Type: "Communication", ID: s.NewID()}
		books.Publish(s.Tx, w.Subject, render.Communication(models.Message{
			ID: w.Subject.ID, PatientID: c.PatientID, VisitID: id, From: s.Subject(), To: c.Rendering.ID, At: s.Now(), Text: p.Text,
		}))
	}
	w.Notes = append(w.Notes, models.WorkNote{By: s.Subject(), At: s.Now(), Text: p.Text})
	if _, isOpen, err := books.OpenItem(s.View, w.Kind, w.Subject); err != nil || isOpen {
		if err == nil {
			err = fault.At(fault.Conflict, "work.open", "for", "The visit is held for that already; write on the open work.")
		}
		return none, err
	}
	if err := s.Item(true, w); err != nil {
		return none, err
	}
	if err := rest(s, key); err != nil {
		return none, err
	}
	return Held(s, id, p.Kind)
}

// Held gives the latest open work of a kind that holds a visit.
func Held(s *desk.Sheet, id models.VisitID, kind models.WorkKind) (models.WorkItem, error) {
	items, err := books.OpenWork(s.View, models.CaseOf(id))
	for _, w := range slices.Backward(items) {
		if w.Kind == kind {
			return w, err
		}
	}
	return models.WorkItem{}, err
}

// Answer keeps what was answered to a coder's question.
func Answer(s *desk.Sheet, w models.WorkItem, text string) error {
	ref := models.Ref{Type: "Communication", ID: s.NewID()}
	books.Publish(s.Tx, ref, render.Communication(models.Message{
		ID: ref.ID, Of: w.Subject.ID, PatientID: w.PatientID, VisitID: w.CaseID.Visit(), From: s.Subject(), At: s.Now(), Text: text,
	}))
	return nil
}

// AfterCommunication closes the question that a message answers, and has its case looked at again.
func AfterCommunication(tx *store.Tx, a records.Arrival) error {
	if a.Document == nil {
		return nil
	}
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return err
	}
	for _, id := range intake.InResponseTo(d) {
		w, isOpen, err := books.OpenItem(s.View, models.WorkQuery, models.Ref{Type: "Communication", ID: id})
		if err != nil {
			return err
		}
		if !isOpen {
			continue
		}
		if err := books.Lock(tx, string(w.CaseID)); err != nil {
			return err
		}
		if err := s.Item(false, w); err != nil {
			return fmt.Errorf("close what %s answers: %w", a.Ref, err)
		}
		c, _, err := books.Case(s.View, w.CaseID)
		if err == nil {
			err = s.Due(c, models.StepPlan)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
