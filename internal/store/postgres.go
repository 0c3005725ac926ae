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

// planning is how statements are planned: they are many and small, the same again and again, and each goes down an index. To
// compile one takes longer than to run it (a search of twenty conditions took 6 s in place of 30 ms). A plan for any value is made
// once for a connection and does not hang on whether the figures know a tenant already. A table that is empty when a plan is made
// is not read from end to end by it when it has grown.
var planning = map[string]string{"jit": "off", "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}

// openPostgres opens one pool for reads and writes; those who work listen on a connection of their own.
func (db *DB) openPostgres(ctx context.Context, c Config) error {
	databaseURL, connections := c.URL, c.Connections
	db.dialect = postgresDialect
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return errors.New("the database URL is neither sqlite:///path nor a postgres:// URL that can be read")
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	for name, seconds := range keepAlive {
		config.RuntimeParams[name] = seconds
	}
	// By its name a process is told from others that are connected.
	config.RuntimeParams["application_name"] = cmp.Or(config.RuntimeParams["application_name"], "medbill "+newID())
	waiting := *config.Copy()
	db.patient = func() *sql.DB { return stdlib.OpenDB(waiting) }
	db.listening = &waiting
	config.RuntimeParams["lock_timeout"] = strconv.FormatInt(lockWaitMax.Milliseconds(), 10)
	for name, value := range planning {
		config.RuntimeParams[name] = value
	}
	if c.TestTold != nil {
		config.Tracer = teller{c.TestTold}
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(planForOneTenant), stdlib.OptionResetSession(readyAgain))
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
	return nil
}

// keepAlive has the server notice within some seconds that a machine is gone which took a transaction with it, so that its locks,
// and the steps it had taken, are free. A process that is killed is noticed at once.
var keepAlive = map[string]string{"tcp_keepalives_idle": "2", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "2"}

// planForOneTenant has Citus, where it is, plan each statement with its values: by the tenant it knows on which machine the rows are,
// and it refuses a plan for any value of a statement that names its tenant twice.
func planForOneTenant(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "SELECT set_config('plan_cache_mode', 'force_custom_plan', FALSE) FROM pg_extension WHERE extname = 'citus'")
	return err
}

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
	const planned = "medbill:planned"
	data := conn.PgConn().CustomData()
	last, ok := data[planned].(time.Time)
	if ok && c.Now().Sub(last) < plansLifetime {
		return nil
	}
	data[planned] = c.Now()
	if !ok {
		return nil
	}
	if _, err := conn.Exec(ctx, firstFigures); err != nil && conn.IsClosed() { // where another connection is at it, that is enough
		return driver.ErrBadConn
	}
	if _, err := conn.Exec(ctx, "DISCARD PLANS"); err != nil {
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
