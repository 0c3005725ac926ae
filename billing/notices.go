package billing

import (
	"context"
	"fmt"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// Notice is a case that stands still although nobody is asked to do anything about it, or because its step failed for good. It is
// no breach: nothing is wrong in the books.
type Notice Breach

// String gives one line without any value of a record.
func (n Notice) String() string { return "notice: " + Breach(n).String() }

const (
	noticesMax   = 1000        // cases of a kind that are named
	overdueAfter = time.Minute // how long a step may be due
)

// Notices names the cases of a tenant whose step is due for more than a minute, and those of which a step failed for good.
func (o *Office) Notices(ctx context.Context, tenant models.TenantID) ([]Notice, error) {
	var notices []Notice
	add := func(id models.CaseID, text string) {
		notices = append(notices, Notice{Tenant: tenant, Subject: string(id), Text: text})
	}
	err := o.db.As(models.Actor{Tenant: tenant, Subject: worker}).Snapshot(ctx, func(v *store.View) error {
		overdue, err := books.DueCases(v, o.overdue(), noticesMax)
		if err != nil {
			return err
		}
		for _, c := range overdue {
			add(c.ID, fmt.Sprintf("the case is %s and its step %s is due for more than a minute; see that a worker runs", c.State, c.Due))
		}
		failed, err := books.WorkItems(v, models.WorkStep, "", noticesMax)
		for _, item := range failed {
			add(item.CaseID, "a step of the case failed for good; run it again with $retry when that is mended")
		}
		return err
	})
	return notices, err
}

// overdue is the moment since when a step has been due for too long.
func (o *Office) overdue() models.Instant {
	return o.db.Now() - models.Instant(overdueAfter.Microseconds())
}

// CountOverdue counts the cases of all tenants whose step is due for more than a minute.
func (o *Office) CountOverdue(ctx context.Context) (int64, error) {
	return o.countDue(ctx, o.overdue())
}

// CountWaiting counts the steps of all tenants that are to be done now, or failed and are tried again.
func (o *Office) CountWaiting(ctx context.Context) (int64, error) {
	return o.countDue(ctx, o.db.Now()+1)
}

func (o *Office) countDue(ctx context.Context, before models.Instant) (n int64, err error) {
	err = o.db.Everywhere(ctx, func(v *store.View) (err error) {
		n, err = books.CountDueEverywhere(v, before)
		return err
	})
	return n, err
}

// CountFailed counts the steps of all tenants that failed for good.
func (o *Office) CountFailed(ctx context.Context) (n int64, err error) {
	err = o.db.Everywhere(ctx, func(v *store.View) (err error) {
		n, err = books.CountFailedEverywhere(v)
		return err
	})
	return n, err
}
