package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// diary notes which steps were done, and waits for them.
type diary struct {
	mutex sync.Mutex
	done  []string
}

func (d *diary) note(what string) int {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.done = append(d.done, what)
	return len(d.done)
}

func (d *diary) steps() []string {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return slices.Clone(d.done)
}

func (d *diary) await(t *testing.T, count int) []string {
	t.Helper()
	for range 2400 {
		if done := d.steps(); len(done) >= count {
			return done
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("%d were done, want %d", len(d.steps()), count)
	return nil
}

// begin works a shift until the test ends or stop is called.
func begin(t *testing.T, db *store.DB, shift store.Shift) (stop func()) {
	t.Helper()
	end, err := db.Work(context.Background(), shift, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := end(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// plain is a shift whose step of a case is do, after which nothing is due of it.
func plain(db *store.DB, do func(id models.CaseID) error) store.Shift {
	return store.Shift{
		Due: func(ctx context.Context) (tenants []models.TenantID, err error) {
			err = db.Everywhere(ctx, func(v *store.View) (err error) {
				tenants, err = books.TenantsDue(v, db.Now())
				return err
			})
			return tenants, err
		},
		Next: func(ctx context.Context, tenant models.TenantID, taken func(string)) error {
			return db.As(models.Actor{Tenant: tenant, Subject: "worker"}).Update(ctx, func(tx *store.Tx) error {
				next, found, err := books.TakeDue(tx)
				if err != nil || !found {
					return err
				}
				taken(string(next.ID))
				c, _, err := books.Case(tx.View, next.ID)
				if err != nil {
					return err
				}
				c.Due = models.StepNone
				return errors.Join(do(next.ID), books.SaveCase(tx, c))
			})
		},
		Failed: func(ctx context.Context, tenant models.TenantID, subject string) error {
			return db.As(models.Actor{Tenant: tenant, Subject: "worker"}).Update(ctx, func(tx *store.Tx) error {
				c, _, err := books.Case(tx.View, models.CaseID(subject))
				if err != nil {
					return err
				}
				_, err = books.NoteTry(tx, c, func(int) time.Duration { return time.Millisecond })
				return err
			})
		},
	}
}

// asks makes steps of cases due from a moment on, in one transaction.
func asks(t *testing.T, s *store.Session, at models.Instant, ids ...models.CaseID) {
	t.Helper()
	storetest.Update(t, s, func(tx *store.Tx) error { return ask(tx, at, ids...) })
}

func ask(tx *store.Tx, at models.Instant, ids ...models.CaseID) error {
	tx.Wake()
	for _, id := range ids {
		err := errors.Join(books.Lock(tx, string(id)), books.SaveCase(tx, models.Case{ID: id, State: models.CaseNew, Due: models.StepPlan, DueAt: at}))
		if err != nil {
			return err
		}
	}
	return nil
}

func TestStepStandsOrFallsWithItsTransaction(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		refused := errors.New("refused")
		err := s.Update(t.Context(), func(tx *store.Tx) error { return errors.Join(ask(tx, 1, "Encounter/fallen"), refused) })
		if err == nil {
			t.Fatal("a transaction that is refused is kept")
		}
		asks(t, s, 1, "Encounter/standing")
		var d diary
		stop := begin(t, db, plain(db, func(id models.CaseID) error { d.note(string(id)); return nil }))
		d.await(t, 1)
		stop()
		if got := d.steps(); len(got) != 1 || got[0] != "Encounter/standing" {
			t.Errorf("%v were done", got)
		}
	})
}

// A step that gives an error or panics is done again, and others are done meanwhile.
func TestFailedStepComesAgain(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var stubborn, others diary
		begin(t, db, plain(db, func(id models.CaseID) error {
			if id != "Encounter/stubborn" {
				others.note(string(id))
				return nil
			}
			switch stubborn.note(string(id)) {
			case 1:
				return errors.New("not yet")
			case 2:
				panic("CANARY-7781")
			}
			return nil
		}))
		asks(t, storetest.Session(db), 1, "Encounter/stubborn", "Encounter/z")
		stubborn.await(t, 3)
		others.await(t, 1)
	})
}

func TestStopLetsStepsFinish(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var began, ended diary
		stop := begin(t, db, plain(db, func(id models.CaseID) error {
			began.note(string(id))
			time.Sleep(500 * time.Millisecond)
			ended.note(string(id))
			return nil
		}))
		asks(t, storetest.Session(db), 1, "Encounter/slow")
		began.await(t, 1)
		stop()
		if got := ended.steps(); len(got) != 1 {
			t.Errorf("after the stop %v has ended", got)
		}
	})
}

// What nobody was told of is found: a process that was killed, or a moment that came.
func TestStepsAreFoundByLooking(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		first, err := store.Open(t.Context(), store.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		asks(t, storetest.Session(first), 1, "Encounter/past")
		asks(t, storetest.Session(first), first.Now()+1_500_000, "Encounter/soon")
		asks(t, storetest.Session(first), first.Now()+3_600_000_000, "Encounter/later")
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		asked := time.Now()
		var d diary
		second := storetest.Open(t, url)
		begin(t, second, plain(second, func(id models.CaseID) error { d.note(string(id)); return nil }))
		if got := slices.Compact(d.await(t, 2)); got[0] != "Encounter/past" || slices.Contains(got, "Encounter/later") || time.Since(asked) < time.Second {
			t.Errorf("after %s there were done %v", time.Since(asked), got)
		}
	})
}

