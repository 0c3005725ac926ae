package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"medbill/migrations"
)

const (
	migrationWaitMax  = 5 * time.Minute
	migrationAskEvery = time.Second
)

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Migrate brings the schema to this binary's version. Several processes may start at once: on PostgreSQL they wait for each
// other, on SQLite the data folder has one owner.
func (db *DB) Migrate(ctx context.Context) error {
	if db.beside {
		return errBeside
	}
	if db.dialect.embedded {
		for _, f := range db.files {
			if err := migrateFolder(ctx, f.pool, f.migrations, goose.DialectSQLite3); err != nil {
				return err
			}
		}
		return nil
	}
	err := db.migrating(ctx, func(pool *sql.DB) error {
		return migrateFolder(ctx, pool, "postgres", goose.DialectPostgres)
	})
	if err != nil || db.replica == nil {
		return err
	}
	return db.replica.atLeastNow(ctx)
}

// migrating changes the schema of PostgreSQL while no other process does, with statements that wait for locks as long as it takes.
func (db *DB) migrating(ctx context.Context, change func(*sql.DB) error) error {
	pool := db.patient()
	defer func() { _ = pool.Close() }() // what it did is done
	unlock, err := lockMigrations(ctx, pool)
	if err != nil {
		return fmt.Errorf("wait for the migration lock: %w", err)
	}
	defer unlock()
	return change(pool)
}

// lockMigrations waits until no other process migrates. The lock is a transaction's, because a pooler keeps none of a session; it
// is asked for again and again, because who waits in the database keeps a connection of the pooler's that the other one may need.
func lockMigrations(ctx context.Context, pool *sql.DB) (unlock func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, migrationWaitMax)
	defer cancel()
	for {
		tx, err := pool.BeginTx(context.WithoutCancel(ctx), nil) // with ctx the lock would end
		if err != nil {
			return nil, err
		}
		locked := false
		_, err = tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0")
		if err == nil {
			err = tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", lock.DefaultLockID).Scan(&locked)
		}
		if locked {
			return func() { _ = tx.Rollback() }, nil
		}
		_ = tx.Rollback() // it wrote nothing
		if err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(migrationAskEvery):
		}
	}
}

// errBeside is a caller's bug: only the owner of a file migrates it and works its jobs.
var errBeside = errors.New("the database was opened beside its owner")

// HasSchema reports whether the database was ever migrated.
func (db *DB) HasSchema(ctx context.Context) (bool, error) {
	query := "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'tenants'"
	if db.dialect.embedded {
		query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'tenants'"
	}
	n, err := db.count(ctx, query)
	return n > 0, err
}

func migrateFolder(ctx context.Context, pool *sql.DB, folder string, dialect goose.Dialect) error {
	files, err := fs.Sub(migrations.Files(), folder)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(dialect, pool, files, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	version, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := keepFingerprints(ctx, pool, folder, version); err != nil {
		return err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, r := range results {
		slog.Info("migrated", "folder", folder, "version", r.Source.Version, "duration", r.Duration)
	}
	return nil
}
