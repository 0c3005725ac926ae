package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestSameStepWaitsOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ours, other := storetest.Session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		once := func(subject string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				return errors.Join(tx.EnqueueOnce(models.JobCase, subject), tx.EnqueueOnce(models.JobCase, subject))
			}
		}
		storetest.Update(t, ours, once("Encounter/1"))
		storetest.Update(t, ours, once("Encounter/1"))
		storetest.Update(t, ours, once("Encounter/2"))
		storetest.Update(t, other, once("Encounter/1"))
		storetest.Update(t, ours, func(tx *store.Tx) error { return tx.EnqueueOnce(models.JobKind("another"), "Encounter/1") })
		if n := waiting(t, db); n != 4 {
			t.Errorf("%d steps wait, want one for each of two cases, of another tenant's and of another kind", n)
		}
	})
}

// A case may stand still a second time: that a step was done says nothing about now.
func TestStepThatIsDoneIsAskedForAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		once := func(tx *store.Tx) error { return tx.EnqueueOnce(models.JobCase, "Encounter/1") }
		var d diary
		work(t, db, func(_ context.Context, job models.Job) error { d.note(job); return nil })
		for n := 1; n <= 2; n++ {
			storetest.Update(t, s, once)
			d.await(t, n)
			awaitNone(t, db)
		}
	})
}

// awaitNone waits until the queue is through with its work.
func awaitNone(t *testing.T, db *store.DB) {
	t.Helper()
	for range 200 {
		if waiting(t, db) == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%d jobs wait", waiting(t, db))
}

func TestStepForLaterWaitsForItsTime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
			const second = models.Instant(1_000_000)
			return errors.Join(tx.EnqueueAt(models.JobCase, "past", tx.Now()-second), tx.EnqueueAt(models.JobCase, "soon", tx.Now()+second), tx.EnqueueAt(models.JobCase, "later", tx.Now()+3600*second))
		})
		if n := waiting(t, db); n != 1 {
			t.Errorf("%d steps wait, want that of the past", n)
		}
		asked := time.Now()
		var d diary
		work(t, db, func(_ context.Context, job models.Job) error { d.note(job); return nil })
		jobs := d.await(t, 2)
		if jobs[0].Subject != "past" || jobs[1].Subject != "soon" || time.Since(asked) < 500*time.Millisecond {
			t.Errorf("after %s there ran %+v", time.Since(asked), jobs)
		}
		awaitNone(t, db)
		if len(d.jobs()) != 2 {
			t.Errorf("%+v ran", d.jobs())
		}
	})
}

// lastTry makes the next try of every job its last.
const lastTry = "UPDATE river_job SET max_attempts = 1"

// What fails for good is counted, and whoever wants to know is told which step it was, if it panicked too.
func TestLostStepIsTold(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
			return errors.Join(tx.Enqueue(models.JobCase, "fails"), tx.Enqueue(models.JobCase, "panics"), tx.Enqueue(models.JobCase, "works"))
		})
		storetest.ByHand(t, url).Do(lastTry)
		var lost diary
		shift := store.Shift{
			Steps: store.Steps{models.JobCase: func(_ context.Context, job models.Job) error {
				switch job.Subject {
				case "fails":
					return errors.New("no")
				case "panics":
					panic("CANARY-7781")
				}
				return nil
			}},
			Lost: func(_ context.Context, job models.Job) error { lost.note(job); return nil },
		}
		begin(t, db, shift)
		told := map[models.Job]bool{}
		for _, job := range lost.await(t, 2) {
			told[job] = true
		}
		awaitNone(t, db)
		n, err := db.LostJobs(t.Context())
		for _, subject := range []string{"fails", "panics"} {
			if !told[models.Job{Kind: models.JobCase, Tenant: storetest.Tenant, Subject: subject}] {
				t.Errorf("told are %v, without %s", told, subject)
			}
		}
		if len(lost.jobs()) != 2 || n != 2 || err != nil {
			t.Errorf("told are %v, and %d are lost: %v", told, n, err)
		}
	})
}

// Where a job is seen before its data, it comes again as often as it takes; no try of it is the last.
func TestStepThatComesTooEarlyIsNotLost(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error { return tx.Enqueue(models.JobCase, "early") })
		storetest.ByHand(t, url).Do(lastTry)
		var d diary
		work(t, db, func(_ context.Context, job models.Job) error {
			if d.note(job) <= 2 {
				return store.ErrNotYet
			}
			return nil
		})
		d.await(t, 3)
		awaitNone(t, db)
		if n, err := db.LostJobs(t.Context()); n != 0 || err != nil {
			t.Errorf("%d are lost: %v", n, err)
		}
	})
}

// A chore that fails is done again, and none is begun after the stop.
func TestChoresAreDoneAgainAndAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var d diary
		stop := begin(t, db, store.Shift{Chores: []store.Chore{{Name: "sweep", Every: 10 * time.Millisecond, Do: func(context.Context) error {
			d.note(models.Job{})
			return errors.New("no")
		}}}})
		d.await(t, 3)
		stop()
		done := len(d.jobs())
		time.Sleep(50 * time.Millisecond)
		if again := len(d.jobs()); again != done {
			t.Errorf("%d were begun after the stop", again-done)
		}
	})
}
