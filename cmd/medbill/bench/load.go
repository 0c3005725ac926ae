package bench

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"medbill/internal/clock"
)

// result is what a measurement saw.
type result struct {
	took  []time.Duration
	whole time.Duration
}

func (r result) rate() float64 { return float64(len(r.took)) / r.whole.Seconds() }

func (r result) quantile(percent int) time.Duration {
	if len(r.took) == 0 {
		return 0
	}
	return r.took[min(len(r.took)*percent/100, len(r.took)-1)]
}

// measure lets clients do an operation one after the other for a span.
func measure(ctx context.Context, clients int, span time.Duration, do func(context.Context, int64) error) (result, error) {
	for n := range int64(clients) { // connections and plans are made before the clock runs
		if err := do(ctx, n); err != nil {
			return result{}, err
		}
	}
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
