package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"medbill/migrations"
)

// A version number alone does not say which text a schema was made from. So each database keeps the digest of every
// migration beside it, and one that was made from another text is refused before anything reads it wrongly.

const makeFingerprints = "CREATE TABLE IF NOT EXISTS migration_files (file TEXT PRIMARY KEY, digest TEXT NOT NULL)"

var errOtherText = errors.New("the database was made by another version of medbill, which this one cannot read; start with an empty data folder or an empty database")

// isOfThisText refuses a database that another text of a migration made. An empty one passes.
func (db *DB) isOfThisText(ctx context.Context) error {
	if !db.dialect.embedded {
		return compareFingerprints(ctx, db.read, "postgres", "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = ")
	}
	const tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = "
	for _, f := range db.files {
		if err := compareFingerprints(ctx, f.pool, f.migrations, tables); err != nil {
			return err
		}
	}
	return nil
}

// compareFingerprints holds what was applied to a database against the files of folder; tables asks whether it has a table.
// Another process may be migrating: it makes the migrator's table first, then the fingerprints, and only then a version.
func compareFingerprints(ctx context.Context, pool *sql.DB, folder, tables string) error {
	var migrated, fingerprinted int
	err := pool.QueryRowContext(ctx, tables+"'goose_db_version'").Scan(&migrated)
	if err == nil && migrated > 0 {
		err = pool.QueryRowContext(ctx, "SELECT count(*) FROM goose_db_version WHERE version_id > 0").Scan(&migrated)
	}
	if err == nil {
		err = pool.QueryRowContext(ctx, tables+"'migration_files'").Scan(&fingerprinted)
	}
	switch {
	case err != nil:
		return fmt.Errorf("read the schema: %s", codeOf(err))
	case migrated == 0:
		return nil
	case fingerprinted == 0:
		return errOtherText
	}
	files, err := digests(folder)
	if err != nil {
		return err
	}
	rows, err := pool.QueryContext(ctx, "SELECT file, digest FROM migration_files")
	if err != nil {
		return fmt.Errorf("read the fingerprints: %s", codeOf(err))
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	for rows.Next() {
		var file, digest string
		if err := rows.Scan(&file, &digest); err != nil {
			return err
		}
		if now, ok := files[file]; ok && now != digest {
			return errOtherText
		}
	}
	return rows.Err()
}

// keepFingerprints writes the digests of the files that come after the version the database stands at, before they are
// applied: a migration that stops half way leaves its table behind for the one that goes on.
func keepFingerprints(ctx context.Context, pool *sql.DB, folder string, version int64) error {
	if _, err := pool.ExecContext(ctx, makeFingerprints); err != nil {
		return fmt.Errorf("keep the fingerprints: %s", codeOf(err))
	}
	files, err := digests(folder)
	if err != nil {
		return err
	}
	for file, digest := range files {
		if numberOf(file) <= version {
			continue
		}
		_, err := pool.ExecContext(ctx, "INSERT INTO migration_files (file, digest) VALUES ($1, $2) ON CONFLICT (file) DO UPDATE SET digest = excluded.digest", file, digest)
		if err != nil {
			return fmt.Errorf("keep the fingerprints: %s", codeOf(err))
		}
	}
	return nil
}

// digests gives the digest of each migration in a folder, by the name of its file.
func digests(folder string) (map[string]string, error) {
	entries, err := fs.ReadDir(migrations.Files(), folder)
	if err != nil {
		return nil, err
	}
	found := make(map[string]string, len(entries))
	for _, e := range entries {
		text, err := fs.ReadFile(migrations.Files(), folder+"/"+e.Name())
		if err != nil {
			return nil, err
		}
		found[e.Name()] = Digest(text)
	}
	return found, nil
}

// numberOf gives the version in a migration's name, 00001_spine.sql.
func numberOf(file string) int64 {
	number, _, _ := strings.Cut(file, "_")
	n, _ := strconv.ParseInt(number, 10, 64) // the migrator refuses a file without one
	return n
}
