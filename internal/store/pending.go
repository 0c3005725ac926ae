package store

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/pressly/goose/v3"

	"medbill/migrations"
)

// IsMigrationPending reports whether Migrate has something to do: the schema is older than this binary.
func (db *DB) IsMigrationPending(ctx context.Context) (bool, error) {
	pool := db.read
	if !db.dialect.embedded {
		pending, err := isPending(ctx, pool, "postgres", goose.DialectPostgres)
		return pending, db.translate(err)
	}
	pending, err := isPending(ctx, pool, "sqlite", goose.DialectSQLite3)
	if err == nil && !pending {
		pending, err = isPending(ctx, db.audit.pool, "sqlite_audit", goose.DialectSQLite3)
	}
	return pending, db.translate(err)
}

func isPending(ctx context.Context, pool *sql.DB, folder string, dialect goose.Dialect) (bool, error) {
	files, err := fs.Sub(migrations.Files(), folder)
	if err != nil {
		return false, err
	}
	provider, err := goose.NewProvider(dialect, pool, files, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return false, err
	}
	return provider.HasPending(ctx)
}
