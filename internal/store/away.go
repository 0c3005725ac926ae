package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"medbill/internal/clock"
	"medbill/models/fault"
)

// A database is away when it is not there or cannot write for now: it starts again, another server takes its place, its disk is
// full. Nothing is wrong with what was asked, so it is Busy, and who asks again finds it done once the database is back.

// awayCodes are what PostgreSQL says then: the beginnings of its SQLSTATEs.
// https://www.postgresql.org/docs/15/errcodes-appendix.html
var awayCodes = []string{
	"08",                      // the connection broke off
	"53",                      // no disk space, memory or connection is left
	"57P01", "57P02", "57P03", // it is shut down, crashed, or starts
	"25006", // it only reads: another one writes since a failover
	"58030", // its files fail
}

// awayResults are what SQLite says then. https://www.sqlite.org/rescode.html
var awayResults = []int{
	sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY,
	sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
}

func (d dialect) isAway(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	if d.embedded {
		result, ok := resultOf(err)
		return ok && slices.Contains(awayResults, result)
	}
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.As(err, &connect):
		return true
	case errors.As(err, &pg):
		return slices.ContainsFunc(awayCodes, func(code string) bool { return strings.HasPrefix(pg.Code, code) })
	case isEnd(err):
		return false
	}
	return errors.As(err, &network) || slices.ContainsFunc(brokenOff, func(end error) bool { return errors.Is(err, end) })
}

// brokenOff are what the driver gives of a connection that ended by itself.
var brokenOff = []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, pgconn.ErrConnClosed}

// resultOf gives SQLite's primary result code; false where the error is none of SQLite's.
func resultOf(err error) (int, bool) {
	var lite *sqlite.Error
	if !errors.As(err, &lite) {
		return 0, false
	}
	return lite.Code() & 0xff, true
}

// isEnd reports whether whoever asked does not wait any more.
func isEnd(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// inDoubt is a commit whose answer did not come: PostgreSQL may have it or not, and so may a SQLite file that fails. To run
// the function again could do a thing twice that has no cause, key or condition, so it is the caller's to ask again: under its
// key or condition it then finds what was done, and a step finds its cause in the books.
type inDoubt struct{ error }

// undone is what a transaction ended with whose commit was not reached: nothing of it is kept.
type undone struct{ error }

// Unwrap gives what was wrong.
func (e undone) Unwrap() error { return e.error }

// Unwrap gives what the database or its connection said.
func (e inDoubt) Unwrap() error { return e.error }

// isInDoubt reports whether a commit that gave err may have been done. SQLite takes back what it could not write, apart from a
// file that fails while it is synced.
func (d dialect) isInDoubt(err error) bool {
	if _, ok := errors.AsType[undone](err); ok {
		return false
	}
	if result, ok := resultOf(err); ok {
		return result == sqlite3.SQLITE_IOERR
	}
	return d.isAway(err)
}

const (
	textAway    = "The database does not answer or cannot write at the moment; try again."
	textInDoubt = "The database went away while this was kept, so it may be done or not; look before you send it again, " +
		"or send it again under its Idempotency-Key."
)

// translate keeps faults, makes Busy of what a database that is away gives, and hides a driver's own words, which quote key
// values. Every error that leaves the store comes through here.
func (db *DB) translate(err error) error {
	var f *fault.Fault
	switch {
	case err == nil || errors.As(err, &f):
		return err
	case db.dialect.isAway(err):
		db.refusals.note("database away", err)
		text := textAway
		if _, ok := errors.AsType[inDoubt](err); ok {
			text = textInDoubt
		}
		return &fault.Fault{Kind: fault.Busy, Issues: []fault.Issue{{Code: "transient", Text: text}}, Err: plain(err)}
	case isEnd(err):
		return err
	}
	return plain(err)
}

// refusals tell the log of what is refused for the database's sake, now and then.
type refusals struct {
	mutex sync.Mutex
	count int
	told  time.Time
}

const refusalsEvery = 10 * time.Second // one line of the log, however many are refused

func (r *refusals) note(message string, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.count++
	if now := clock.System().Now(); now.Sub(r.told) >= refusalsEvery {
		slog.Warn(message, "error", codeOf(err), "refused", r.count)
		r.count, r.told = 0, now
	}
}

// health is whether what was last written to a pool was kept.
type health struct {
	pool *sql.DB
	ill  atomic.Bool
}

func (h *health) note(err error) { // the same again costs no write to shared memory
	if ill := err != nil; h.ill.Load() != ill {
		h.ill.Store(ill)
	}
}

// check gives nil where the last write was kept or the probe is: nobody may write while the process is said not to be ready.
func (h *health) check(ctx context.Context, probe string) error {
	if !h.ill.Load() {
		return nil
	}
	_, err := h.pool.ExecContext(ctx, probe)
	h.note(err)
	return err
}

// Ping reports whether the database answers and writes (else Busy).
func (db *DB) Ping(ctx context.Context) error {
	_, err := db.read.ExecContext(ctx, "SELECT 1")
	for _, h := range []*health{&db.writes, &db.audit.health} {
		if err == nil {
			err = h.check(ctx, db.dialect.probe)
		}
	}
	return db.translate(err)
}
