package api_test

import (
	"context"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// fail leaves the step of a visit's case lost.
func (w *world) fail(t *testing.T, visit models.VisitID) {
	t.Helper()
	ctx, id := context.Background(), models.CaseOf(visit)
	err := w.db.As(models.Actor{Tenant: tenant}).Update(ctx, func(tx *store.Tx) error {
		c, _, err := books.Case(tx.View, id)
		if err != nil {
			return err
		}
		c.Due, c.DueAt = models.StepPlan, tx.Now()+3_600_000_000 // when nobody does it
		return books.SaveCase(tx, c)
	})
	for range 40 {
		if err == nil {
			err = w.office.Shift().Failed(ctx, tenant, string(id))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheManagerRunsFailedStepsAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		visit(t, w, "visit", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		w.idle(t)
		manager := who{role: auth.RoleManager}
		for _, path := range []string{"Encounter/visit/$retry", "Claim/" + claim + "/$retry", "$retry"} {
			w.fail(t, "visit")
			w.await(t, "Task?code=failed-step&status=requested", 1)
			for _, role := range []auth.Role{auth.RoleBiller, auth.RoleCoder, auth.RoleEHR} {
				w.do(t, who{role: role}, "POST", path, "").expect(t, 403)
			}
			w.do(t, manager, "GET", path, "").expect(t, 405)
			w.do(t, manager, "POST", path, `{"resourceType":"Parameters","parameter":[{"name":"x","valueCode":"y"}]}`).expect(t, 400)
			for _, headers := range [][]string{{"Medbill-Dry-Run: true"}, {key + "k-" + path}, {key + "k-" + path}} {
				a := w.do(t, manager, "POST", path, "", headers...).expect(t, 200)
				if a.body != `{"resourceType":"Parameters","parameter":[{"name":"retried","valueUnsignedInt":1}]}` {
					t.Errorf("%s %v: %s", path, headers, a.body)
				}
			}
			w.await(t, "Task?code=failed-step&status=requested", 0)
			w.idle(t)
		}
		w.do(t, manager, "POST", "Encounter/visit/$retry", "").expect(t, 409)
		w.do(t, manager, "POST", "Encounter/nobody/$retry", "").expect(t, 404)
		if a := w.do(t, manager, "POST", "$retry", "").expect(t, 200); a.body != `{"resourceType":"Parameters","parameter":[{"name":"retried","valueUnsignedInt":0}]}` {
			t.Error(a.body)
		}
	})
}
