package store

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"medbill/models"
	"medbill/models/fault"
)

// What is to be done stands in the rows of whoever asked for it, and nowhere else: a step is taken in the transaction that does
// it. So there is no second record of it that could be lost, be seen before its data, or say that somebody works who was killed.
// That something is due is told to those who work; who is not told finds it by looking.

const (
	workersMax  = 8 // at once, of one process; where there is one writer, one
	stepTimeout = 10 * time.Second
	lookEvery   = 500 * time.Millisecond
	lookSoon    = 25 * time.Millisecond // after something was found, where nobody tells
)

// Shift is what a process works on. A subject is what the step is about, as the rooms name it.
type Shift struct {
	// Due gives the tenants that have steps to be done now.
	Due func(ctx context.Context) ([]models.TenantID, error)
	// Next does one step of a tenant in one transaction, and passes over those that others have taken. It calls taken as soon as it
	// knows which, again where the transaction starts again, and never where there is none.
	Next func(ctx context.Context, tenant models.TenantID, taken func(subject string)) error
	// Failed is told of a step that gave an error or panicked, and says when it is tried again.
	Failed func(ctx context.Context, tenant models.TenantID, subject string) error
	Chores []Chore
	Keep   Keep
}

// Chore is something to be done again and again, beside what is asked for. Several processes may do it at once.
type Chore struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// Work does steps and chores and numbers the outbox until stop is called, which lets those under way finish. Each tenant that has
// steps gets one done, then the next tenant, so that nobody waits for all of somebody else's.
func (db *DB) Work(ctx context.Context, shift Shift, log *slog.Logger) (stop func(context.Context) error, err error) {
	if db.beside {
		return nil, errBeside
	}
	looking, endLooking := context.WithCancel(ctx)
	w := &workers{shift: shift, log: log, rota: newRota()}
	db.rota.Store(w.rota)
	var around, at sync.WaitGroup
	around.Go(func() { db.relay(looking, log) })
	around.Go(func() { db.listen(looking, w.rota.wake) })
	for _, chore := range append(shift.Chores, db.pruning(shift.Keep, log)) {
		around.Go(func() { chore.again(looking, log) })
	}
	soonest := lookEvery
	if !db.dialect.embedded && db.listening == nil {
		soonest = lookSoon
	}
	around.Go(func() { w.lookAgain(looking, soonest) })
	count := workersMax
	if db.dialect.embedded {
		count = 1
	}
	for range count {
		at.Go(func() { w.work(context.WithoutCancel(ctx)) })
	}
	return func(ctx context.Context) error {
		db.rota.CompareAndSwap(w.rota, nil)
		endLooking()
		w.rota.end()
		done := make(chan struct{})
		go func() {
			around.Wait()
			at.Wait()
			close(done)
		}()
		select {
		case <-done:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("steps are still under way: %w", ctx.Err())
		}
	}, nil
}

// again does a chore until ctx ends. What fails is done again at the next time.
func (c Chore) again(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := c.Do(ctx); err != nil && ctx.Err() == nil {
			log.Warn("chore failed", "chore", c.Name, "error", err.Error())
		}
	}
}

type workers struct {
	shift Shift
	log   *slog.Logger
	rota  *rota
}

// lookAgain puts the tenants that have steps to be done into the rota, again and again until ctx ends.
func (w *workers) lookAgain(ctx context.Context, soonest time.Duration) {
	if w.shift.Due == nil {
		return
	}
	for wait := lookEvery; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		tenants, err := w.shift.Due(ctx)
		for _, tenant := range tenants {
			w.rota.wake(tenant)
		}
		if err != nil && ctx.Err() == nil {
			w.log.Warn("chore failed", "chore", "look", "error", err.Error())
		}
		wait = nextLook(wait, soonest, len(tenants) > 0)
	}
}

// nextLook says how long to wait before the next look: the least while there is work, and twice as long each time there is none.
func nextLook(last, soonest time.Duration, found bool) time.Duration {
	if found {
		return soonest
	}
	return min(2*last, lookEvery)
}

// work does steps until the rota ends.
func (w *workers) work(ctx context.Context) {
	for {
		tenant, ok := w.rota.next()
		if !ok {
			return
		}
		w.step(ctx, tenant)
	}
}

// step does one step of a tenant, whose next one somebody else may take as soon as this one is known.
func (w *workers) step(ctx context.Context, tenant models.TenantID) {
	subject := ""
	back := sync.OnceFunc(func() { w.rota.back(tenant, subject != "") })
	err := w.guarded(ctx, func(ctx context.Context) error {
		return w.shift.Next(ctx, tenant, func(taken string) {
			subject = taken
			back()
		})
	})
	back()
	if err == nil {
		return
	}
	if subject != "" {
		unrecorded := w.guarded(ctx, func(ctx context.Context) error { return w.shift.Failed(ctx, tenant, subject) })
		if !isBusy(unrecorded) {
			w.log.Warn("step failed", "tenant", tenant, "subject", subject, "error", err.Error())
		}
		if err = unrecorded; err == nil {
			return
		}
	}
	// Nothing says when it may be tried again: the database is away, which the log has, or something is wrong.
	if !isBusy(err) {
		w.log.Error("no step can be taken or recorded", "tenant", tenant, "subject", subject, "error", err.Error())
	}
	time.Sleep(lookEvery)
}

func isBusy(err error) bool { return fault.Is(err, fault.Busy) }

// guarded gives do its time, and an error where it panics: without the panic's value, which may hold anything.
func (w *workers) guarded(ctx context.Context, do func(context.Context) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	defer func() {
		if recover() != nil {
			w.log.Error("step panicked", "trace", string(debug.Stack()))
			err = errPanicked
		}
	}()
	return do(ctx)
}
