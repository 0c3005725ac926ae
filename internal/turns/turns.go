// Package turns keeps those who ask for the most from keeping out the others: work is let in, as much at a time as there is
// capacity for, and tenants and their clients share it. It knows nothing of what the work is; the door shares the processors
// by it, the store its connections.
package turns

import (
	"context"
	"slices"
	"sync"
	"time"

	"medbill/internal/clock"
	"medbill/models/fault"
)

// Turns lets work in, as much at a time as it has capacity for. Each tenant has its part of that, and each client its part of
// its tenant's, so that whoever asks for the most waits for itself and not for the others: of those that wait the one comes next
// who has the least under way. Whoever is alone leaves one place free for the next who comes. It is safe for concurrent use.
type Turns struct {
	mutex    sync.Mutex
	capacity int
	clock    clock.Clock
	all      line
	count    uint64
	swept    time.Time
}

const (
	waitingMax = 1000             // of one tenant
	waitMax    = 10 * time.Second // after that the client is told to come again
	recently   = time.Second      // how long somebody counts as being there
)

// Who is a client of a tenant.
type Who struct{ Tenant, Client string }

// line is who works and waits: everybody, a tenant, or a client of it.
type line struct {
	lines            map[string]*line // of the tenants, of a tenant's clients
	tickets          []*ticket        // of a client, in the order in which they came
	among            int              // how many parts of the capacity there are for each of the lines
	running, waiting int
	served           uint64 // when one of it came in last, counted in turns
	seen             time.Time
}

// ticket is one that waits.
type ticket struct {
	tenant, client *line
	called         chan struct{}
}

// New gives turns for as much at a time.
func New(capacity int) *Turns {
	return &Turns{capacity: max(1, capacity), clock: clock.System(), all: line{lines: map[string]*line{}, among: 2}}
}

var (
	errCrowded = fault.New(fault.Busy, "throttled", "Too many requests of this tenant wait for their turn; send fewer at a time.")
	errWaited  = fault.New(fault.Busy, "throttled", "The request waited too long for its turn; send fewer at a time, and try again.")
)

// Enter waits for a turn of who; leave ends it. It is Busy where too many wait already, or where none came in time.
func (t *Turns) Enter(ctx context.Context, who Who) (leave func(), err error) {
	k := t.line(who, waitingMax)
	if k == nil {
		return nil, errCrowded
	}
	late := time.NewTimer(waitMax)
	defer late.Stop()
	if err := t.await(ctx, k, late.C); err != nil {
		return nil, err
	}
	return sync.OnceFunc(func() { t.leave(k) }), nil
}

// await waits until k is called, and takes it out of its line where ctx ends before, or it is late.
func (t *Turns) await(ctx context.Context, k *ticket, late <-chan time.Time) error {
	var err error
	select {
	case <-k.called:
		return nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-late:
		err = errWaited
	}
	t.giveUp(k)
	return err
}

// line puts who in its line and calls who may come in; nil where the tenant has so many waiting already.
func (t *Turns) line(who Who, most int) *ticket {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	now := t.clock.Now()
	t.sweep(now)
	tenant := t.all.at(who.Tenant, now)
	if tenant.waiting >= most {
		return nil
	}
	k := &ticket{tenant, tenant.at(who.Client, now), make(chan struct{})}
	k.client.tickets = append(k.client.tickets, k)
	t.wait(k, 1)
	t.call()
	return k
}

// at gives the line of a name in l.
func (l *line) at(name string, now time.Time) *line {
	found := l.lines[name]
	if found == nil {
		found = &line{lines: map[string]*line{}, among: 1}
		l.lines[name] = found
	}
	found.seen = now
	return found
}

func (t *Turns) wait(k *ticket, n int) {
	for _, l := range []*line{&t.all, k.tenant, k.client} {
		l.waiting += n
	}
}

func (t *Turns) run(k *ticket, n int) {
	for _, l := range []*line{&t.all, k.tenant, k.client} {
		l.running += n
	}
}

// call lets in who may come in now.
func (t *Turns) call() {
	for t.all.waiting > 0 && t.all.running < t.capacity {
		tenant := t.all.next(t.capacity)
		if tenant == nil {
			return
		}
		client := tenant.next(t.all.part(t.capacity))
		k := client.tickets[0]
		client.tickets = client.tickets[1:]
		t.count++
		tenant.served, client.served = t.count, t.count
		t.wait(k, -1)
		t.run(k, 1)
		close(k.called)
	}
}

// next gives the line in l that comes next of those that have somebody waiting and are under their part of capacity. Of a tenant's
// clients one goes beyond its part while no other one waits who is under its own, and leaves one place free for who comes next. It is
// nil where there is none.
func (l *line) next(capacity int) *line {
	if next := l.least(l.part(capacity)); next != nil {
		return next
	}
	if areClients := l.among == 1; areClients && l.running < capacity-1 {
		return l.least(capacity - 1)
	}
	return nil
}

// least gives the line in l with the least under way, of those that have somebody waiting and less than part under way, and of
// several the one that waits longest; nil where there is none.
func (l *line) least(part int) *line {
	var next *line
	for _, one := range l.lines {
		if one.waiting == 0 || one.running >= part || !one.hasRoom(part) {
			continue
		}
		if next == nil || one.running < next.running || one.running == next.running && one.served < next.served {
			next = one
		}
	}
	return next
}

// hasRoom reports whether one of the lines in l may come in; a client's own has nothing to divide.
func (l *line) hasRoom(capacity int) bool {
	return len(l.lines) == 0 || l.next(capacity) != nil
}

// part is how much of capacity one of the lines in l may take: where there are several, an even part among clients and half of
// one among tenants, so that what costs the most leaves the machine to the others.
func (l *line) part(capacity int) int {
	if len(l.lines) < 2 {
		return max(1, capacity-1)
	}
	return max(1, capacity/(l.among*len(l.lines)))
}

func (t *Turns) leave(k *ticket) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.run(k, -1)
	t.call()
}

// giveUp takes a ticket out of its line, or ends its turn where it was called in the meantime.
func (t *Turns) giveUp(k *ticket) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if at := slices.Index(k.client.tickets, k); at >= 0 {
		k.client.tickets = slices.Delete(k.client.tickets, at, at+1)
		t.wait(k, -1)
		return
	}
	t.run(k, -1)
	t.call()
}

// sweep forgets who is not there any more.
func (t *Turns) sweep(now time.Time) {
	if now.Sub(t.swept) < recently {
		return
	}
	t.swept = now
	t.all.forget(now)
	for _, tenant := range t.all.lines {
		tenant.forget(now)
	}
}

func (l *line) forget(now time.Time) {
	for name, one := range l.lines {
		if one.running == 0 && one.waiting == 0 && now.Sub(one.seen) >= recently {
			delete(l.lines, name)
		}
	}
}
