// Package store is the only room that knows a database: SQLite embedded to start with, PostgreSQL in production, the same
// schema and the same answers. It keeps documents with their search keys, the booked rows, the journal, the audit and the
// job queue, and holds what must never be broken (one tenant's data apart, balanced entries, causes that happen once). It
// decides nothing about billing.
package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"medbill/models"
	"medbill/models/fault"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect dialect
	write   *gorm.DB
	read    *gorm.DB // the same as write on PostgreSQL
	jobs    *jobs
	audit   *auditor
	release []func() error

	statements atomic.Int64
}

// Config says which database to open.
type Config struct {
	// URL is sqlite:///absolute/path/to/file.db or postgres://….
	URL string
	// Connections bounds the pool; 0 means a fitting default.
	Connections int
}

// Open connects and checks the connection; it changes nothing. SQLite takes an exclusive lock on the data folder, so that
// no second process writes the same file.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{}
	var err error
	if path, ok := sqlitePath(c.URL); ok {
		err = db.openSQLite(ctx, path, c.Connections)
	} else {
		err = db.openPostgres(ctx, c.URL, c.Connections)
	}
	if err == nil {
		err = db.prepare()
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// Close ends the audit writer and closes every connection.
func (db *DB) Close() error {
	var errs []error
	for i := len(db.release) - 1; i >= 0; i-- {
		errs = append(errs, db.release[i]())
	}
	db.release = nil
	return errors.Join(errs...)
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	return db.read.WithContext(ctx).Exec("SELECT 1").Error
}

// Tenants gives every tenant, by id.
func (db *DB) Tenants(ctx context.Context) ([]models.TenantID, error) {
	var tenants []models.TenantID
	err := db.read.WithContext(ctx).Model(&models.Settings{}).Order("tenant_id").Pluck("tenant_id", &tenants).Error
	return tenants, translate(err)
}

// IsEmbedded reports whether this process alone owns the database.
func (db *DB) IsEmbedded() bool { return db.dialect.embedded }

// Statements counts the SQL statements sent so far, for the metrics and for tests that hold a bound.
func (db *DB) Statements() int64 { return db.statements.Load() }

// As gives the database as one actor sees it: every read and write below it stays in the actor's tenant.
func (db *DB) As(actor models.Actor) *Session { return &Session{db: db, actor: actor} }

// Session is the database on behalf of one actor.
type Session struct {
	db    *DB
	actor models.Actor
}

// Actor says on whose behalf the session works.
func (s *Session) Actor() models.Actor { return s.actor }

// View runs fn with reads only. Each read is consistent in itself.
func (s *Session) View(ctx context.Context, fn func(*View) error) error {
	return translate(fn(&View{db: s.db, conn: s.db.read.WithContext(ctx), actor: s.actor}))
}

// Snapshot runs fn with reads that all see the same moment, for long comparisons.
func (s *Session) Snapshot(ctx context.Context, fn func(*View) error) error {
	return translate(s.db.read.WithContext(ctx).Transaction(func(conn *gorm.DB) error {
		return fn(&View{db: s.db, conn: conn, actor: s.actor})
	}, s.db.dialect.snapshot))
}

const (
	updateTries    = 12
	duplicateTries = 4 // a key that stays taken is a conflict, not a race
	retryWaitBase  = 2 * time.Millisecond
	retryWaitMax   = 250 * time.Millisecond
)

// Update runs fn in one transaction that is committed when fn gives nil. Where another transaction came in between, fn runs
// again from the start, so nothing outside the database may be called in it. After the last try it gives Busy, or Conflict
// where a unique key stands in the way for good.
func (s *Session) Update(ctx context.Context, fn func(*Tx) error) error {
	var err error
	for try := range updateTries {
		if err = s.once(ctx, fn); err == nil {
			return nil
		}
		if !s.db.dialect.isRetryable(err) {
			return translate(err)
		}
		if try >= duplicateTries && s.db.dialect.isDuplicate(err) {
			break
		}
		wait := min(retryWaitBase<<try, retryWaitMax)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait/2 + time.Duration(mathrand.Int64N(int64(wait)))):
		}
	}
	if s.db.dialect.isDuplicate(err) {
		return &fault.Fault{Kind: fault.Conflict, Issues: []fault.Issue{{Code: "conflict", Text: "A record with the same key was written first; read it and try again."}}, Err: plain(err)}
	}
	return &fault.Fault{Kind: fault.Busy, Issues: []fault.Issue{{Code: "transient", Text: "Too many writers want the same record; try again."}}, Err: plain(err)}
}

func (s *Session) once(ctx context.Context, fn func(*Tx) error) error {
	conn := s.db.write.WithContext(ctx).Begin(s.db.dialect.transaction)
	if conn.Error != nil {
		return conn.Error
	}
	done := false
	defer func() {
		if !done {
			conn.Rollback()
		}
	}()
	tx := &Tx{View: View{db: s.db, conn: conn, actor: s.actor}, now: models.InstantOf(time.Now())}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.finish(); err != nil {
		return err
	}
	done = true
	return conn.Commit().Error
}

// View reads. It is not safe for concurrent use.
type View struct {
	db    *DB
	conn  *gorm.DB
	actor models.Actor
}

// Tx reads and writes within one transaction.
type Tx struct {
	View
	now    models.Instant
	audits []auditEvent
}

// Tenant says whose data is seen.
func (v *View) Tenant() models.TenantID { return v.actor.Tenant }

// Subject says who acts.
func (v *View) Subject() string { return v.actor.Subject }

// Now is the transaction's one instant.
func (tx *Tx) Now() models.Instant { return tx.now }

// NewID gives a UUIDv7 made at this moment.
func (tx *Tx) NewID() string { return newID() }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// NewNumber gives a positive number for people's eyes, made of the time and chance; a unique key stands behind it, and the
// transaction runs again in the rare case that it is taken. It needs no counter on which writers would queue.
func (tx *Tx) NewNumber() int64 {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return int64(tx.now)/1_000_000<<22 | int64(binary.BigEndian.Uint32(b[:])>>10)
}

// finish writes what is gathered until the end of a transaction.
func (tx *Tx) finish() error {
	return tx.writeAudits()
}

// translate keeps faults and hides a driver's own words, which quote key values.
func translate(err error) error {
	var f *fault.Fault
	if err == nil || errors.As(err, &f) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return plain(err)
}

// plain gives err without the values a driver may quote.
func plain(err error) error { return fmt.Errorf("database: %s", codeOf(err)) }