// A process that does not work tells those that do, long before they look.
func TestOtherProcessesAreTold(t *testing.T) {
	url := storetest.URL(t, "postgres")
	door, worker := storetest.Open(t, url), storetest.Open(t, url)
	var d diary
	shift := plain(worker, func(id models.CaseID) error { d.note(string(id)); return nil })
	shift.Due = nil
	begin(t, worker, shift)
	for n := range 3 {
		// The worker may not listen yet, and what it does not hear it would find by looking.
		for try := 0; len(d.steps()) <= n; try++ {
			if try == 100 {
				t.Fatalf("nobody is told: %v", d.steps())
			}
			asks(t, storetest.Session(door), 1, models.CaseID(fmt.Sprintf("Encounter/%d", n)))
			time.Sleep(50 * time.Millisecond)
		}
	}
}

// Two processes on one PostgreSQL share the steps: each is done once, and both have a part of them.
func TestWorkersShareTheSteps(t *testing.T) {
	storetest.CountsRuns(t)
	const count = 100
	url := storetest.URL(t, "postgres")
	var done [2]diary
	for i := range done {
		db := storetest.Open(t, url)
		begin(t, db, plain(db, func(id models.CaseID) error {
			time.Sleep(5 * time.Millisecond)
			done[i].note(string(id))
			return nil
		}))
	}
	ids := make([]models.CaseID, count)
	for i := range ids {
		ids[i] = models.CaseID(fmt.Sprintf("Encounter/%d", i))
	}
	asks(t, storetest.Session(storetest.Open(t, url)), 1, ids...)
	for range 2400 {
		if len(done[0].steps())+len(done[1].steps()) >= count {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	a, b := done[0].steps(), done[1].steps()
	all := slices.Sorted(slices.Values(append(a, b...)))
	if len(slices.Compact(all)) != count || len(a) == 0 || len(b) == 0 {
		t.Errorf("of %d steps the two processes did %d and %d", count, len(a), len(b))
	}
	// One that lost a race after it had begun starts again, which is no second effect.
	if len(a)+len(b) > count+count/20 {
		t.Errorf("%d steps were begun, for %d", len(a)+len(b), count)
	}
}

// Steps that wait for longer than it takes until those who work look again are looked for no more often for that.
func TestStepsThatWaitAreDoneOnce(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const count = 100
		ids := make([]models.CaseID, count)
		for i := range ids {
			ids[i] = models.CaseID(fmt.Sprintf("Encounter/%d", i))
		}
		asks(t, storetest.Session(db), 1, ids...)
		var d diary
		wait := 20 * time.Millisecond
		if !db.IsEmbedded() {
			wait *= 8 // several are done at once
		}
		shift := plain(db, func(id models.CaseID) error {
			time.Sleep(wait)
			d.note(string(id))
			return nil
		})
		var looks, calls atomic.Int64
		due, next := shift.Due, shift.Next
		shift.Due = func(ctx context.Context) ([]models.TenantID, error) {
			looks.Add(1)
			return due(ctx)
		}
		shift.Next = func(ctx context.Context, tenant models.TenantID, taken func(string)) error {
			calls.Add(1)
			return next(ctx, tenant, taken)
		}
		stop := begin(t, db, shift)
		d.await(t, count)
		stop()
		done := len(slices.Compact(slices.Sorted(slices.Values(d.steps()))))
		t.Logf("%d steps of %d were begun, by %d calls, during which was looked %d times", len(d.steps()), done, calls.Load(), looks.Load())
		// One that lost a race after it had begun starts again; each look leads to one call at most that finds nothing.
		if done != count || len(d.steps()) > count+count/20 || calls.Load() > count+looks.Load()+10 {
			t.Error("steps are done or looked for more often than needed")
		}
	})
}

// A tenant with very many steps does not keep another one's waiting: of each tenant one is begun, then of the next.
func TestStepsAreDoneByTenantsInTurn(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const many = 200
		ids := make([]models.CaseID, many)
		for i := range ids {
			ids[i] = models.CaseID(fmt.Sprintf("Encounter/many-%d", i))
		}
		asks(t, db.As(models.Actor{Tenant: "large", Subject: "tester"}), 1, ids...)
		var d diary
		begin(t, db, plain(db, func(id models.CaseID) error {
			time.Sleep(10 * time.Millisecond)
			d.note(string(id))
			return nil
		}))
		before := len(d.await(t, 20))
		asks(t, db.As(models.Actor{Tenant: "small", Subject: "tester"}), db.Now(), "Encounter/few-1", "Encounter/few-2", "Encounter/few-3")
		asked := len(d.steps()) // of the large tenant, until the small one's were due
		done := d.await(t, many+3)
		last := 0
		for i, id := range done {
			if strings.HasPrefix(id, "Encounter/few") {
				last = i
			}
		}
		if waited := last - asked; waited > many/2 {
			t.Errorf("three steps of a small tenant waited for %d others (%d were done before)", waited, before)
		} else {
			t.Logf("they waited for %d others", waited)
		}
	})
}

// A chore that fails is done again, and none is begun after the stop.
func TestChoresAreDoneAgainAndAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var d diary
		stop := begin(t, db, store.Shift{Chores: []store.Chore{{Name: "orphans", Every: 10 * time.Millisecond, Do: func(context.Context) error {
			d.note("orphans")
			return errors.New("no")
		}}}})
		d.await(t, 3)
		stop()
		done := len(d.steps())
		time.Sleep(50 * time.Millisecond)
		if again := len(d.steps()); again != done {
			t.Errorf("%d were begun after the stop", again-done)
		}
	})
}
