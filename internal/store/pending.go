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
	if !db.dialect.embedded {
		pending, err := isPending(ctx, db.read, "postgres", goose.DialectPostgres)
		return pending, db.translate(err)
	}
	for _, f := range db.files {
		if pending, err := isPending(ctx, f.pool, f.migrations, goose.DialectSQLite3); pending || err != nil {
			return pending, db.translate(err)
		}
	}
	return false, nil
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
