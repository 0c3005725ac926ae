package billing

import (
	"context"
	"time"

	"medbill/billing/coding"
	"medbill/billing/desk"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

const (
	sweepEvery = 30 * time.Second
	sweepAfter = time.Minute // how long a step may be due before it is asked for again
	sweepMax   = 1000        // cases in one sweep
)

// Shift is everything that a worker does for the office.
func (o *Office) Shift() store.Shift {
	return store.Shift{Steps: o.steps(), Lost: o.lose, Chores: []store.Chore{
		{Name: "sweep", Every: sweepEvery, Do: o.Sweep},
		{Name: "orphans", Every: sweepEvery, Do: o.Orphans},
	}}
}

// Sweep asks again for what is due for too long: what is due stands in the cases, and the job that should have woken a worker
// may be lost.
func (o *Office) Sweep(ctx context.Context) error {
	var due []books.Due
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		due, err = books.DueEverywhere(v, o.overdue(), sweepMax)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range due {
		err := o.db.As(models.Actor{Tenant: c.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
			return tx.EnqueueOnce(models.JobCase, string(c.ID))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Orphans asks people for the visits of the charges whose Encounter did not come in time.
func (o *Office) Orphans(ctx context.Context) error {
	var orphans []books.Orphan
	err := o.db.Everywhere(ctx, func(v *store.View) (err error) {
		orphans, err = books.OrphansEverywhere(v, o.db.Now(), sweepMax)
		return err
	})
	if err != nil {
		return err
	}
	for _, one := range orphans {
		err := o.db.As(models.Actor{Tenant: one.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
			s, err := desk.Open(tx)
			if err != nil {
				return err
			}
			return coding.AskForVisit(s, one.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lose makes a step that failed for good a work item. The case is held by it and no longer due; whatever arrives for the case,
// or somebody who runs the step again, makes it due anew.
func (o *Office) lose(ctx context.Context, job models.Job) error {
	if job.Kind != models.JobCase {
		return nil
	}
	id := models.CaseID(job.Subject)
	return o.db.As(models.Actor{Tenant: job.Tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
		s, err := desk.Open(tx)
		if err != nil {
			return err
		}
		if err := books.Lock(tx, string(id)); err != nil {
			return err
		}
		c, found, err := books.Case(tx.View, id)
		if err != nil || !found || c.Due == models.StepNone {
			return err
		}
		reason := "The step " + string(c.Due) + " of the case failed again and again; the log tells why. Run it again when that is mended."
		c.Due, c.DueAt, c.State = models.StepNone, 0, models.CaseHeld
		if err := books.SaveCase(tx, c); err != nil {
			return err
		}
		return s.Item(true, models.WorkItem{Kind: models.WorkStep, CaseID: id, Subject: id.Origin(), PatientID: c.PatientID, Reason: reason})
	})
}
