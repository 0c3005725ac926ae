// Package clock is the one source of wall time outside the database: durations, the expiry of tokens, and the demo.
// Business time (when a charge was posted, when a document changed) is the transaction's, from internal/store.
package clock

import "time"

// Clock tells the time. The zero Clock is the system's, so a setting that is left out still works.
type Clock struct{ now func() time.Time }

// System is the machine's own clock.
func System() Clock { return Clock{} }

// Fixed stands still at the given moment, so that a demo gives the same output on every day.
func Fixed(at time.Time) Clock { return Clock{now: func() time.Time { return at }} }

// Of reads the time from now, which several goroutines may call at once.
func Of(now func() time.Time) Clock { return Clock{now: now} }

// Now gives the time in UTC. It keeps the monotonic reading of the system's clock, so that Since is exact.
func (c Clock) Now() time.Time {
	if c.now == nil {
		return time.Now().UTC()
	}
	return c.now().UTC()
}

// Since gives how long ago start was.
func (c Clock) Since(start time.Time) time.Duration { return c.Now().Sub(start) }
