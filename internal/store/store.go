// Package store is the engine under everything that is kept: SQLite embedded to start with, PostgreSQL in production, the
// same schema and the same answers. It opens the database, runs transactions and repeats those that lost a race, keeps one
// tenant's data apart, and holds the audit and the outbox, and has the steps done that are due. What is about data stands in its rooms, whose
// functions work on its View and Tx: documents, books, journal. It decides nothing about billing.
package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"medbill/internal/clock"
	"medbill/internal/turns"
	"medbill/models"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect dialect
	engine  engine
	orm     *gorm.DB // knows the rows of the books, and sends nothing
	write   *sql.DB
	read    *sql.DB // the same as write on PostgreSQL
	clock   clock.Clock
	twice   bool
	audit   *auditor
	codes   *sql.DB      // where the releases of code systems and edits lie
	files   []sqliteFile // those of SQLite, the books first; none on PostgreSQL
	release []func() error
	replica *replica       // what views read; nil where there is none
	patient func() *sql.DB // opens a pool that waits for locks as long as it takes; nil where there is one writer
	beside  bool           // another process may own the file

	rota      atomic.Pointer[rota] // of those who work here; nil where nobody does
	announced announced
	listening *pgx.ConnConfig // of those who work; nil where there is one process, or a pooler that keeps no session

	writes   health
	refusals refusals
	meetings meetings

	readTurns, writeTurns *turns.Turns
	moment                sync.Mutex // held by the one Moment

	readTimeout time.Duration

	statements atomic.Int64
	trips      atomic.Int64
	shared     sync.Map // of Shared
}

// Config says which database to open.
type Config struct {
	// URL is sqlite:///absolute/path/to/file.db or postgres://….
	URL string
	// Connections bounds the pool; 0 means a fitting default.
	Connections int
	// Pooled says that the URL leads to PostgreSQL through a pooler that gives a connection for each transaction.
	Pooled bool
	// ReadURL is a streaming replica of PostgreSQL, at which views read; "" is none.
	ReadURL string
	// Beside opens a SQLite file that another process may be serving: the folder is not locked, and the file must be there
	// (fs.ErrNotExist). Such a process works no jobs and migrates nothing. PostgreSQL is always shared.
	Beside bool
	// Clock tells when something happened: the instant of a transaction and of an audit event. The zero Clock is the system's.
	Clock clock.Clock
	// TestTwice is for tests: Update runs every function twice, the first run rolled back, so that one which changes its
	// input or the world shows.
	TestTwice bool
	// TestTold is for tests: it is told the text of every statement that is sent, from several goroutines at once.
	TestTold func(query string)
}

// Open connects and checks the connection; it changes nothing. SQLite takes an exclusive lock on the data folder, so that
// no second process serves the same file. A database that another text of this binary's migrations made is refused.
func Open(ctx context.Context, c Config) (*DB, error) {
	db := &DB{clock: c.Clock, twice: c.TestTwice, readTimeout: ReadTimeout}
	var err error
	if path, ok := sqlitePath(c.URL); ok {
		err = db.openSQLite(ctx, path, c)
	} else {
		err = db.openPostgres(ctx, c)
	}
	if err == nil {
		err = db.isOfThisText(ctx)
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

// Tenants gives every tenant, by id.
func (db *DB) Tenants(ctx context.Context) ([]models.TenantID, error) {
	return ask(ctx, db, func(v *View) ([]models.TenantID, error) {
		return Column[models.TenantID](v, "SELECT tenant_id FROM tenants ORDER BY tenant_id")
	})
}

// IsEmbedded reports whether this process alone owns the database.
func (db *DB) IsEmbedded() bool { return db.dialect.embedded }

// Statements counts the SQL statements sent so far for sessions, for the metrics and for tests that hold a bound.
func (db *DB) Statements() int64 { return db.statements.Load() }

// Trips counts how often sessions waited for an answer of PostgreSQL so far; an embedded database is not waited for.
func (db *DB) Trips() int64 { return db.trips.Load() }

// Now is this moment by the database's clock.
func (db *DB) Now() models.Instant { return models.InstantOf(db.clock.Now()) }

// Digest is what is kept of a body beside it, so that a change by hand is found.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// ask gives what a question over all tenants is answered with, for what looks after the database; it takes no turn.
func ask[T any](ctx context.Context, db *DB, question func(*View) (T, error)) (T, error) {
	line := db.engine.read()
	defer line.leave()
	answer, err := question(&View{db: db, ctx: ctx, line: line, actor: models.Actor{Subject: relaySubject}})
	return answer, db.translate(err)
}

// count asks for one number.
func (db *DB) count(ctx context.Context, query string, args ...any) (int64, error) {
	return ask(ctx, db, func(v *View) (int64, error) {
		found, err := Column[int64](v, query, args...)
		if err != nil || len(found) == 0 {
			return 0, err
		}
		return found[0], nil
	})
}
