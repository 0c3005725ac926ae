package billing_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/internal/store/move"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// eachMove runs a test with a practice in a database of one kind and an empty one of the other, both ways.
func eachMove(t *testing.T, test func(t *testing.T, d *desk, from, to storetest.Hand, target *store.DB)) {
	t.Helper()
	for i, name := range storetest.Databases {
		t.Run("from "+name, func(t *testing.T) {
			from, to := storetest.URL(t, name), storetest.URL(t, storetest.Databases[1-i])
			d := open(t, storetest.Open(t, from))
			d.paidVisit()
			d.quiet()
			if got := d.opens(openingHeader+"ann,,,C0900,,2026-01-12,,,12.00\n", billing.Call{}); got != "1 0 12.00" {
				t.Fatal(got)
			}
			d.rest()
			if err := d.db.As(models.Actor{Tenant: d.tenant, Subject: "tester"}).RecordRead(t.Context(), models.AuditRead, "Patient", "ann"); err != nil {
				t.Fatal(err)
			}
			if err := d.db.Relay(t.Context()); err != nil { // from now on nothing changes by itself
				t.Fatal(err)
			}
			test(t, d, storetest.ByHand(t, from), storetest.ByHand(t, to), storetest.Open(t, to))
		})
	}
}

// What is moved is all there, is the same, and goes on: a move that was broken off anywhere goes on where it stopped.
func TestATenantMovesWhereverItIsBrokenOff(t *testing.T) {
	eachMove(t, func(t *testing.T, d *desk, from, to storetest.Hand, target *store.DB) {
		from.Do("UPDATE cases SET due = 'plan', due_at = 1 WHERE id = 'Encounter/visit'")
		broken := 0
		for stop := 1; ; stop += 40 {
			ctx, cancel := context.WithCancel(t.Context())
			rows, err := move.Tenant(ctx, d.db, target, d.tenant, func(done, of int) {
				if done > of {
					t.Errorf("%d of %d rows are done", done, of)
				}
				if done == stop {
					cancel()
				}
			})
			cancel()
			if err == nil && rows > 0 {
				break
			}
			broken++
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("broken off at row %d: %v", stop, err)
			}
		}
		if broken < 10 {
			t.Errorf("it was broken off %d times only", broken)
		}
		if due := to.Text("SELECT count(*) FROM cases WHERE due <> ''"); due != "1" {
			t.Errorf("%s steps are due in the target, want the one of the source", due)
		}
		if numbers := to.Text("SELECT count(*) FROM outbox WHERE sequence IS NOT NULL"); numbers != from.Text("SELECT count(*) FROM outbox WHERE sequence IS NOT NULL") {
			t.Errorf("%s changes have their number in the target", numbers)
		}
		other := open(t, target) // and its workers do what is due
		other.tenant = d.tenant
		other.quiet()
		other.clean()
		from.Do("UPDATE cases SET due = '', due_at = 0 WHERE id = 'Encounter/visit'")
		var seen [2]billing.Verified
		var balances [2]models.Balances
		for i, side := range []*desk{d, other} {
			_, seen[i] = side.breaches()
			side.view(func(v *store.View) (err error) {
				balances[i], err = journal.Balances(v)
				return err
			})
		}
		if seen[0] != seen[1] || seen[0].Entries != 8 || !maps.Equal(balances[0], balances[1]) {
			t.Errorf("the source has %v with %v, the target %v with %v", seen[0], balances[0], seen[1], balances[1])
		}
	})
}

// A target with something else of the tenant is refused before anything is written, and a source that changes meanwhile is told.
func TestAMoveMixesNothing(t *testing.T) {
	eachMove(t, func(t *testing.T, d *desk, from, to storetest.Hand, target *store.DB) {
		to.Do("INSERT INTO case_locks (tenant_id, subject, taken) VALUES ('zzyzx', 'Encounter/another', 1)")
		if _, err := move.Tenant(t.Context(), d.db, target, d.tenant, nil); !errors.Is(err, move.ErrOther) {
			t.Errorf("a target with a row too many gives %v", err)
		}
		if n := to.Text("SELECT count(*) FROM documents"); n != "0" {
			t.Errorf("%s documents were moved nevertheless", n)
		}
		to.Do("DELETE FROM case_locks")
		changed, name := false, ""
		_, err := move.Tenant(t.Context(), d.db, target, d.tenant, func(done, of int) {
			if done == of/2 && !changed {
				changed, name = true, from.Text("SELECT name FROM tenants")
				from.Do("UPDATE tenants SET name = 'Zzyzx Road Clinic II'")
			}
		})
		if !errors.Is(err, move.ErrChanged) {
			t.Errorf("a source that changed meanwhile gives %v", err)
		}
		if _, err := move.Tenant(t.Context(), d.db, target, d.tenant, nil); !errors.Is(err, move.ErrOther) {
			t.Errorf("a target with another row gives %v", err)
		}
		from.Do("UPDATE tenants SET name = '" + name + "'")
		if _, err := move.Tenant(t.Context(), d.db, target, d.tenant, nil); err != nil {
			t.Errorf("what is moved already gives %v", err)
		}
	})
}
