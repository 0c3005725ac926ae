package store_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// diary notes which jobs ran, and waits for them.
type diary struct {
	mutex sync.Mutex
	ran   []models.Job
}

func (d *diary) note(job models.Job) int {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.ran = append(d.ran, job)
	return len(d.ran)
}

func (d *diary) jobs() []models.Job {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return append([]models.Job(nil), d.ran...)
}

func (d *diary) await(t *testing.T, count int) []models.Job {
	t.Helper()
	for range 400 {
		if jobs := d.jobs(); len(jobs) >= count {
			return jobs
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%d jobs ran, want %d", len(d.jobs()), count)
	return nil
}

// work does one kind of step until the test ends or stop is called.
func work(t *testing.T, db *store.DB, do func(context.Context, models.Job) error) (stop func()) {
	t.Helper()
	return begin(t, db, store.Shift{Steps: store.Steps{models.JobCase: do}})
}

// begin works a shift until the test ends or stop is called.
func begin(t *testing.T, db *store.DB, shift store.Shift) (stop func()) {
	t.Helper()
	end, err := db.Work(context.Background(), shift, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	stop = func() {
		once.Do(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			if err := end(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

func waiting(t *testing.T, db *store.DB) int64 {
	t.Helper()
	n, err := db.WaitingJobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestJobStandsOrFallsWithItsTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		refused := errors.New("refused")
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(tx.Enqueue(models.JobCase, "fallen"), refused)
		})
		if err == nil || waiting(t, db) != 0 {
			t.Fatalf("%d jobs wait after a rollback: %v", waiting(t, db), err)
		}
		storetest.Update(t, s, func(tx *store.Tx) error { return tx.Enqueue(models.JobCase, "standing") })
		if waiting(t, db) != 1 {
			t.Fatalf("%d jobs wait after a commit", waiting(t, db))
		}
		var d diary
		stop := work(t, db, func(_ context.Context, job models.Job) error { d.note(job); return nil })
		want := models.Job{Kind: models.JobCase, Tenant: storetest.Tenant, Subject: "standing"}
		if got := d.await(t, 1); got[0] != want {
			t.Errorf("the job that ran is %+v, want %+v", got[0], want)
		}
		stop()
		if len(d.jobs()) != 1 || waiting(t, db) != 0 {
			t.Errorf("%d jobs ran and %d wait", len(d.jobs()), waiting(t, db))
		}
	})
}

func TestFailedJobComesAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var d diary
		work(t, db, func(_ context.Context, job models.Job) error {
			switch d.note(job) {
			case 1:
				return errors.New("not yet")
			case 2:
				panic("CANARY-7781")
			}
			return nil
		})
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error { return tx.Enqueue(models.JobCase, "stubborn") })
		for _, job := range d.await(t, 3) {
			if job.Subject != "stubborn" {
				t.Errorf("%+v ran", job)
			}
		}
	})
}

func TestStopLetsJobsFinish(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var began, ended diary
		stop := work(t, db, func(_ context.Context, job models.Job) error {
			began.note(job)
			time.Sleep(500 * time.Millisecond)
			ended.note(job)
			return nil
		})
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error { return tx.Enqueue(models.JobCase, "slow") })
		began.await(t, 1)
		stop()
		if len(ended.jobs()) != 1 || waiting(t, db) != 0 {
			t.Errorf("after the stop %d of 1 jobs has ended and %d wait", len(ended.jobs()), waiting(t, db))
		}
	})
}

// A process that is killed leaves its job running in the table; the next one takes it up at once on SQLite, where it knows
// that it is alone.
func TestKilledProcessLeavesItsJobToTheNext(t *testing.T) {
	url := storetest.URL(t, "sqlite")
	first := storetest.Open(t, url)
	storetest.Update(t, storetest.Session(first), func(tx *store.Tx) error { return tx.Enqueue(models.JobCase, "orphan") })
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	hand := storetest.ByHand(t, url)
	hand.Do("UPDATE river_job SET state = 'running', attempt = 1, attempted_at = CURRENT_TIMESTAMP")
	hand.Do("INSERT INTO river_leader (elected_at, expires_at, leader_id, name) VALUES (CURRENT_TIMESTAMP, datetime('now', '+1 hour'), 'killed', 'default')")
	second := storetest.Open(t, url)
	var d diary
	started := time.Now()
	work(t, second, func(_ context.Context, job models.Job) error { d.note(job); return nil })
	if job := d.await(t, 1)[0]; job.Subject != "orphan" || time.Since(started) > 5*time.Second {
		t.Errorf("%+v came back after %s", job, time.Since(started))
	}
}

func TestJobOutlivesItsProcess(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		first, err := store.Open(t.Context(), store.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		storetest.Update(t, storetest.Session(first), func(tx *store.Tx) error { return tx.Enqueue(models.JobCase, "later") })
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		var d diary
		work(t, storetest.Open(t, url), func(_ context.Context, job models.Job) error { d.note(job); return nil })
		d.await(t, 1)
	})
}

// Two workers of one PostgreSQL share the jobs: each runs once.
func TestWorkersShareTheQueue(t *testing.T) {
	const count = 60
	url := storetest.URL(t, "postgres")
	a, b := storetest.Open(t, url), storetest.Open(t, url)
	var d diary
	do := func(_ context.Context, job models.Job) error { d.note(job); return nil }
	work(t, a, do)
	work(t, b, do)
	storetest.Update(t, storetest.Session(a), func(tx *store.Tx) error {
		for i := range count {
			if err := tx.Enqueue(models.JobCase, strings.Repeat("x", i+1)); err != nil {
				return err
			}
		}
		return nil
	})
	d.await(t, count)
	time.Sleep(200 * time.Millisecond)
	seen := map[string]bool{}
	for _, job := range d.jobs() {
		if seen[job.Subject] {
			t.Errorf("job %d ran twice", len(job.Subject))
		}
		seen[job.Subject] = true
	}
}
