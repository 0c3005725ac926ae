package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"medbill/internal/clock"
)

// Load says how operations are measured.
type Load struct {
	Clients []int
	Span    time.Duration // of a round
	Rounds  int           // the sides and bare SQL take turns
	Match   string        // only operations whose name contains it
	Profile Profile
	Say     func(string)
	Show    func([]Row) // is given the rows of each operation once it was measured
}

// operation is what clients do again and again; n is another number each time.
type operation struct {
	name  string
	makes int64 // how many things one time makes, where that is what is counted; else 0
	on    func(ctx context.Context, s *Side, n int64) error
	bare  func(ctx context.Context, n int64) error
}

// of gives the operation on a side.
func (o operation) of(s *Side) func(context.Context, int64) error {
	return func(ctx context.Context, n int64) error { return o.on(ctx, s, n) }
}

// measure lets sides and bare SQL take turns with each operation.
func (l Load) measure(ctx context.Context, sides []*Side, operations []operation) error {
	for _, o := range operations {
		if !strings.Contains(o.name, l.Match) {
			continue
		}
		for _, clients := range l.Clients {
			rows := make([]Row, len(sides))
			var bare Row
			for i, s := range sides {
				rows[i] = Row{Engine: s.Engine.Name, Operation: o.name, Side: s.Label, Clients: clients, makes: max(o.makes, 1)}
				if err := errors.Join(warm(ctx, clients, o.of(s)), s.settle(ctx)); err != nil {
					return fmt.Errorf("%s: %w", o.name, err)
				}
			}
			if err := warm(ctx, clients, o.bare); err != nil {
				return fmt.Errorf("%s as bare SQL: %w", o.name, err)
			}
			for round := range l.Rounds {
				for i, s := range sides {
					l.Say(fmt.Sprintf("%s: %s, %s, %d clients, round %d of %d", s.Engine.Name, o.name, s.Label, clients, round+1, l.Rounds))
					err := rows[i].take(ctx, s, l.Profile, l.Span, func() (result, error) {
						return measure(ctx, clients, l.Span, o.of(s))
					})
					if err != nil {
						return fmt.Errorf("%s: %w", o.name, err)
					}
				}
				seen, err := measure(ctx, clients, l.Span, o.bare)
				if err != nil {
					return fmt.Errorf("%s as bare SQL: %w", o.name, err)
				}
				bare.add(seen, max(o.makes, 1))
			}
			for i := range rows {
				rows[i].Bare = bare.Rate()
			}
			l.Show(rows)
		}
	}
	return nil
}

// result is what a measurement saw.
type result struct {
	took  []time.Duration
	whole time.Duration
}

func (r result) quantile(percent int) time.Duration {
	if len(r.took) == 0 {
		return 0
	}
	return r.took[min(len(r.took)*percent/100, len(r.took)-1)]
}

// warm does an operation as often as there are clients, so that connections and plans are made before the clock runs.
func warm(ctx context.Context, clients int, do func(context.Context, int64) error) error {
	for n := range int64(clients) {
		if err := do(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// measure lets clients do an operation one after the other for a span.
func measure(ctx context.Context, clients int, span time.Duration, do func(context.Context, int64) error) (result, error) {
	var count atomic.Int64
	var mutex sync.Mutex
	var all []time.Duration
	var failed error
	var wait sync.WaitGroup
	now := clock.System()
	start := now.Now()
	for range clients {
		wait.Go(func() {
			var took []time.Duration
			var err error
			for err == nil && now.Since(start) < span {
				began := now.Now()
				err = do(ctx, count.Add(1))
				took = append(took, now.Since(began))
			}
			mutex.Lock()
			defer mutex.Unlock()
			all = append(all, took...)
			failed = errors.Join(failed, err)
		})
	}
	wait.Wait()
	whole := now.Since(start)
	slices.Sort(all)
	return result{all, whole}, failed
}
