package store

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// One goes on with a name at a time, in whatever order they ask, and nothing is left of who is gone.
func TestMeetingsAreOneByOne(t *testing.T) {
	const names, writers, rounds = 5, 16, 50
	var queue meetings
	var wait sync.WaitGroup
	had := make([]int, names) // the race detector sees two at once
	for range writers {
		wait.Go(func() {
			for range rounds {
				mine := map[string]bool{}
				picked := rand.Perm(names)[:3]
				for _, n := range picked {
					mine[string(rune('a'+n))] = true
				}
				done, err := queue.take(context.Background(), mine)
				if err != nil {
					t.Error(err)
					return
				}
				for _, n := range picked {
					had[n]++
				}
				done()
			}
		})
	}
	wait.Wait()
	sum := 0
	for _, n := range had {
		sum += n
	}
	if sum != 3*writers*rounds || len(queue.queue) != 0 {
		t.Errorf("%d turns were had, want %d; %d names are left", sum, 3*writers*rounds, len(queue.queue))
	}
}

// Who goes away while it waits gives back what it has.
func TestATurnIsGivenBackByWhoLeaves(t *testing.T) {
	var queue meetings
	held, err := queue.take(t.Context(), map[string]bool{"b": true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := queue.take(ctx, map[string]bool{"a": true, "b": true}); err == nil {
		t.Error("two have the same turn")
	}
	a, err := queue.take(t.Context(), map[string]bool{"a": true})
	if err != nil {
		t.Fatal(err)
	}
	a()
	held()
	if len(queue.queue) != 0 {
		t.Errorf("%d names are left", len(queue.queue))
	}
}
