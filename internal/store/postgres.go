package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
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

const (
	connectionLifetime = 30 * time.Minute
	connectTimeout     = 5 * time.Second
	// lockWaitMax is how long a transaction waits for another one's row before it starts again, as in a deadlock, which PostgreSQL
	// itself looks for after a second. Who waited on a row that was changed starts again anyway.
	lockWaitMax = 200 * time.Millisecond
)

// openPostgres opens one pool for reads and writes, and the small one on which workers listen.
func (db *DB) openPostgres(ctx context.Context, databaseURL string, connections int) error {
	db.dialect = postgresDialect
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return errors.New("the database URL is neither sqlite:///path nor a postgres:// URL that can be read")
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	waiting := *config.Copy()
	db.patient = func() *sql.DB { return stdlib.OpenDB(waiting) }
	config.RuntimeParams["lock_timeout"] = strconv.FormatInt(lockWaitMax.Milliseconds(), 10)
	pool := stdlib.OpenDB(*config, stdlib.OptionResetSession(refuseStandby))
	db.release = append(db.release, pool.Close)
	if connections <= 0 {
		connections = max(16, 8*runtime.GOMAXPROCS(0))
	}
	db.readTurns, db.writeTurns = turns.New((connections-1)/2), turns.New((connections-1)/2) // one is the audit's
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
	if db.orm, err = openGorm(postgres.New(postgres.Config{Conn: pool})); err != nil {
		return err
	}
	db.write, db.read, db.engine = pool, pool, postgresEngine{pool, &db.trips}
	db.writes.pool = pool
	db.audit = newAuditor(pool, db.dialect, postgresAuditWriter(pool))
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
	db.jobs, err = newPostgresJobs(listener)
	return err
}

// refuseStandby has a connection closed whose server only reads since a failover, so that the next one leads to who writes.
func refuseStandby(_ context.Context, conn *pgx.Conn) error {
	for _, setting := range []string{"in_hot_standby", "default_transaction_read_only"} {
		if conn.PgConn().ParameterStatus(setting) == "on" {
			return driver.ErrBadConn
		}
	}
	return nil
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
