package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"medbill/models/fault"
)

// BackUp copies the embedded database as it is at one moment into a folder, which it makes, and after that the file of the read
// audit. A server may work on it meanwhile. It refuses a folder that has such a file, and PostgreSQL, which has pg_dump.
func (db *DB) BackUp(ctx context.Context, dir string) error {
	if !db.dialect.embedded {
		return fault.New(fault.Unsupported, "backup", "Only the embedded database is copied by medbill; back up PostgreSQL with pg_dump.")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	main, reads := filepath.Join(dir, "medbill.db"), filepath.Join(dir, "medbill-audit.db")
	for _, file := range []string{main, reads} {
		if _, err := os.Stat(file); err == nil {
			return fault.New(fault.Conflict, "backup", "The folder has a database already; name an empty one.")
		}
	}
	// https://sqlite.org/lang_vacuum.html#vacuuminto: it reads one moment and lets others write.
	_, err := db.write.ExecContext(ctx, "VACUUM INTO ?", main)
	if err == nil {
		_, err = db.audit.pool.ExecContext(ctx, "VACUUM INTO ?", reads)
	}
	if err != nil {
		return db.translate(err)
	}
	return errors.Join(os.Chmod(main, 0o600), os.Chmod(reads, 0o600), settled(main), settled(reads), settled(dir))
}

// settled waits until a file or a folder is on the disk.
func settled(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
