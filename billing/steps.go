package billing

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/billing/accounts"
	"medbill/billing/claims"
	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/remittance"
	"medbill/billing/rules/casework"
	"medbill/internal/store/books"
	"medbill/models"
)

// advance plans a case again unless its last plan still stands, and brings everything else up to it. Its lock is held.
func advance(s *desk.Sheet, id models.CaseID) error {
	if err := lockWithPatient(s, id); err != nil {
		return err
	}
	c, found, err := books.Case(s.View, id)
	if err != nil || !found {
		return err
	}
	stands, err := planStands(s, c)
	if err != nil {
		return err
	}
	if stands {
		return bring(s, c, "")
	}
	c, hold, err := coding.Capture(s, c)
	if err != nil {
		return fmt.Errorf("capture the charges of %s: %w", id, err)
	}
	return planned(s, c, hold)
}

// planned saves a case as it was planned or coded, and brings everything else up to it. hold keeps its claims back.
func planned(s *desk.Sheet, c models.Case, hold string) error {
	if err := books.SaveCase(s.Tx, c); err != nil {
		return err
	}
	return bring(s, c, hold)
}

// planStands reports whether the last plan of a case still stands: nothing that bears on it came, which would have made another
// one due, it went well, and it left nothing open that holds the claims back.
func planStands(s *desk.Sheet, c models.Case) (bool, error) {
	if c.Due == models.StepPlan {
		return false, nil
	}
	items, err := books.OpenWork(s.View, c.ID)
	holds := func(item models.WorkItem) bool {
		return item.Kind == models.WorkStep || item.Kind.Facts().Owner == models.OwnerPlan
	}
	return !slices.ContainsFunc(items, holds), err
}

// lockWithPatient takes the lock of a case together with that of its patient, on which those who write coverages meet it.
func lockWithPatient(s *desk.Sheet, id models.CaseID) error {
	c, found, err := books.Case(s.View, id)
	if err != nil || !found {
		return err
	}
	return books.Lock(s.Tx, string(id), models.Ref{Type: "Patient", ID: string(c.PatientID)}.String())
}

// bring brings claims, invoice and state of a case up to its charges. hold keeps its claims back, and so does work that a person
// opened for that.
func bring(s *desk.Sheet, c models.Case, hold string) error {
	items, err := books.OpenWork(s.View, c.ID)
	if err != nil {
		return err
	}
	for _, w := range items {
		hold = cmp.Or(hold, w.Kind.Facts().Holds)
	}
	until, err := front.Verify(s, c)
	if err != nil {
		return fmt.Errorf("verify the coverage of %s: %w", c.ID, err)
	}
	if until > 0 { // what a payer says makes it due before
		c.State, c.Due, c.DueAt = models.CaseWaiting, models.StepPlan, until
		return books.SaveCase(s.Tx, c)
	}
	if err := remittance.Place(s, c); err != nil {
		return fmt.Errorf("place what answers to %s left: %w", c.ID, err)
	}
	if err := claims.Prepare(s, c, hold); err != nil {
		return fmt.Errorf("prepare the claims of %s: %w", c.ID, err)
	}
	// The step went well, so one that failed before waits for nobody.
	if err := s.Done(c.ID, func(w models.WorkItem) bool { return w.Kind == models.WorkStep }); err != nil {
		return err
	}
	if c.Due == models.StepPlan {
		return nil // it waits until a moment that is still to come
	}
	if err := accounts.Issue(s, c); err != nil {
		return fmt.Errorf("issue the invoice of %s: %w", c.ID, err)
	}
	c, _, err = books.Case(s.View, c.ID) // claims and invoice may have saved it
	if err != nil {
		return err
	}
	return settle(s, c)
}

// settled are the states that say more than what stands in the claims and invoices of a case.
var settled = map[models.CaseState]bool{models.CaseNotOurs: true, models.CaseVoided: true, models.CaseWaiting: true}

// stand writes whose turn a case is, where no step of it is due: one that is still to come writes it then.
func stand(s *desk.Sheet, id models.CaseID) error {
	c, found, err := books.Case(s.View, id)
	if err != nil || !found || c.Due != models.StepNone {
		return err
	}
	return settle(s, c)
}

// standAll is stand for several cases.
func standAll(s *desk.Sheet, ids []models.CaseID) error {
	for _, id := range ids {
		if err := stand(s, id); err != nil {
			return err
		}
	}
	return nil
}

// settle writes whose turn a case is whose step is done.
func settle(s *desk.Sheet, c models.Case) error {
	items, err := books.OpenWork(s.View, c.ID)
	if err != nil {
		return err
	}
	if err := s.Weigh(c); err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(w models.WorkItem) bool { return !w.Kind.Waits() })
	before := c
	if !settled[c.State] || len(items) > 0 {
		cs, err := books.ClaimsOfCase(s.View, c.ID)
		if err != nil {
			return err
		}
		invoices, err := books.InvoicesOfCase(s.View, c.ID)
		if err != nil {
			return err
		}
		opening, _, err := books.OpeningOf(s.View, c.ID)
		if err != nil {
			return err
		}
		c.State = casework.Standing(cs, invoices, opening.Due, len(items))
	}
	if c.Due, c.DueAt = models.StepNone, 0; c.Equal(before) {
		return nil
	}
	return books.SaveCase(s.Tx, c)
}
