package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"

	"medbill/internal/clock"
	"medbill/internal/turns"
)

const (
	connectionLifetime = 30 * time.Minute
	connectTimeout     = 5 * time.Second
	// lockWaitMax is how long a transaction waits for another one's row before it starts again, as in a deadlock, which PostgreSQL
	// itself looks for after a second. Who waited on a row that was changed starts again anyway.
	lockWaitMax = 200 * time.Millisecond
)

// sessionSettings are what a connection sets for itself: how long it waits for a lock, and how statements are planned. Those are many
// and small, the same again and again, and each goes down an index. To compile one takes longer than to run it (a search of twenty conditions took 6 s in place of 30 ms). A plan for any value is made
// once for a connection and does not hang on whether the figures know a tenant already. A table that is empty when a plan is made
// is not read from end to end by it when it has grown.
var sessionSettings = map[string]string{
	"lock_timeout": strconv.FormatInt(lockWaitMax.Milliseconds(), 10),
	"jit":          "off", "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off",
}

// openPostgres opens one pool for reads and writes; those who work listen on a connection of their own, unless a pooler keeps none.
func (db *DB) openPostgres(ctx context.Context, c Config) error {
	connections := c.Connections
	db.dialect = postgresDialect
	config, err := pgx.ParseConfig(c.URL)
	if err != nil {
		return errors.New("the database URL is neither sqlite:///path nor a postgres:// URL that can be read")
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	// By its name a process is told from others that are connected.
	config.RuntimeParams["application_name"] = cmp.Or(config.RuntimeParams["application_name"], "medbill "+newID())
	settings, ready := "", readyAgain
	if c.Pooled {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		settings, ready = travelling, figuresAgain
	} else {
		maps.Copy(config.RuntimeParams, keepAlive)
	}
	waiting := *config.Copy()
	db.patient = func() *sql.DB { return stdlib.OpenDB(waiting) }
	if !c.Pooled {
		db.listening = &waiting
		maps.Copy(config.RuntimeParams, sessionSettings)
	}
	if c.TestTold != nil {
		config.Tracer = teller{c.TestTold}
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionResetSession(ready))
	db.release = append(db.release, pool.Close)
	if connections <= 0 {
		connections = max(16, 8*runtime.GOMAXPROCS(0))
	}
	db.readTurns, db.writeTurns = turns.New((connections-1)/2), turns.New((connections-1)/2) // one is the audit's
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxLifetime(connectionLifetime)
	// The driver's errors name host and user; both belong to the operator, neither is a secret of a patient.
	switch err := pool.PingContext(ctx); {
	case isPoolerRefusal(err):
		return errPooled
	case err != nil:
		return fmt.Errorf("PostgreSQL cannot be reached; start it, or name another database: %w", err)
	}
	if err := requireC(ctx, pool, c.Pooled); err != nil {
		return err
	}
	if db.orm, err = openGorm(postgres.New(postgres.Config{Conn: pool})); err != nil {
		return err
	}
	db.write, db.read, db.engine = pool, pool, postgresEngine{pool, &db.trips, settings}
	db.writes.pool = pool
	db.audit = newAuditor(pool, db.dialect, postgresAuditWriter(pool))
	db.release = append(db.release, db.audit.close)
	return nil
}

// keepAlive has the server notice within some seconds that a machine is gone which took a transaction with it, so that its locks,
// and the steps it had taken, are free. A process that is killed is noticed at once.
var keepAlive = map[string]string{"tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "2"}

// readyAgain is asked for each connection before it is used again.
func readyAgain(ctx context.Context, conn *pgx.Conn) error {
	if err := refuseStandby(ctx, conn); err != nil {
		return err
	}
	return planAgain(ctx, conn, clock.System())
}

// plansLifetime is how long a connection keeps its plans. Who grows from nothing outgrows the plans of nothing, to which every index
// is as good as another, long before the database gathers figures; the size of a table it always sees.
const plansLifetime = 10 * time.Second

// planAgain has a connection make its plans anew from time to time.
func planAgain(ctx context.Context, conn *pgx.Conn, c clock.Clock) error {
	if !isOld(conn, c) {
		return nil
	}
	if err := figure(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "DISCARD PLANS"); err != nil {
		return driver.ErrBadConn
	}
	return nil
}

// figuresAgain is readyAgain behind a pooler, where a statement is planned each time it is sent. Who writes says the pooler: what it
// told of the server when the connection was made may be over.
func figuresAgain(ctx context.Context, conn *pgx.Conn) error {
	if !isOld(conn, clock.System()) {
		return nil
	}
	return figure(ctx, conn)
}

// isOld reports whether the plans of a connection have lived; it does so once for each life.
func isOld(conn *pgx.Conn, c clock.Clock) bool {
	const planned = "medbill:planned"
	data := conn.PgConn().CustomData()
	last, ok := data[planned].(time.Time)
	if ok && c.Now().Sub(last) < plansLifetime {
		return false
	}
	data[planned] = c.Now()
	return ok
}

func figure(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, firstFigures); err != nil && conn.IsClosed() { // where another connection is at it, that is enough
		return driver.ErrBadConn
	}
	return nil
}

// firstFigures has the database look at the tables that have rows and that it never looked at, which it does by itself after a
// minute.
const firstFigures = `DO $$
DECLARE
  name TEXT;
BEGIN
  FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples < 0
    AND pg_relation_size(oid) > 0 AND relowner = current_user::regrole ORDER BY relname
  LOOP
    EXECUTE format('ANALYZE %I', name);
  END LOOP;
END $$`

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

func requireC(ctx context.Context, pool queryer, pooled bool) error {
	var version, plans string
	row := pool.QueryRowContext(ctx, "SELECT current_setting('server_version_num'), current_setting('plan_cache_mode')")
	if err := row.Scan(&version, &plans); err != nil {
		return err
	}
	if n, err := strconv.Atoi(version); err != nil || n < postgresVersionMin {
		return errors.New("PostgreSQL 14 or later is needed")
	}
	if !pooled && plans != sessionSettings["plan_cache_mode"] { // somebody on the way took our settings and kept them
		return errPooled
	}
	return nil
}
