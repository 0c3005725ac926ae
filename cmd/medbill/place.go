package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"medbill/internal/clock"
	"medbill/internal/config"
	"medbill/internal/store"
)

// place is where the data lies; every command that touches it has these flags.
type place struct {
	Data     string `help:"Folder of the embedded database and the development keys." placeholder:"DIR" default:"medbill-data"`
	Database string `help:"Database URL: sqlite:///path or postgres://user@host/name. Without it, medbill.db in the data folder." placeholder:"URL"`
	Pool     string `help:"What the database's address gives: a session, or through PgBouncer in transaction mode a transaction." default:"session" placeholder:"session|transaction"`
}

func (p place) settings() config.Settings {
	return config.Settings{Data: p.Data, Database: p.Database, Pool: config.Pool(p.Pool)}
}

// config says how the store opens a checked database.
func (p place) config(d config.Database) store.Config {
	return store.Config{URL: databaseURL(d), Pooled: config.Pool(p.Pool) == config.PoolTransaction}
}

// open opens the database for the one process that serves it, makes the data folder, and brings the schema up to date where
// migrate says so. It tells a person at a terminal what it does, because each step may take long.
func (p place) open(ctx context.Context, out streams, migrate bool) (*store.DB, error) {
	return p.openWith(ctx, out, migrate, opening{})
}

// opening is what a server's database is opened with beside its place.
type opening struct {
	replica string      // that is read; "" for none
	hand    *clock.Hand // the clock that is moved by hand; nil for the machine's
}

// openWith is open with more.
func (p place) openWith(ctx context.Context, out streams, migrate bool, with opening) (*store.DB, error) {
	database, err := p.settings().DatabaseAt()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(p.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made; name one that this user may write: %w", err)
	}
	out.tell("opening the database " + database.String())
	c := p.config(database)
	c.ReadURL = with.replica
	if with.hand != nil {
		c.Clock = with.hand.Clock()
	}
	db, err := store.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	if !migrate {
		return db, nil
	}
	out.tell("bringing its schema up to this version")
	if err := db.Migrate(ctx); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// errNoDatabase says that a command which only works on data found none.
var errNoDatabase = errors.New("there is no medbill database yet; 'medbill tenant ID' makes one, or name the one the server uses with --data or --database")

// beside opens the database of a server that may be running: no folder is locked, nothing is migrated and no job is worked.
func (p place) beside(ctx context.Context) (*store.DB, error) {
	database, err := p.settings().DatabaseAt()
	if err != nil {
		return nil, err
	}
	c := p.config(database)
	c.Beside = true
	db, err := store.Open(ctx, c)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoDatabase
	}
	if err != nil {
		return nil, err
	}
	has, err := db.HasSchema(ctx)
	if err == nil && !has {
		err = errNoDatabase
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// besideOrNew is beside, and makes the database where there is none.
func (p place) besideOrNew(ctx context.Context, out streams) (*store.DB, error) {
	db, err := p.beside(ctx)
	if errors.Is(err, errNoDatabase) {
		return p.open(ctx, out, true)
	}
	return db, err
}

// databaseURL writes a checked database as the store reads it.
func databaseURL(d config.Database) string {
	if d.Kind == config.DatabaseSQLite {
		return "sqlite://" + d.Path
	}
	return d.DSN
}

// logger writes structured lines: ids, counts and codes, never what a person said. It is the process's own from now on.
func logger(out streams, level slog.Leveler) *slog.Logger {
	log := slog.New(slog.NewJSONHandler(out.err, &slog.HandlerOptions{Level: level}))
	slog.SetDefault(log)
	return log
}
