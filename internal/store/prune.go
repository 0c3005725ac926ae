package store

import (
	"context"
	"log/slog"
	"time"

	"medbill/models"
)

const (
	pruneLook  = time.Minute
	pruneEvery = time.Hour
	prunedMax  = 5000 // rows in one transaction, so that writers do not wait long
	keysKept   = 24 * time.Hour
	day        = 24 * time.Hour
)

// Keep says for how many days what only tells of the past is kept; 0 is for good.
type Keep struct{ AuditDays, OutboxDays int }

// Pruned is how many rows were taken away.
type Pruned struct{ Audit, Outbox, Keys int64 }

// pruning is the chore that prunes soon after the start and then once in a while, and tells what it took away.
func (db *DB) pruning(keep Keep, log *slog.Logger) Chore {
	var last time.Time
	return Chore{"prune", pruneLook, func(ctx context.Context) error {
		now := db.clock.Now()
		if !last.IsZero() && now.Sub(last) < pruneEvery {
			return nil
		}
		gone, err := db.Prune(ctx, keep)
		if gone != (Pruned{}) {
			log.Info("pruned", "audit", gone.Audit, "outbox", gone.Outbox, "keys", gone.Keys)
		}
		if err == nil {
			last = now
		}
		return err
	}}
}

// Prune takes away in every tenant what has served its time, some thousands of rows in a transaction: used keys after a day, for which
// a client may send its call again, and what keep says. Of the outbox each tenant's last number stays, after which the next one
// comes. What goes of the audit is told in the audit itself. Several processes may call it at once.
func (db *DB) Prune(ctx context.Context, keep Keep) (gone Pruned, err error) {
	now := db.clock.Now()
	gone.Keys, err = db.pruneKeys(ctx, models.InstantOf(now.Add(-keysKept)))
	if keep.OutboxDays > 0 && err == nil {
		before := models.InstantOf(now.AddDate(0, 0, -keep.OutboxDays))
		gone.Outbox, err = db.pruneTenants(ctx, changes, before, func(tx *Tx, o old) (int64, error) {
			last, err := Column[int64](tx.View, lastNumber, tx.Tenant())
			if err != nil || len(last) == 0 {
				return 0, err
			}
			return tx.Exec(o.prune+" AND sequence < ?", append(o.args, last[0])...)
		})
	}
	if keep.AuditDays > 0 && err == nil {
		// By whole days, so that the audit tells of it once a day.
		before := models.InstantOf(now.AddDate(0, 0, -keep.AuditDays).Truncate(day))
		gone.Audit, err = db.pruneTenants(ctx, audits, before, func(tx *Tx, o old) (int64, error) {
			o.tell(tx)
			return tx.Exec(o.prune, o.args...)
		})
		if err == nil && db.dialect.embedded {
			var reads int64
			reads, err = db.pruneReads(ctx, before)
			gone.Audit += reads
		}
	}
	return gone, err
}

// pruneKeys goes over all tenants at once, down the index of when keys were used.
func (db *DB) pruneKeys(ctx context.Context, before models.Instant) (gone int64, err error) {
	for {
		until, err := db.count(ctx, "SELECT coalesce(max(created), 0) FROM (SELECT created FROM idempotency_keys WHERE created < ? ORDER BY created LIMIT ?) AS first",
			before, prunedMax)
		if err != nil || until == 0 {
			return gone, err
		}
		query, args := db.dialect.bind("DELETE FROM idempotency_keys WHERE created <= ?", []any{until})
		result, err := db.write.ExecContext(ctx, query, args...)
		if err != nil {
			return gone, db.translate(err)
		}
		part, err := result.RowsAffected()
		if err != nil {
			return gone, err
		}
		gone += part
	}
}

