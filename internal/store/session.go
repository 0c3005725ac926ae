package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"time"

	"medbill/internal/clock"
	"medbill/internal/turns"
	"medbill/models"
	"medbill/models/fault"
)

// Everywhere runs fn with reads over all tenants, for what looks after the whole database; a use case has a session. It comes by
// the clock, so it waits for no turn, in which it would count as one more tenant.
func (db *DB) Everywhere(ctx context.Context, fn func(*View) error) error {
	return (&Session{db: db}).view(ctx, db.engine.read(), fn)
}

// As gives the database as one actor sees it: every read and write below it stays in the actor's tenant.
func (db *DB) As(actor models.Actor) *Session { return &Session{db: db, actor: actor} }

// Session is the database on behalf of one actor.
type Session struct {
	db    *DB
	actor models.Actor
}

// Actor says on whose behalf the session works.
func (s *Session) Actor() models.Actor { return s.actor }

// ReadTimeout is how long a View may take; what takes longer by its nature is a Snapshot.
const ReadTimeout = 10 * time.Second

// View runs fn with reads only. Each read is consistent in itself. What is not read within ReadTimeout, or before ctx ends, is
// broken off, in the database too: Busy where the time was over. One within another, or within an Update, may wait for itself. Where
// a replica is read it has what the actor wrote; where that turns out not to be so, fn runs again, on the primary.
func (s *Session) View(ctx context.Context, fn func(*View) error) error {
	return s.turn(ctx, s.db.readTurns, func() error {
		if s.db.replica != nil {
			return s.db.replica.view(ctx, s, fn)
		}
		return s.view(ctx, s.db.engine.read(), fn)
	})
}

func (s *Session) view(ctx context.Context, line line, fn func(*View) error) error {
	return s.db.translate(s.look(ctx, line, fn))
}

// look runs fn with reads on a line, and gives it back.
func (s *Session) look(ctx context.Context, line line, fn func(*View) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.db.readTimeout)
	defer cancel()
	defer line.leave()
	return ended(ctx, fn(&View{db: s.db, ctx: ctx, line: line, actor: s.actor}))
}

// Snapshot runs fn with reads that all see the same moment, for long comparisons.
func (s *Session) Snapshot(ctx context.Context, fn func(*View) error) error {
	return s.turn(ctx, s.db.readTurns, func() error {
		line, err := s.db.engine.snapshot(ctx)
		if err != nil {
			return s.db.translate(err)
		}
		defer line.leave()
		return s.db.translate(fn(&View{db: s.db, ctx: ctx, line: line, actor: s.actor}))
	})
}

// turn runs work at the database when its turn comes. While it waits, the turn at this process's own processors is others'.
func (s *Session) turn(ctx context.Context, at *turns.Turns, work func() error) error {
	var leave func()
	err := turns.Aside(ctx, func() (err error) {
		leave, err = at.Enter(ctx, turns.Who{Tenant: string(s.actor.Tenant), Client: s.actor.Subject})
		return err
	})
	if err != nil {
		return ended(ctx, err)
	}
	defer leave()
	return work()
}

const (
	contendMax     = 30 * time.Second // a time and no number of tries: how long others take says the machine and who else it serves
	duplicateTries = 4                // a key that stays taken is a conflict, not a race
	retryWaitBase  = 2 * time.Millisecond
	retryDoublings = 7 // to a quarter of a second
)

// Update runs fn in one transaction that is committed when fn gives nil. Where another transaction came in between, fn runs
// again from the start, so nothing outside the database may be called in it. Where others come in between for half a minute it
// gives Busy, and Conflict where a unique key stands in the way for good. How long it may take says ctx, and Busy that this was
// over: a door bounds its requests, a job or a command has its time.
func (s *Session) Update(ctx context.Context, fn func(*Tx) error) error {
	if s.db.dialect.embedded { // the one writer waits for nobody else's turn
		return turns.Aside(ctx, func() error { return s.update(ctx, fn) })
	}
	return s.update(ctx, fn)
}

