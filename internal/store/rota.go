package store

import (
	"sync"

	"medbill/models"
)

// rota says which tenant's step is done next: each gets one, then the next tenant. A tenant stands in it while it may have steps
// to be done. It leaves when it is called and comes back as soon as its step is known, so that one step of a tenant leads to at
// most one look for another.
type rota struct {
	mutex  sync.Mutex
	moved  *sync.Cond
	line   []models.TenantID
	places map[models.TenantID]place
	ended  bool
}

type place int

const (
	inLine place = iota + 1
	called       // somebody looks for a step of it
	again        // and more of it came meanwhile
)

func newRota() *rota {
	r := &rota{places: map[models.TenantID]place{}}
	r.moved = sync.NewCond(&r.mutex)
	return r
}

// wake puts a tenant at the end of the line where it does not stand in it.
func (r *rota) wake(tenant models.TenantID) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	switch r.places[tenant] {
	case inLine, again:
	case called:
		r.places[tenant] = again
	default:
		r.stand(tenant)
	}
}

func (r *rota) stand(tenant models.TenantID) {
	r.places[tenant] = inLine
	r.line = append(r.line, tenant)
	r.moved.Signal()
}

// next waits for a tenant and calls it; false at the end.
func (r *rota) next() (models.TenantID, bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for len(r.line) == 0 && !r.ended {
		r.moved.Wait()
	}
	if r.ended {
		return "", false
	}
	tenant := r.line[0]
	r.line = r.line[1:]
	r.places[tenant] = called
	return tenant, true
}

// back ends the call of a tenant: where a step was found there may be another one.
func (r *rota) back(tenant models.TenantID, found bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if found || r.places[tenant] == again {
		r.stand(tenant)
		return
	}
	delete(r.places, tenant)
}

// end lets nobody wait any more.
func (r *rota) end() {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ended = true
	r.moved.Broadcast()
}
