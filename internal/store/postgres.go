package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"

	"medbill/internal/turns"
)

const connectionLifetime = 30 * time.Minute

// openPostgres opens one pool for reads and writes, and the small one on which workers listen.
func (db *DB) openPostgres(ctx context.Context, databaseURL string, connections int) error {
	db.dialect = postgresDialect
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return errors.New("the database URL is neither sqlite:///path nor a postgres:// URL that can be read")
	}
	pool := stdlib.OpenDB(*config)
	db.release = append(db.release, pool.Close)
	if connections <= 0 {
		connections = max(16, 8*runtime.GOMAXPROCS(0))
	}
	db.reads, db.writes = turns.New((connections-1)/2), turns.New((connections-1)/2) // one is the audit's
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxLifetime(connectionLifetime)
	// The driver's errors name host and user; both belong to the operator, neither is a secret of a patient.
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("PostgreSQL cannot be reached; start it, or name another database: %w", err)
	}
	if err := requireC(ctx, pool); err != nil {
		return err
	}
	if db.write, err = openGorm(postgres.New(postgres.Config{Conn: pool})); err != nil {
		return err
	}
	db.read = db.write
	db.audit = newAuditor(postgresAuditWriter(pool))
	db.release = append(db.release, db.audit.close)
	listen, err := pgxpool.ParseConfig(databaseURL)
	if err != nil {
		return err
	}
	listen.MaxConns = workersMax/2 + 3
	listener, err := pgxpool.NewWithConfig(ctx, listen)
	if err != nil {
		return fmt.Errorf("open the workers' pool: %w", err)
	}
	db.release = append(db.release, func() error { listener.Close(); return nil })
	db.jobs, err = newPostgresJobs(pool, listener)
	return err
}

const postgresVersionMin = 140000

func requireC(ctx context.Context, pool queryer) error {
	var version string
	if err := pool.QueryRowContext(ctx, "SHOW server_version_num").Scan(&version); err != nil {
		return err
	}
	if n, err := strconv.Atoi(version); err != nil || n < postgresVersionMin {
		return errors.New("PostgreSQL 14 or later is needed")
	}
	return nil
}
