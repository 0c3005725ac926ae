package store

import (
	"context"
	"database/sql"
)

// Codes is where the releases of code systems are asked and written, which belong to no tenant: on SQLite in a file of their own, so
// that loading one holds up nobody who bills.
type Codes interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// ReadCodes runs fn with reads of the releases, each of which sees what is committed.
func (db *DB) ReadCodes(fn func(Codes) error) error { return db.translate(fn(db.codes)) }

// WriteCodes runs fn in one transaction on the releases, and again where it lost a race.
func (db *DB) WriteCodes(ctx context.Context, fn func(Codes) error) error {
	const tries = 5
	var err error
	for range tries {
		if err = db.writeCodes(ctx, fn); err == nil || !db.dialect.isRetryable(err) {
			break
		}
	}
	return db.translate(err)
}

func (db *DB) writeCodes(ctx context.Context, fn func(Codes) error) error {
	var options *sql.TxOptions // SQLite has one writer
	if !db.dialect.embedded {
		// What is looked at first must be what is written over: else a load that began meanwhile takes away what another one just kept.
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead}
	}
	tx, err := db.codes.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback() // it did nothing
		return err
	}
	return tx.Commit()
}
