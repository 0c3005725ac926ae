package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"medbill/models"
)

// The outbox says what changed, for whoever listens, a row for each transaction. It is written with the documents and without a
// number: which of two transactions commits first is not known inside them, and a reader that goes by numbers would pass over
// the one that commits later. The relay numbers what is committed.

const (
	toldMax      = 1000 // changes in one row
	relayEvery   = time.Second
	numberedMax  = 5000 // rows in one transaction
	relaySubject = "outbox relay"
)

// tellChanges writes into the outbox which versions the transaction made, as its audit says them.
func (tx *Tx) tellChanges() error {
	var changes []string
	for _, e := range tx.audits {
		if e.version > 0 && e.typ != auditType { // what is read has no version, and neither have settings and prices
			changes = append(changes, e.change())
		}
	}
	var rows [][]any
	for some := range slices.Chunk(changes, toldMax) {
		rows = append(rows, []any{newID(), int64(tx.now), strings.Join(some, " ")})
	}
	return tx.InsertRows("outbox", "id, at, changes", rows, "")
}

// change names a version in the outbox.
func (e auditEvent) change() string {
	text := e.typ + "/" + e.record + "/" + strconv.FormatInt(e.version, 10)
	if e.action == models.AuditDelete {
		text += "/deleted"
	}
	return text
}

// Relay numbers the committed changes of every tenant in order and without a gap. Several processes may call it at once.
func (db *DB) Relay(ctx context.Context) error {
	tenants, err := ask(ctx, db, func(v *View) ([]models.TenantID, error) {
		return Column[models.TenantID](v, "SELECT DISTINCT tenant_id FROM outbox WHERE sequence IS NULL")
	})
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		if err := db.As(models.Actor{Tenant: tenant, Subject: relaySubject}).number(ctx); err != nil {
			return err
		}
	}
	return nil
}

// number numbers the tenant's changes, some thousands in one transaction, so that writers do not wait long after a great
// import.
func (s *Session) number(ctx context.Context) error {
	for {
		var numbered int64
		err := s.Update(ctx, func(tx *Tx) (err error) {
			numbered, err = numberChanges(tx)
			return err
		})
		if err != nil || numbered < numberedMax {
			return err
		}
	}
}

// lastNumber gives the tenant's last number, none where nothing has one.
const lastNumber = "SELECT sequence FROM outbox WHERE tenant_id = ? AND sequence > 0 ORDER BY sequence DESC LIMIT 1"

// numberChanges goes on after the tenant's last number, in the order of the ids, which is that of their making. Where another
// relay was quicker, one of the two finds a changed row or a taken number and starts again. Each row is written by its key: of a
// statement that numbers many a planner that knows no figures makes a walk over all of them for each.
func numberChanges(tx *Tx) (numbered int64, err error) {
	ids, err := Column[string](tx.View, "SELECT id FROM outbox WHERE tenant_id = ? AND sequence IS NULL ORDER BY id LIMIT ?", tx.Tenant(), numberedMax)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	last, err := Column[int64](tx.View, lastNumber, tx.Tenant())
	if err != nil {
		return 0, err
	}
	next := int64(1)
	if len(last) > 0 {
		next += last[0]
	}
	for i, id := range ids {
		if err := tx.Write("UPDATE outbox SET sequence = ? WHERE tenant_id = ? AND id = ?", next+int64(i), tx.Tenant(), id); err != nil {
			return 0, err
		}
	}
	return int64(len(ids)), nil
}

// relay calls Relay until the context ends.
func (db *DB) relay(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(relayEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := db.Relay(ctx); err != nil && !errors.Is(err, context.Canceled) {
			log.Warn("relay failed", "error", err.Error())
		}
	}
}
