package billing

import (
	"context"
	"sync"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// Passing lets business time pass on a development server, whose clock stands until it is moved. It is safe for concurrent use.
type Passing struct {
	office *Office
	hand   *clock.Hand
	one    sync.Mutex // moves
}

// NewPassing moves hand, which must be the clock of the office's database.
func NewPassing(o *Office, hand *clock.Hand) *Passing { return &Passing{office: o, hand: hand} }

// Now gives where the clock stands, to whoever may move it.
func (p *Passing) Now(who auth.Principal) (time.Time, error) {
	return p.hand.Clock().Now(), mayCodes(who) // both are every tenant's
}

// Until moves the clock to a moment, and stops at each one before it at which something falls due by itself: that is done at its own time.
// It comes back when nothing is left to be done; so where the clock stands there already, it has done what is due. A move that was broken off stands between,
// and may be asked for again. It refuses (clock.ErrBack) a moment that is over.
func (p *Passing) Until(ctx context.Context, who auth.Principal, to time.Time) error {
	if err := mayCodes(who); err != nil {
		return err
	}
	p.one.Lock()
	defer p.one.Unlock()
	if to.Before(p.hand.Clock().Now()) {
		return clock.ErrBack
	}
	for {
		if err := p.office.catchUp(ctx); err != nil {
			return err
		}
		next, err := p.office.nextDue(ctx)
		if err != nil {
			return err
		}
		if next == 0 || next > models.InstantOf(to) {
			return p.hand.Move(to)
		}
		if err := p.hand.Move(next.Time()); err != nil {
			return err
		}
	}
}

func (o *Office) nextDue(ctx context.Context) (next models.Instant, err error) {
	err = o.db.Everywhere(ctx, func(v *store.View) (err error) {
		next, err = books.NextDueEverywhere(v, o.db.Now())
		return err
	})
	return next, err
}

// lookPause is between two looks for what others are doing.
const lookPause = 5 * time.Millisecond

// catchUp does the chores that are due and waits until those who work have done every step that is.
func (o *Office) catchUp(ctx context.Context) error {
	if err := o.settled(ctx); err != nil {
		return err
	}
	for _, chore := range o.Shift().Chores {
		if err := chore.Do(ctx); err != nil {
			return err
		}
	}
	return o.settled(ctx)
}

// settled waits until no step is to be done now. Those that failed have a time of their own.
func (o *Office) settled(ctx context.Context) error {
	for {
		tenants, err := o.due(ctx)
		if err != nil || len(tenants) == 0 {
			return err
		}
		for _, tenant := range tenants {
			err := o.db.As(models.Actor{Tenant: tenant, Subject: worker}).Update(ctx, func(tx *store.Tx) error {
				tx.Wake()
				return nil
			})
			if err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(lookPause):
		}
	}
}