func (s *Session) update(ctx context.Context, fn func(*Tx) error) error {
	var err error
	met := map[string]bool{}
	for try, start := 0, clock.System().Now(); clock.System().Now().Sub(start) < contendMax; try++ {
		err = s.meeting(ctx, fn, met)
		if !s.db.dialect.isRetryable(err) {
			return s.written(ctx, err)
		}
		if try >= duplicateTries && s.db.dialect.isDuplicate(err) {
			break
		}
		if err := pause(ctx, retryWaitBase<<min(try, retryDoublings)); err != nil {
			return ended(ctx, err)
		}
	}
	if s.db.dialect.isDuplicate(err) {
		return &fault.Fault{Kind: fault.Conflict, Issues: []fault.Issue{{Code: "conflict", Text: "A record with the same key was written first; read it and try again."}}, Err: plain(err)}
	}
	return &fault.Fault{Kind: fault.Busy, Issues: []fault.Issue{{Code: "transient", Text: "Too many writers want the same record; try again."}}, Err: plain(err)}
}

// pause waits for about a time.
func pause(ctx context.Context, wait time.Duration) error {
	return turns.Aside(ctx, func() error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait/2 + time.Duration(mathrand.Int64N(int64(wait)))):
			return nil
		}
	})
}

// meeting tries when nobody else here works on the rows on which it met others, and adds on which it meets them now.
func (s *Session) meeting(ctx context.Context, fn func(*Tx) error, met map[string]bool) error {
	var done func()
	err := turns.Aside(ctx, func() (err error) {
		done, err = s.db.meetings.take(ctx, met)
		return err
	})
	if err != nil {
		return err
	}
	mine := maps.Clone(met)
	defer done()
	err = s.turn(ctx, s.db.writeTurns, func() error { return s.try(ctx, fn, mine) })
	maps.Copy(met, mine)
	return err
}

func (s *Session) try(ctx context.Context, fn func(*Tx) error, met map[string]bool) error {
	if s.db.twice {
		if err := s.once(ctx, fn, met, undo); err != nil {
			return err
		}
	}
	return s.once(ctx, fn, met, s.keep)
}

func undo(ctx context.Context, line line) error { return line.flush(ctx) }

func (s *Session) keep(ctx context.Context, line line) error {
	err := line.commit(ctx)
	isInDoubt := s.db.dialect.isInDoubt(err)
	if s.db.replica != nil {
		s.db.replica.wrote(s.actor, line, err, isInDoubt)
	}
	if isInDoubt {
		return inDoubt{err}
	}
	return err
}

// once runs fn and what waits for its end in a transaction of its own, and ends that with end.
func (s *Session) once(ctx context.Context, fn func(*Tx) error, met map[string]bool, end func(context.Context, line) error) error {
	line, err := s.db.engine.transaction(ctx)
	if err != nil {
		return err
	}
	defer line.leave()
	tx := &Tx{View: &View{db: s.db, ctx: ctx, line: line, actor: s.actor, recalls: true}, now: s.db.Now(), met: met}
	err = fn(tx)
	if err == nil {
		err = tx.Finish()
	}
	if tx.failed != nil { // what came after it hangs on it
		return tx.failed
	}
	if err != nil {
		return err
	}
	if tx.undone {
		end = undo
	}
	if err := end(ctx, line); err != nil {
		return err
	}
	if tx.wakes && !tx.undone {
		s.db.wake(s.actor.Tenant)
	}
	return nil
}

// ended gives why something failed whose time was over: the database only says that it was interrupted.
func ended(ctx context.Context, err error) error {
	var f *fault.Fault
	var doubt inDoubt // that it may have been done is what a client has to know
	switch {
	case err == nil || ctx.Err() == nil || errors.As(err, &f) || errors.As(err, &doubt):
		return err
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &fault.Fault{Kind: fault.Busy, Issues: []fault.Issue{{Code: "timeout", Text: "It took too long and was broken off; ask for less at once, or try again later."}}, Err: context.DeadlineExceeded}
	}
	return ctx.Err()
}

// written gives what a transaction ended with, and notes whether the database writes.
func (s *Session) written(ctx context.Context, err error) error {
	if err == nil || s.db.dialect.isAway(err) {
		s.db.writes.note(err)
	}
	return s.db.translate(ended(ctx, err))
}

// plain gives err without the values a driver may quote.
func plain(err error) error { return fmt.Errorf("database: %s", codeOf(err)) }
