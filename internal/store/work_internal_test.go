package store

import (
	"testing"
	"time"
)

// Who finds steps looks again at once, and who finds none less and less often, down to twice a second.
func TestLooksAreMoreWhileThereIsWork(t *testing.T) {
	var got []time.Duration
	for wait, found := lookEvery, true; ; found = false {
		if wait = nextLook(wait, lookSoon, found); len(got) > 0 && wait == got[len(got)-1] {
			break
		}
		got = append(got, wait)
	}
	if len(got) != 6 || got[0] != lookSoon || got[5] != lookEvery {
		t.Errorf("the waits are %v", got)
	}
	if got := nextLook(lookEvery, lookEvery, true); got != lookEvery {
		t.Errorf("who is told waits %s after something was found", got)
	}
}
