package store

import (
	"maps"
	"math"
	"sync"

	"medbill/models"
)

// unknownPosition is of a caller whose commit may stand anywhere.
const unknownPosition = math.MaxInt64

// positionsMax is of how many callers it is remembered how much they know. Only those count whom no look has found the replica to
// have caught up with, so that it takes very many within a second.
const positionsMax = 10_000

// positions are up to where in the database's log callers wrote. What the replica was once found to have nobody misses any more, also where another one takes its place that has less.
type positions struct {
	mutex sync.Mutex
	floor int64
	of    map[models.Actor]int64
}

// need says how far a replica must be for a caller.
func (p *positions) need(actor models.Actor) int64 {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return max(p.floor, p.of[actor])
}

// note remembers where a caller wrote. Where too many did, all of them count as the last of them.
func (p *positions) note(actor models.Actor, at int64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.put(actor, at)
}

func (p *positions) put(actor models.Actor, at int64) {
	if at <= max(p.floor, p.of[actor]) {
		return
	}
	if len(p.of) >= positionsMax {
		for _, known := range p.of {
			if known != unknownPosition {
				p.floor = max(p.floor, known)
			}
		}
		p.drop()
	}
	if p.of == nil {
		p.of = map[models.Actor]int64{}
	}
	p.of[actor] = at
}

// settle says where a commit stands at the latest of which that was unknown, after the caller was shown the primary; 0 where it was not.
func (p *positions) settle(actor models.Actor, at int64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if at > 0 {
		delete(p.of, actor)
		p.put(actor, at)
	}
}

// reached says that the replica has come to a position.
func (p *positions) reached(at int64) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.floor = max(p.floor, at)
	p.drop()
}

// drop forgets those that the floor holds.
func (p *positions) drop() {
	maps.DeleteFunc(p.of, func(_ models.Actor, at int64) bool { return at <= p.floor })
}
