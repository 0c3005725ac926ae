package books_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// Each of many who add to a case sees what the others added, in whatever order they name what they lock.
func TestWhoHoldsACaseHasTheOnlySay(t *testing.T) {
	const racers = 8
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		errs := storetest.Together(racers, func(i int) error {
			subjects := []string{"Encounter/v", "Patient/p", ""}
			if i%2 == 1 {
				subjects = []string{"Patient/p", "Encounter/v", "Encounter/v"}
			}
			return s.Update(t.Context(), func(tx *store.Tx) error {
				if err := books.Lock(tx, subjects...); err != nil {
					return err
				}
				there, err := books.Charges(tx.View, "Encounter/v")
				if err != nil {
					return err
				}
				c := charge(models.ChargeID(fmt.Sprint("ch", i)), 100)
				c.Sequence = len(there) + 1
				return books.SaveCharges(tx, c)
			})
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		storetest.View(t, s, func(v *store.View) error {
			charges, err := books.Charges(v, "Encounter/v")
			for i, c := range charges {
				if c.Sequence != i+1 {
					t.Errorf("charge %s is number %d at place %d", c.ID, c.Sequence, i+1)
				}
			}
			if len(charges) != racers {
				t.Errorf("%d charges are there", len(charges))
			}
			return err
		})
	})
}

// Who plans waits for the one who asked and has not committed, though it cannot see a row of his yet, and then sees all.
func TestPlannerWaitsForWhoAsked(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		holds, planned := make(chan struct{}), make(chan struct{})
		var seen []models.Charge
		var failed error
		go func() {
			defer close(planned)
			<-holds
			failed = s.Update(t.Context(), func(tx *store.Tx) error {
				if err := books.Lock(tx, "Encounter/v"); err != nil {
					return err
				}
				var err error
				seen, err = books.Charges(tx.View, "Encounter/v")
				return err
			})
		}()
		storetest.Update(t, s, func(tx *store.Tx) error {
			if err := books.Lock(tx, "Encounter/v"); err != nil {
				return err
			}
			if _, _, err := books.Case(tx.View, "Encounter/v"); err != nil { // with it the lock is asked for
				return err
			}
			close(holds)
			select {
			case <-planned:
				t.Error("the planner did not wait")
			case <-time.After(300 * time.Millisecond):
			}
			return books.SaveCharges(tx, charge("a", 100))
		})
		if <-planned; failed != nil || len(seen) != 1 {
			t.Errorf("the planner saw %d charges: %v", len(seen), failed)
		}
	})
}

// Two tenants have their own locks, and one that is held is not taken again.
func TestLocksAreOfATenantAndTakenOnce(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ours, other := storetest.Session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		storetest.Update(t, ours, func(tx *store.Tx) error {
			if err := books.Lock(tx, "Encounter/v", "Patient/p"); err != nil {
				return err
			}
			if !db.IsEmbedded() { // there is one writer at a time
				if err := other.Update(t.Context(), func(tx *store.Tx) error { return books.Lock(tx, "Encounter/v") }); err != nil {
					return err
				}
			}
			before := db.Statements()
			err := books.Lock(tx, "Patient/p", "", "Encounter/v")
			if used := db.Statements() - before; used != 0 {
				t.Errorf("to take what is held takes %d statements", used)
			}
			return err
		})
	})
}
