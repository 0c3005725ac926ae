package store

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"medbill/models"
)

// The outbox says what changed, for whoever listens. Its rows are written with the documents and without a number: which of
// two transactions commits first is not known inside them, and a reader that goes by numbers would pass over the one that
// commits later. The relay numbers what is committed.

const (
	relayEvery   = time.Second
	numberedMax  = 5000 // changes in one transaction
	relaySubject = "outbox relay"
)

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

// numberChanges goes on after the tenant's last number, in the order of the ids, which is that of their making. Where another
// relay was quicker, one of the two finds a changed row or a taken number and starts again.
func numberChanges(tx *Tx) (int64, error) {
	return tx.Exec("UPDATE outbox SET sequence = n.sequence FROM ("+
		"SELECT id, row_number() OVER (ORDER BY id) + (SELECT coalesce(max(sequence), 0) FROM outbox WHERE tenant_id = ?) AS sequence"+
		" FROM outbox WHERE tenant_id = ? AND sequence IS NULL ORDER BY id LIMIT ?) AS n WHERE outbox.tenant_id = ? AND outbox.id = n.id",
		tx.Tenant(), tx.Tenant(), numberedMax, tx.Tenant())
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
