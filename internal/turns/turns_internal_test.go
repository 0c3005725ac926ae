package turns

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"medbill/models/fault"
)

// TestOneTenantLeavesRoomForTheNext holds that a tenant which asks for everything, through many clients, does not keep
// another one out, nor one client another of its tenant.
func TestOneTenantLeavesRoomForTheNext(t *testing.T) {
	turns := New(4)
	var leaves []func()
	for _, client := range []string{"0", "1"} {
		leave, err := turns.Enter(t.Context(), Who{"greedy", client})
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leave)
	}
	full, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := turns.Enter(full, Who{"greedy", "0"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a tenant took the last place: %v", err)
	}
	leave, err := turns.Enter(t.Context(), Who{"other", "x"})
	if err != nil {
		t.Fatal(err)
	}
	leave()
	for _, leave := range leaves {
		leave()
	}
	if turns.all.running != 0 || turns.all.waiting != 0 {
		t.Errorf("%d run and %d wait after all left", turns.all.running, turns.all.waiting)
	}
}

// TestWhoHasTheLeastUnderWayComesNext holds the order in which those that wait are called.
func TestWhoHasTheLeastUnderWayComesNext(t *testing.T) {
	turns := New(1)
	first, err := turns.Enter(t.Context(), Who{"a", "a1"})
	if err != nil {
		t.Fatal(err)
	}
	var mutex sync.Mutex
	var order []string
	var all sync.WaitGroup
	for _, who := range [][2]string{{"a", "a1"}, {"a", "a1"}, {"a", "a2"}, {"b", "b1"}, {"b", "b1"}, {"c", "c1"}} {
		k := turns.line(Who{who[0], who[1]}, waitingMax)
		all.Go(func() {
			<-k.called
			mutex.Lock()
			order = append(order, who[1])
			mutex.Unlock()
			turns.leave(k)
		})
	}
	first()
	all.Wait()
	// b and c were not served yet; then whoever was served longest ago, and within a the client that waits longest.
	if slices.Sort(order[:2]); !slices.Equal(order, []string{"b1", "c1", "a2", "b1", "a1", "a1"}) {
		t.Errorf("called in the order %v", order)
	}
}

func TestACrowdOfOneTenantIsTurnedAway(t *testing.T) {
	turns := New(1)
	for range waitingMax + 1 { // one of them has its turn
		if turns.line(Who{"greedy", "x"}, waitingMax) == nil {
			t.Fatal("turned away too early")
		}
	}
	var f *fault.Fault
	if _, err := turns.Enter(t.Context(), Who{"greedy", "y"}); !errors.As(err, &f) || f.Kind != fault.Busy {
		t.Errorf("%v, want Busy", err)
	}
	if turns.line(Who{"other", "x"}, waitingMax) == nil {
		t.Error("the crowd of one tenant turns another away")
	}
}

// TestTurnsAddUp holds over random arrivals, departures and clients that give up: never more than the capacity run, nobody
// runs beyond its part while others are there, and nobody waits while there is room for it.
func TestTurnsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		turns := New(rapid.IntRange(1, 9).Draw(t, "capacity"))
		var tickets []*ticket
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			if len(tickets) > 0 && rapid.Bool().Draw(t, "goes") {
				i := rapid.IntRange(0, len(tickets)-1).Draw(t, "who")
				k := tickets[i]
				tickets = slices.Delete(tickets, i, i+1)
				select {
				case <-k.called:
					turns.leave(k)
				default:
					turns.giveUp(k)
				}
			} else {
				tickets = append(tickets, turns.line(Who{rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "tenant"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "client")}, waitingMax))
			}
			running, waiting := 0, 0
			for _, k := range tickets {
				select {
				case <-k.called:
					running++
				default:
					waiting++
				}
			}
			if running != turns.all.running || waiting != turns.all.waiting || running > turns.capacity {
				t.Fatalf("%d run and %d wait, counted as %d and %d of %d", running, waiting, turns.all.running, turns.all.waiting, turns.capacity)
			}
			if waiting > 0 && running < turns.capacity && turns.all.next(turns.capacity) != nil {
				t.Fatal("somebody waits who could come in")
			}
			if waiting > 0 && running == 0 {
				t.Fatal("all wait and nobody runs")
			}
		}
	})
}

// TestWhoStepsAsideLetsOthersIn holds that a turn is free for others while a request waits for something else, that it is had
// again afterwards, and that it is free for good at the end, whatever still waits.
func TestWhoStepsAsideLetsOthersIn(t *testing.T) {
	turns := New(1)
	ctx, leave, err := turns.Take(t.Context(), Who{"a", "x"})
	if err != nil {
		t.Fatal(err)
	}
	running := func() int {
		turns.mutex.Lock()
		defer turns.mutex.Unlock()
		return turns.all.running
	}
	err = Aside(ctx, func() error {
		other, err := turns.Enter(ctx, Who{"b", "y"})
		if err != nil {
			return err
		}
		defer other()
		return Aside(ctx, func() error { return nil }) // another goroutine of the same request
	})
	if err != nil || running() != 1 {
		t.Errorf("%v, %d run after coming back", err, running())
	}
	hold := make(chan struct{})
	var late sync.WaitGroup
	late.Go(func() {
		_ = Aside(ctx, func() error { <-hold; return nil })
	})
	leave()
	close(hold)
	late.Wait()
	if running() != 0 {
		t.Errorf("%d run after the end", running())
	}
	if err := Aside(t.Context(), func() error { return nil }); err != nil {
		t.Error(err)
	}
}
