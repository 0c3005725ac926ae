package store

import (
	"context"
	"database/sql"
	"time"

	"medbill/models"
)

const (
	pruneEvery = time.Hour
	prunedMax  = 5000 // rows in one statement, so that writers do not wait long
)

// passing are rows that are kept for a time only: by which columns one is named, and which have served.
type passing struct {
	table, key, served string
	kept               time.Duration
}

// passings are what passes. Of the outbox each tenant's last number stays, after which the next one comes; a used key is kept
// for as long as a client may send its call again.
var passings = []passing{
	{"outbox", "tenant_id, id", "at < ? AND EXISTS (SELECT 1 FROM outbox AS later WHERE later.tenant_id = outbox.tenant_id AND later.sequence > outbox.sequence)", 7 * 24 * time.Hour},
	{"idempotency_keys", "tenant_id, caller, key, entry", "created < ?", 24 * time.Hour},
}

// prune takes away in every tenant what has served, once in a while.
func (db *DB) prune(ctx context.Context) error {
	now := db.clock.Now()
	if last := db.pruned.Load(); last != 0 && now.Sub(time.UnixMicro(last)) < pruneEvery {
		return nil
	}
	for _, p := range passings {
		if err := p.prune(ctx, db.write, db.dialect, now); err != nil {
			return db.translate(err)
		}
	}
	db.pruned.Store(now.UnixMicro())
	return nil
}

func (p passing) prune(ctx context.Context, pool *sql.DB, d dialect, now time.Time) error {
	query, args := d.bind("DELETE FROM "+p.table+" WHERE ("+p.key+") IN (SELECT "+p.key+" FROM "+p.table+" WHERE "+p.served+" LIMIT ?)",
		[]any{models.InstantOf(now.Add(-p.kept)), prunedMax})
	for {
		result, err := pool.ExecContext(ctx, query, args...)
		if err != nil {
			return err
		}
		if gone, err := result.RowsAffected(); err != nil || gone < prunedMax {
			return err
		}
	}
}