// pruneTenants has take called for each tenant's old rows, the oldest first, until it takes none away.
func (db *DB) pruneTenants(ctx context.Context, c chronicle, before models.Instant, take func(*Tx, old) (int64, error)) (gone int64, err error) {
	tenants, err := ask(ctx, db, func(v *View) ([]models.TenantID, error) { return tenantsIn(v, c) })
	for _, tenant := range tenants {
		for part := int64(1); part > 0 && err == nil; {
			err = db.As(retention(tenant)).Update(ctx, func(tx *Tx) error {
				part = 0
				o, err := oldOf(tx.View, c, before)
				if err == nil && o.rows > 0 {
					part, err = take(tx, o)
				}
				return err
			})
			if err == nil {
				gone += part
			}
		}
	}
	return gone, err
}

// pruneReads prunes the file in which SQLite keeps the audit of reads. The books tell of it before it is done.
func (db *DB) pruneReads(ctx context.Context, before models.Instant) (gone int64, err error) {
	var tenants []models.TenantID
	err = db.As(retention("")).AuditFile(ctx, func(v *View) (err error) {
		tenants, err = tenantsIn(v, audits)
		return err
	})
	for _, tenant := range tenants {
		s := db.As(retention(tenant))
		for part := int64(1); part > 0 && err == nil; {
			part = 0
			err = s.AuditFile(ctx, func(v *View) error {
				o, err := oldOf(v, audits, before)
				if err != nil || o.rows == 0 {
					return err
				}
				if err := s.Update(ctx, func(tx *Tx) error { o.tell(tx); return nil }); err != nil {
					return err
				}
				part, err = v.line.exec(ctx, o.prune, o.args)
				return err
			})
			gone += part
		}
	}
	return gone, err
}

// chronicle is a table that only tells of the past, with the order in which its rows come to be, before whose first is start.
type chronicle struct {
	table, order string
	start        any
}

var (
	audits  = chronicle{"audit_events", "id", ""}
	changes = chronicle{"outbox", "sequence", 0}
)

// retention is who prunes, in the audit too.
func retention(tenant models.TenantID) models.Actor {
	return models.Actor{Tenant: tenant, Subject: "retention"}
}

// tenantsIn gives the tenants that have rows of it, whether anybody made them or not, by one look down its key for each.
func tenantsIn(v *View, c chronicle) (tenants []models.TenantID, err error) {
	for next := []models.TenantID{""}; len(next) > 0 && err == nil; tenants = append(tenants, next...) {
		next, err = Column[models.TenantID](v, "SELECT tenant_id FROM "+c.table+" WHERE tenant_id > ? ORDER BY tenant_id LIMIT 1", next[0])
	}
	return tenants, err
}

// old are the rows of a tenant that are to go first, and how they go.
type old struct {
	rows        int64
	from, until models.Instant
	prune       string
	args        []any
}

// oldOf looks at the tenant's first rows. So it costs the same however much is kept; a row that another machine's clock put before
// older ones goes when its own time is over.
func oldOf(v *View, c chronicle, before models.Instant) (o old, err error) {
	var last any
	err = v.Rows(func(row Row) error { return row.Scan(&o.rows, &o.from, &o.until, &last) },
		"SELECT count(*), coalesce(min(at), 0), coalesce(max(at), 0), max(place) FROM (SELECT "+c.order+" AS place, at FROM "+c.table+
			" WHERE tenant_id = ? AND "+c.order+" > ? ORDER BY "+c.order+" LIMIT ?) AS first WHERE at < ?", v.Tenant(), c.start, prunedMax, before)
	o.prune = "DELETE FROM " + c.table + " WHERE tenant_id = ? AND " + c.order + " <= ? AND at < ?"
	o.args = []any{v.Tenant(), last, before}
	return o, err
}

// auditType names entries of the audit in the audit.
const auditType = "AuditEvent"

// tell notes in the audit which span of it goes, as an interval of ISO 8601, and how many entries.
func (o old) tell(tx *Tx) {
	tx.Audit(models.AuditDelete, auditType, o.from.String()+"/"+o.until.String(), o.rows)
}
