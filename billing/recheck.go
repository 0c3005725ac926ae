package billing

import (
	"context"
	"time"

	"medbill/billing/desk"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/library"
	"medbill/models"
)

// recheckMax is how many held claims are asked for in one transaction.
const recheckMax = 500

// recheck has the claims of every tenant looked at again that findings hold: a release that came or went may let them go. It is due
// when every process knows of that. Claims that nothing holds are looked at when they are sent.
func (o *Office) recheck(ctx context.Context) error {
	tenants, err := o.db.Tenants(ctx)
	if err != nil {
		return err
	}
	at := o.db.Now() + models.Instant(library.KnownWithin/time.Microsecond)
	for _, tenant := range tenants {
		session, after, more := o.db.As(models.Actor{Tenant: tenant, Subject: worker}), models.WorkItemID(""), true
		for more {
			var last models.WorkItemID
			err := session.Update(ctx, func(tx *store.Tx) error {
				items, err := books.WorkItems(tx.View, models.WorkClaim, after, recheckMax)
				if err != nil || len(items) == 0 {
					more = false
					return err
				}
				last, more = items[len(items)-1].ID, len(items) == recheckMax
				return planAt(desk.Open(tx), at, items)
			})
			if err != nil {
				return err
			}
			after = last
		}
	}
	return nil
}

// planAt makes a plan of the items' cases due at a moment, unless one is due before.
func planAt(s *desk.Sheet, at models.Instant, items []models.WorkItem) error {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = string(item.CaseID)
	}
	if err := books.Lock(s.Tx, ids...); err != nil {
		return err
	}
	for _, item := range items {
		c, found, err := books.Case(s.View, item.CaseID)
		if err != nil {
			return err
		}
		if !found || c.Due == models.StepPlan && c.DueAt <= at {
			continue
		}
		c.Due, c.DueAt = models.StepPlan, at
		if err := books.SaveCase(s.Tx, c); err != nil {
			return err
		}
	}
	return nil
}
