package clock

import (
	"errors"
	"sync"
	"time"
)

// Hand is a clock that stands until it is moved, forward only. Several goroutines may share it.
type Hand struct {
	mu   sync.Mutex
	at   time.Time
	keep func(time.Time) error
}

// ErrBack is what Move gives where it was to go back.
var ErrBack = errors.New("the clock moves forward only")

// Standing gives a clock that stands at the given moment. Each moment it is moved to is kept first, where keep is not nil.
func Standing(at time.Time, keep func(time.Time) error) *Hand { return &Hand{at: at, keep: keep} }

// Clock is the clock as it is read.
func (h *Hand) Clock() Clock {
	return Of(func() time.Time {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.at
	})
}

// Move moves the clock to a moment, or leaves it there. It refuses (ErrBack) one before.
func (h *Hand) Move(to time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if to.Before(h.at) {
		return ErrBack
	}
	if h.keep != nil && to.After(h.at) {
		if err := h.keep(to); err != nil {
			return err
		}
	}
	h.at = to
	return nil
}
