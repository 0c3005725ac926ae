package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"

	"github.com/google/uuid"

	"medbill/models"
)

// View reads. It is not safe for concurrent use.
type View struct {
	db      *DB
	ctx     context.Context
	line    line
	actor   models.Actor
	locals  map[any]any
	recalls bool // within a transaction that writes
}

// Tx reads and writes within one transaction.
type Tx struct {
	*View
	now    models.Instant
	last   []func(*Tx) error
	undone bool // a rehearsal
	wakes  bool // see Wake
	audits []auditEvent
	met    map[string]bool // in this try and those before; see Meets
	made   map[string]bool // ids
	failed error           // see Fail
}

// Tenant says whose data is seen.
func (v *View) Tenant() models.TenantID { return v.actor.Tenant }

// Context is what the session works within.
func (v *View) Context() context.Context { return v.ctx }

// Subject says who acts.
func (v *View) Subject() string { return v.actor.Subject }

// IsEmbedded reports whether there is one writer at a time, and a statement costs no round trip.
func (v *View) IsEmbedded() bool { return v.db.dialect.embedded }

// Remembers reports whether what is read stays as it is but for what is written here: within a transaction that writes.
func (v *View) Remembers() bool { return v.recalls }

// Local gives the one T that belongs to v, made when it is first asked for: what a room has to remember until a transaction
// ends. A transaction that starts again begins with none.
func Local[T any](v *View) *T {
	var key *T // tells one type from the other
	if found, ok := v.locals[key]; ok {
		return found.(*T)
	}
	if v.locals == nil {
		v.locals = map[any]any{}
	}
	made := new(T)
	v.locals[key] = made
	return made
}

// Now is the transaction's one instant.
func (tx *Tx) Now() models.Instant { return tx.now }

// NewID gives a UUIDv7 made at this moment.
func (tx *Tx) NewID() string {
	id := newID()
	if tx.made == nil {
		tx.made = map[string]bool{}
	}
	tx.made[id] = true
	return id
}

// Made reports whether the transaction itself made an id: nothing that was stored before has it or names it.
func (tx *Tx) Made(id string) bool { return tx.made[id] }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// NewNumber gives a positive number for people's eyes, made of the time and chance; a unique key stands behind it, and the
// transaction runs again in the rare case that it is taken. It needs no counter on which writers would queue.
func (tx *Tx) NewNumber() int64 {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return int64(tx.now)/1_000_000<<22 | int64(binary.BigEndian.Uint32(b[:])>>10)
}

// Fail has the transaction end with err, whatever comes of it: for what is read where no error can be given.
func (tx *Tx) Fail(err error) {
	if tx.failed == nil {
		tx.failed = err
	}
}

// Rehearse makes the transaction one that is rolled back when its function is through, which then counts as done.
func (tx *Tx) Rehearse() { tx.undone = true }

// For gives the same transaction as another tenant's, for the rare work that goes over all tenants.
func (tx *Tx) For(tenant models.TenantID) *Tx {
	actor := models.Actor{Tenant: tenant, Subject: tx.actor.Subject}
	return &Tx{View: &View{db: tx.db, ctx: tx.ctx, line: tx.line, actor: actor}, now: tx.now, met: tx.met}
}

// DB gives the database that is read.
func (v *View) DB() *DB { return v.db }

// Shared gives the one T that belongs to db, made when it is first asked for: what a room keeps for all sessions. It is safe
// for concurrent use where T is.
func Shared[T any](db *DB) *T {
	var key *T // tells one type from the other
	if found, ok := db.shared.Load(key); ok {
		return found.(*T)
	}
	found, _ := db.shared.LoadOrStore(key, new(T))
	return found.(*T)
}

// BeforeCommit has fn run when the transaction's function is through, for what is written once however often it changed.
// Those asked for first run first, and may ask for more.
func (tx *Tx) BeforeCommit(fn func(*Tx) error) { tx.last = append(tx.last, fn) }

// Finish writes what is gathered until the end of a transaction. The store calls it before every commit; a rehearsal calls it
// to see what a commit would have written.
func (tx *Tx) Finish() error {
	for len(tx.last) > 0 {
		next := tx.last[0]
		tx.last = tx.last[1:]
		if err := next(tx); err != nil {
			return err
		}
	}
	return tx.writeAudits()
}
