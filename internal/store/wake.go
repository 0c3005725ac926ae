package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"medbill/models"
)

var errPanicked = errors.New("the step panicked")

// Wake has those who work look for steps of the tenant once the transaction is committed. It costs no statement: a process that
// works tells itself, another one tells the others a moment later, and who was not told looks by itself soon.
func (tx *Tx) Wake() { tx.wakes = true }

// wake tells who works that a tenant has steps to be done.
func (db *DB) wake(tenant models.TenantID) {
	if r := db.rota.Load(); r != nil {
		r.wake(tenant)
		return
	}
	if !db.dialect.embedded {
		db.announced.once(tenant, func() { _ = db.announce(tenant) })
	}
}

const (
	wakeChannel   = "medbill_due"
	announceAfter = 5 * time.Millisecond // many transactions are one announcement
	announceMax   = time.Second
	listenAgain   = time.Second
)

// announce tells the other processes. It writes nothing, so it does not matter where it fails.
func (db *DB) announce(tenant models.TenantID) error {
	ctx, cancel := context.WithTimeout(context.Background(), announceMax)
	defer cancel()
	_, err := db.write.ExecContext(ctx, "SELECT pg_notify($1, $2)", wakeChannel, string(tenant))
	return err
}

// announced are the tenants that are about to be announced.
type announced struct {
	mutex   sync.Mutex
	tenants map[models.TenantID]bool
}

func (a *announced) once(tenant models.TenantID, announce func()) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.tenants[tenant] {
		return
	}
	if a.tenants == nil {
		a.tenants = map[models.TenantID]bool{}
	}
	a.tenants[tenant] = true
	time.AfterFunc(announceAfter, func() {
		a.mutex.Lock()
		delete(a.tenants, tenant)
		a.mutex.Unlock()
		announce()
	})
}

// listen hears what other processes announce, on a connection of its own, until ctx ends.
func (db *DB) listen(ctx context.Context, heard func(models.TenantID)) {
	if db.listening == nil {
		return
	}
	for ctx.Err() == nil {
		_ = db.hear(ctx, heard) // what is not heard is found by looking
		select {
		case <-ctx.Done():
		case <-time.After(listenAgain):
		}
	}
}

func (db *DB) hear(ctx context.Context, heard func(models.TenantID)) error {
	conn, err := pgx.ConnectConfig(ctx, db.listening.Copy())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN "+wakeChannel); err != nil {
		return err
	}
	for {
		notification, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		heard(models.TenantID(notification.Payload))
	}
}
