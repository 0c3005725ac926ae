package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"medbill/internal/turns"
)

// sqlitePath gives the file of sqlite:///path.
func sqlitePath(databaseURL string) (string, bool) {
	path, ok := strings.CutPrefix(databaseURL, "sqlite://")
	return path, ok
}

// openSQLite opens one write connection, a pool of read-only ones and the file of the read audit.
func (db *DB) openSQLite(ctx context.Context, path string, c Config) error {
	db.dialect = sqliteDialect
	db.beside = c.Beside
	if err := db.takeFolder(path); err != nil {
		return err
	}
	readers := c.Connections
	// _txlock=immediate takes the write lock at BEGIN, so that a transaction never fails half way for want of it.
	writer, err := openSQLiteFile(ctx, path, "_txlock=immediate", 1, writerCacheBytes, c.TestTold)
	if err != nil {
		return err
	}
	db.release = append(db.release, writer.Close)
	if readers <= 0 {
		readers = max(4, 2*runtime.GOMAXPROCS(0))
	}
	reader, err := openSQLiteFile(ctx, path, "_pragma=query_only(1)", readers, readerCacheBytes/readers, c.TestTold)
	if err != nil {
		return err
	}
	db.release = append(db.release, reader.Close)
	db.readTurns, db.writeTurns = turns.New(readers-1), turns.New(1)
	db.files = []sqliteFile{{"sqlite", path, writer}}
	auditFile, err := db.openCompanion(ctx, path, "audit", 1)
	if err != nil {
		return err
	}
	if db.codes, err = db.openCompanion(ctx, path, "codes", 2); err != nil { // one loads, the others read
		return err
	}
	if db.orm, err = openGorm(sqliteDialector{reader}); err != nil {
		return err
	}
	db.write, db.read, db.engine = writer, reader, sqliteEngine{writer, reader}
	db.writes.pool = writer
	db.audit = newAuditor(auditFile, db.dialect, sqliteAuditWriter(auditFile))
	db.release = append(db.release, db.audit.close)
	return nil
}

// What SQLite keeps of its files, all connections of a kind together. What is not in it lies in the memory of the system, which
// gives it back when others need it.
const (
	writerCacheBytes    = 8 << 20
	readerCacheBytes    = 8 << 20
	companionCacheBytes = 1 << 20 // rows are put at the end of the audit and not read, and releases are read whole
)

func openSQLiteFile(ctx context.Context, path, extra string, connections, cacheBytes int, told func(string)) (*sql.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-" + strconv.Itoa(cacheBytes>>10) + ")&" + extra
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(statementConnector{connector, told})
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	if err := assertPragmas(ctx, pool); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return pool, nil
}

// assertPragmas exists because the driver ignores a misspelt setting in silence, and durability hangs on these.
func assertPragmas(ctx context.Context, pool *sql.DB) error {
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"} {
		var got string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			return unreadable(err)
		}
		if got != want {
			return fmt.Errorf("SQLite runs with %s = %s instead of %s", pragma, got, want)
		}
	}
	return nil
}

// unreadable says what is wrong with a file that SQLite cannot read. https://sqlite.org/rescode.html
func unreadable(err error) error {
	var own *sqlite.Error
	if errors.As(err, &own) {
		switch own.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return fmt.Errorf("the file is no SQLite database, or a damaged one; name another, or bring back a copy: %w", err)
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
			return fmt.Errorf("the database file cannot be written; let this user write it and its folder, or name another: %w", err)
		}
	}
	return fmt.Errorf("open the database file: %w", err)
}

// sqliteFile is one of the files of an embedded database: that of the books, or one beside it which is written by itself, so that
// neither waits for the other.
type sqliteFile struct {
	migrations string // the folder of its schema
	path       string
	pool       *sql.DB
}

// openCompanion opens a file beside that of the books: medbill-audit.db. SQLite makes a file that is not there, which is for the owner
// alone.
func (db *DB) openCompanion(ctx context.Context, books, name string, connections int) (*sql.DB, error) {
	path := strings.TrimSuffix(books, filepath.Ext(books)) + "-" + name + ".db"
	if _, err := os.Stat(path); db.beside && err != nil {
		return nil, fmt.Errorf("the file %s, which belongs to the database, is missing; start `medbill serve` once, which makes it", filepath.Base(path))
	}
	pool, err := openSQLiteFile(ctx, path, "_txlock=immediate", connections, companionCacheBytes, nil)
	if err == nil {
		db.files = append(db.files, sqliteFile{"sqlite_" + name, path, pool})
		db.release = append(db.release, pool.Close)
	}
	return pool, err
}

// takeFolder makes the folder of the file and locks it; beside its owner it only sees that the file is there.
func (db *DB) takeFolder(path string) error {
	if db.beside {
		_, err := os.Stat(path)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("the data folder cannot be made; name one that this user may write: %w", err)
	}
	return db.lockFolder(filepath.Dir(path))
}

// lockFolder takes the data folder for this process until it ends, however it ends.
func (db *DB) lockFolder(dir string) error {
	lock, err := os.OpenFile(filepath.Join(dir, "medbill.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("the data folder cannot be locked; name one that this user may write: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errors.Join(fmt.Errorf("the data folder %s is in use by another medbill process; stop it, or use PostgreSQL for several processes", dir), lock.Close())
	}
	db.release = append(db.release, lock.Close)
	return nil
}

// openGorm opens gorm, which knows how rows are written; what it makes is sent past it.
func openGorm(d gorm.Dialector) (*gorm.DB, error) {
	return gorm.Open(d, &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true, DisableNestedTransaction: true})
}
