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

// dueCase is a case whose plan is due from a moment on.
func dueCase(visit models.VisitID, at models.Instant) models.Case {
	c := aCase(visit, models.CaseNew)
	c.Due, c.DueAt = models.StepPlan, at
	return c
}

// takes gives whose step is taken next, how often it failed, and has do happen while it is held.
func takes(t *testing.T, s *store.Session, do func(tx *store.Tx, next books.Taken) error) string {
	t.Helper()
	got := ""
	storetest.Update(t, s, func(tx *store.Tx) error {
		next, found, err := books.TakeDue(tx)
		if got = ""; err != nil || !found {
			return err
		}
		got = fmt.Sprintf("%s %d", next.ID.Visit(), next.Tries)
		return do(tx, next)
	})
	return got
}

// ask saves cases as who makes a step of them due does, their locks held.
func ask(t *testing.T, s *store.Session, cases ...models.Case) {
	t.Helper()
	for _, c := range cases {
		storetest.Update(t, s, func(tx *store.Tx) error {
			return errors.Join(books.Lock(tx, string(c.ID)), books.SaveCase(tx, c))
		})
	}
}

func nothing(*store.Tx, books.Taken) error { return nil }

// What is due for the longest time is taken first, what is to come and what is another tenant's never.
func TestTheOldestStepIsTakenFirst(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		ask(t, s, dueCase("late", 30), dueCase("early", 10), dueCase("later", db.Now()+3_600_000_000), aCase("nobody", models.CaseReady))
		ask(t, db.As(models.Actor{Tenant: "other", Subject: "tester"}), dueCase("theirs", 1))
		done := func(tx *store.Tx, next books.Taken) error {
			return books.SaveCase(tx, aCase(next.ID.Visit(), models.CaseReady))
		}
		for _, want := range []string{"early 0", "late 0", ""} {
			if got := takes(t, s, done); got != want {
				t.Errorf("%q is taken, want %q", got, want)
			}
		}
	})
}

// A case that nobody has ever locked has no row to be taken by, and gets it.
func TestAStepOfACaseThatNobodyLockedIsTaken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		saveCases(t, s, dueCase("v", 10))
		got := takes(t, s, nothing)
		if !db.IsEmbedded() && got == "" {
			got = takes(t, s, nothing)
		}
		if got != "v 0" {
			t.Errorf("%q is taken", got)
		}
	})
}

// A step that somebody has taken is nobody else's until his transaction ends, and his again at once where it ends without a commit.
func TestAStepIsTakenOnce(t *testing.T) {
	storetest.CountsRuns(t)
	s := storetest.Session(storetest.Open(t, storetest.URL(t, "postgres")))
	ask(t, s, dueCase("first", 10), dueCase("second", 20))
	for range 2 {
		var others []string
		if got := takes(t, s, func(tx *store.Tx, _ books.Taken) error {
			others = nil
			for range 2 {
				others = append(others, takes(t, s, func(*store.Tx, books.Taken) error {
					others = append(others, takes(t, s, nothing))
					return nil
				}))
			}
			tx.Rehearse()
			return nil
		}); got != "first 0" || fmt.Sprint(others) != "[ second 0  second 0]" {
			t.Errorf("%s is taken, and meanwhile %q", got, others)
		}
	}
}

// A step that failed waits for its next try, and is counted as long as it is the same step.
func TestTriesOfAStepAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		ask(t, s, dueCase("v", 10))
		fails := func(c models.Case, wait time.Duration) (tries int) {
			storetest.Update(t, s, func(tx *store.Tx) (err error) {
				tries, err = books.NoteTry(tx, c, func(int) time.Duration { return wait })
				return err
			})
			return tries
		}
		if n := fails(dueCase("v", 10), 0); n != 1 {
			t.Errorf("after the first try there are %d", n)
		}
		if got := takes(t, s, nothing); got != "v 1" {
			t.Errorf("%q is taken", got)
		}
		if n := fails(dueCase("v", 10), time.Hour); n != 2 {
			t.Errorf("after the second try there are %d", n)
		}
		tenants := func() (n int) {
			err := db.Everywhere(t.Context(), func(v *store.View) error {
				list, err := books.TenantsDue(v, db.Now())
				n = len(list)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if got := takes(t, s, nothing); got != "" || tenants() != 0 {
			t.Errorf("%q is taken before its next try; %d tenants have steps", got, tenants())
		}
		ask(t, s, dueCase("v", 20)) // it was asked again
		if got := takes(t, s, nothing); got != "v 0" || tenants() != 1 {
			t.Errorf("%q is taken of what was asked again; %d tenants have steps", got, tenants())
		}
		storetest.Update(t, s, func(tx *store.Tx) error { return books.ForgetTries(tx, "Encounter/v") })
		ask(t, s, dueCase("v", 10))
		if got := takes(t, s, nothing); got != "v 0" {
			t.Errorf("%q is taken after it went well", got)
		}
	})
}
