package store_test

import (
	"errors"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models/fault"
)

// A rehearsal counts as done, shows what a commit would have written, and leaves no trace.
func TestRehearsalLeavesNothing(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			tx.BeforeCommit(func(tx *store.Tx) error {
				return documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
			})
			tx.Rehearse()
			tx.Wake()
			if err := tx.Finish(); err != nil {
				return err
			}
			written, err := documents.Written(tx)
			if len(written) != 1 || written[0].ID != "p" {
				t.Errorf("the rehearsal shows %+v", written)
			}
			return err
		})
		relay(t, db)
		audit := storetest.ByHand(t, url).Text("SELECT count(*) FROM audit_events")
		if found := storetest.Found(t, s, documents.Guard{}, "Patient", ""); found != "" || outbox(t, s) != "" || audit != "0" {
			t.Errorf("left are %q, changes %q, %s audit events", found, outbox(t, s), audit)
		}
	})
}

// Who reads where no error can be given has the transaction fail with it, whatever comes after, and start again where that helps.
func TestWhatFailedOnTheWayIsTold(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		failed, later := error(fault.New(fault.Busy, "transient", "It cannot be read.")), error(fault.New(fault.Invalid, "value", "What came of it."))
		for _, end := range []error{nil, later} {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				tx.Fail(failed)
				tx.Fail(later)
				return errors.Join(documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx"))), end)
			})
			if !errors.Is(err, failed) || errors.Is(err, later) {
				t.Errorf("after %v it is told %v", end, err)
			}
		}
		runs := 0
		storetest.Update(t, s, func(tx *store.Tx) error {
			if runs++; runs == 1 {
				tx.Fail(store.ErrRaced)
			}
			return nil
		})
		if found := storetest.Found(t, s, documents.Guard{}, "Patient", ""); runs != 2 || found != "" {
			t.Errorf("%d runs, and %q is left", runs, found)
		}
	})
}

// What waits for the end runs in its order, what it asks for after it, and a failure of it undoes everything.
func TestWhatWaitsForTheEndRunsInOrder(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		var ran []string
		later := func(name string, then ...func(*store.Tx) error) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				ran = append(ran, name)
				for _, fn := range then {
					tx.BeforeCommit(fn)
				}
				return nil
			}
		}
		storetest.Update(t, s, func(tx *store.Tx) error {
			tx.BeforeCommit(later("first", later("third")))
			tx.BeforeCommit(later("second"))
			return nil
		})
		if got := strings.Join(ran, " "); got != "first second third" {
			t.Errorf("there ran %s", got)
		}
		refused := errors.New("refused")
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			tx.BeforeCommit(func(*store.Tx) error { return refused })
			return documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
		})
		if got := storetest.Found(t, s, documents.Guard{}, "Patient", ""); err == nil || got != "" {
			t.Errorf("after a failure at the end there is %q: %v", got, err)
		}
	})
}

// What a room remembers is one transaction's, by its type, and gone where that starts again; what it shares is the database's.
func TestMemoryOfARoomIsOneTransactions(t *testing.T) {
	type mine struct{ n int }
	type yours struct{ n int }
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tries := 0
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
			kept := store.Local[mine](tx.View)
			if kept.n != 0 || store.Local[yours](tx.View).n != 0 {
				t.Errorf("try %d begins with %d", tries, kept.n)
			}
			kept.n++
			if store.Local[mine](tx.View) != kept {
				t.Error("asked again, it is another one")
			}
			if tries++; tries < 3 {
				return store.ErrRaced
			}
			return nil
		})
		store.Shared[mine](db).n = 7
		if store.Shared[mine](db).n != 7 || store.Shared[yours](db).n != 0 || tries != 3 {
			t.Errorf("after %d tries shared are %d and %d", tries, store.Shared[mine](db).n, store.Shared[yours](db).n)
		}
	})
}
