package turns

import (
	"context"
	"math"
	"sync"
	"time"
)

// turn is one that a request has; several goroutines may step aside from it.
type turn struct {
	turns *Turns
	who   Who
	mutex sync.Mutex
	held  *ticket // nil while all of it is aside, and at the end
	aside int
	ended bool
}

type contextKey struct{}

// Take is Enter with a context in which Aside finds the turn.
func (t *Turns) Take(ctx context.Context, who Who) (inside context.Context, leave func(), err error) {
	k := t.line(who, waitingMax)
	if k == nil {
		return nil, nil, errCrowded
	}
	late := time.NewTimer(waitMax)
	defer late.Stop()
	if err := t.await(ctx, k, late.C); err != nil {
		return nil, nil, err
	}
	taken := &turn{turns: t, who: who, held: k}
	return context.WithValue(ctx, contextKey{}, taken), taken.end, nil
}

// Aside does what only waits, and lets others in meanwhile: the turn that ctx has is given up, and waited for again.
func Aside(ctx context.Context, wait func() error) error {
	t, has := ctx.Value(contextKey{}).(*turn)
	if !has {
		return wait()
	}
	t.step()
	defer t.back(ctx)
	return wait()
}

func (t *turn) step() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.aside++
	t.giveBack()
}

// back waits for a turn again when the last one comes back. Work that has begun is let end, so it is never late.
func (t *turn) back(ctx context.Context) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.aside--; t.aside > 0 || t.ended {
		return
	}
	k := t.turns.line(t.who, math.MaxInt)
	if t.turns.await(ctx, k, nil) == nil {
		t.held = k
	}
}

func (t *turn) end() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.ended = true
	t.giveBack()
}

func (t *turn) giveBack() {
	if t.held != nil {
		t.turns.leave(t.held)
		t.held = nil
	}
}
