package billing

import (
	"context"
	"time"

	"medbill/billing/desk"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

const (
	triesMax    = 40 // of a step
	tryAgain    = 100 * time.Millisecond
	tryAgainMax = 5 * time.Minute
)

// Shift is everything that a worker does for the office.
func (o *Office) Shift() store.Shift {
	return store.Shift{Due: o.due, Next: o.next, Failed: o.failed, Chores: []store.Chore{
		{Name: "orphans", Every: orphansEvery, Do: o.Orphans},
		{Name: "answers", Every: orphansEvery, Do: o.AskForAnswers},
		{Name: "authorizations", Every: checksEvery, Do: o.CallPayers},
		{Name: "coverages", Every: checksEvery, Do: o.CheckCoverages},
		{Name: "remittances", Every: orphansEvery, Do: o.AskForRemittances},
		{Name: "deposits", Every: orphansEvery, Do: o.AskForDeposits},
		{Name: "payments", Every: orphansEvery, Do: o.SearchPayments},
		{Name: "tallies", Every: talliesEvery, Do: o.FoldTallies},
	}}
}

// due gives the tenants with cases whose step is to be done now.
func (o *Office) due(ctx context.Context) (tenants []models.TenantID, err error) {
	err = o.db.Everywhere(ctx, func(v *store.View) (err error) {
		tenants, err = books.TenantsDue(v, o.db.Now())
		return err
	})
	return tenants, err
}

// next does the step of a tenant's case that is due for the longest time.
func (o *Office) next(ctx context.Context, tenant models.TenantID, taken func(subject string)) error {
	return o.db.As(models.Actor{Tenant: tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
		next, found, err := books.TakeDue(tx)
		if err != nil || !found {
			return err
		}
		taken(string(next.ID))
		s := desk.Open(tx)
		if err := advance(s, next.ID); err != nil || next.Tries == 0 {
			return err
		}
		return books.ForgetTries(tx, next.ID)
	})
}

// failed has a step tried again, later each time, and makes it a work item in the end. The case is held by that and no longer due;
// whatever arrives for the case, or somebody who runs the step again, makes it due anew.
func (o *Office) failed(ctx context.Context, tenant models.TenantID, subject string) error {
	id := models.CaseID(subject)
	return o.db.As(models.Actor{Tenant: tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
		s := desk.Open(tx)
		if err := books.Lock(tx, subject); err != nil {
			return err
		}
		c, found, err := books.Case(tx.View, id)
		if err != nil || !found || c.Due == models.StepNone {
			return err
		}
		tries, err := books.NoteTry(tx, c, untilNextTry)
		if err != nil || tries < triesMax {
			return err
		}
		return giveUp(s, c)
	})
}

func untilNextTry(tries int) time.Duration {
	return min(tryAgain<<min(tries, 16), tryAgainMax)
}

// giveUp makes the step of a case, which failed for good, a work item.
func giveUp(s *desk.Sheet, c models.Case) error {
	reason := "The step " + string(c.Due) + " of the case failed again and again; the log tells why. Run it again when that is mended."
	step := string(c.Due)
	c.Due, c.DueAt, c.State = models.StepNone, 0, models.CaseHeld
	if err := books.SaveCase(s.Tx, c); err != nil {
		return err
	}
	if err := books.ForgetTries(s.Tx, c.ID); err != nil {
		return err
	}
	return s.Item(true, models.WorkItem{Kind: models.WorkStep, Category: step, CaseID: c.ID, Subject: c.ID.Origin(), PatientID: c.PatientID, Reason: reason})
}
