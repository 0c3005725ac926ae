package clock_test

import (
	"testing"
	"time"

	"medbill/internal/clock"
	"medbill/internal/clock/clocktest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.FixedZone("EST", -5*3600))

func TestClockSpeaksUTC(t *testing.T) {
	for name, c := range map[string]clock.Clock{
		"zero": {}, "system": clock.System(), "fixed": clock.Fixed(noon), "hand": clocktest.At(noon).Clock(),
	} {
		if zone := c.Now().Location(); zone != time.UTC {
			t.Errorf("%s: Now is in %v, want UTC", name, zone)
		}
	}
}

func TestZeroClockIsTheSystemsClock(t *testing.T) {
	var c clock.Clock
	before := time.Now()
	if now := c.Now(); now.Before(before) {
		t.Errorf("Now = %v, before the system's %v", now, before)
	}
	if d := c.Since(before); d < 0 || d > time.Minute {
		t.Errorf("Since = %v, want a moment", d)
	}
}

func TestHandMovesOnlyWhenTold(t *testing.T) {
	hand := clocktest.At(noon)
	c := hand.Clock()
	start := c.Now()
	if d := c.Since(start); d != 0 {
		t.Errorf("Since = %v before Advance, want 0", d)
	}
	hand.Advance(90 * time.Second)
	if d := c.Since(start); d != 90*time.Second {
		t.Errorf("Since = %v, want 1m30s", d)
	}
}
