package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Writers who meet on a row do their work in vain but for one of them, however long they wait for the row: on PostgreSQL each of
// the others has seen the moment before and starts again. So a transaction that starts again first waits for its turn, in this
// process and with no connection, on everything on which it met others before. Between processes the database alone decides.

// Meets says on which rows the transaction meets other writers; a name is of a kind of row and of the tenant.
func (tx *Tx) Meets(kind string, names ...string) {
	for _, name := range names {
		tx.met[tx.meeting(kind)+name] = true
	}
}

// Met gives the rows of a kind on which the transaction meets others, as it knows since an earlier try, in no order.
func (tx *Tx) Met(kind string) []string {
	var names []string
	for name := range tx.met {
		if name, ok := strings.CutPrefix(name, tx.meeting(kind)); ok {
			names = append(names, name)
		}
	}
	return names
}

func (tx *Tx) meeting(kind string) string { return string(tx.Tenant()) + " " + kind + " " }

// turns has one holder of each name at a time.
type turns struct {
	mutex sync.Mutex
	queue map[string]*turn
}

type turn struct {
	holder chan struct{} // full while somebody has the turn
	asking int           // who has it or waits for it
}

// take waits until the turn on every name is the caller's, taking them in order so that no two wait for each other; with an error
// none is. Done gives them back.
func (t *turns) take(ctx context.Context, names map[string]bool) (done func(), err error) {
	var mine []string
	done = func() {
		for _, name := range mine {
			t.leave(name, true)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		select {
		case t.ask(name) <- struct{}{}:
			mine = append(mine, name)
		case <-ctx.Done():
			t.leave(name, false)
			done()
			return nil, ctx.Err()
		}
	}
	return done, nil
}

func (t *turns) ask(name string) chan<- struct{} {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.queue == nil {
		t.queue = map[string]*turn{}
	}
	if t.queue[name] == nil {
		t.queue[name] = &turn{holder: make(chan struct{}, 1)}
	}
	t.queue[name].asking++
	return t.queue[name].holder
}

func (t *turns) leave(name string, had bool) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	left := t.queue[name]
	if had {
		<-left.holder
	}
	if left.asking--; left.asking == 0 {
		delete(t.queue, name)
	}
}
