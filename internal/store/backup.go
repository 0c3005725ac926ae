package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"medbill/models/fault"
)

// BackUp copies the embedded database into a folder, which it makes: the file of the books as it is at one moment, and after it those
// beside it. A server may work on it meanwhile. It refuses a folder that has such a file, and PostgreSQL, which has pg_dump.
func (db *DB) BackUp(ctx context.Context, dir string) error {
	if !db.dialect.embedded {
		return fault.New(fault.Unsupported, "backup", "Only the embedded database is copied by medbill; back up PostgreSQL with pg_dump.")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	copies := make([]string, len(db.files))
	for i, f := range db.files {
		copies[i] = filepath.Join(dir, "medbill"+strings.ReplaceAll(strings.TrimPrefix(f.migrations, "sqlite"), "_", "-")+".db")
		if _, err := os.Stat(copies[i]); err == nil {
			return fault.New(fault.Conflict, "backup", "The folder has a database already; name an empty one.")
		}
	}
	for i, f := range db.files {
		// https://sqlite.org/lang_vacuum.html#vacuuminto: it reads one moment and lets others write.
		if _, err := f.pool.ExecContext(ctx, "VACUUM INTO ?", copies[i]); err != nil {
			return db.translate(err)
		}
		if err := errors.Join(os.Chmod(copies[i], 0o600), settled(copies[i])); err != nil {
			return err
		}
	}
	return settled(dir)
}

// settled waits until a file or a folder is on the disk.
func settled(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
