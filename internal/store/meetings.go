package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Writers who meet on a row do their work in vain but for one of them, however long they wait for the row: on PostgreSQL each of
// the others has seen the moment before and starts again. So a transaction that starts again first waits, in this process
// and with no connection, until nobody else works on what it met others on before. Between processes the database alone decides.

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

// meetings lets one at a time go on with each name.
type meetings struct {
	mutex sync.Mutex
	queue map[string]*meetingPlace
}

type meetingPlace struct {
	holder chan struct{} // full while somebody goes on
	asking int           // who goes on or waits
}

// take waits until the caller alone goes on with every name, taking them in order so that no two wait for each other; with an error
// none is. Done gives them back.
func (m *meetings) take(ctx context.Context, names map[string]bool) (done func(), err error) {
	var mine []string
	done = func() {
		for _, name := range mine {
			m.leave(name, true)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		select {
		case m.ask(name) <- struct{}{}:
			mine = append(mine, name)
		case <-ctx.Done():
			m.leave(name, false)
			done()
			return nil, ctx.Err()
		}
	}
	return done, nil
}

func (m *meetings) ask(name string) chan<- struct{} {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.queue == nil {
		m.queue = map[string]*meetingPlace{}
	}
	if m.queue[name] == nil {
		m.queue[name] = &meetingPlace{holder: make(chan struct{}, 1)}
	}
	m.queue[name].asking++
	return m.queue[name].holder
}

func (m *meetings) leave(name string, had bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	left := m.queue[name]
	if had {
		<-left.holder
	}
	if left.asking--; left.asking == 0 {
		delete(m.queue, name)
	}
}
