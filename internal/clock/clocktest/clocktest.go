// Package clocktest gives tests a clock that moves only when told.
package clocktest

import (
	"sync"
	"time"

	"medbill/internal/clock"
)

// Hand is a clock set by hand; several goroutines may share it.
type Hand struct {
	mu  sync.Mutex
	now time.Time
}

// At gives a clock that stands at now.
func At(now time.Time) *Hand { return &Hand{now: now} }

// Clock is the clock as the code under test takes it.
func (h *Hand) Clock() clock.Clock {
	return clock.Of(func() time.Time {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.now
	})
}

// Advance moves the clock by d.
func (h *Hand) Advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}
