package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"medbill/migrations"
)

const migrationWaitMax = 300 // seconds; one process asks for the lock each second while another migrates

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Migrate brings the schema to this binary's version. Several processes may start at once: on PostgreSQL they wait for each
// other under a session lock, on SQLite the data folder has one owner.
func (db *DB) Migrate(ctx context.Context) error {
	if db.beside {
		return errBeside
	}
	if db.dialect.embedded {
		return errors.Join(
			migrateFolder(ctx, db.write, "sqlite", goose.DialectSQLite3),
			migrateFolder(ctx, db.audit.pool, "sqlite_audit", goose.DialectSQLite3),
		)
	}
	return db.migrating(ctx, func(pool *sql.DB, _ *sql.Conn) error {
		return migrateFolder(ctx, pool, "postgres", goose.DialectPostgres)
	})
}

// migrating changes the schema of PostgreSQL while no other process does, with statements that wait for locks as long as it takes.
func (db *DB) migrating(ctx context.Context, change func(*sql.DB, *sql.Conn) error) error {
	pool := db.patient()
	defer func() { _ = pool.Close() }() // what it did is done
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, migrationWaitMax))
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it only goes back to the pool
	if err := locker.SessionLock(ctx, conn); err != nil {
		return fmt.Errorf("wait for the migration lock: %w", err)
	}
	defer func() { _ = locker.SessionUnlock(context.WithoutCancel(ctx), conn) }()
	return change(pool, conn)
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
