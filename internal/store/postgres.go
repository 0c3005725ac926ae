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
	if connections <= 0 {
		connections = max(16, 8*runtime.GOMAXPROCS(0))
	}
	config, err := sessionOf(c.URL, connectTimeout, c.Pooled)
	if err != nil {
		return errors.New("the database URL is neither sqlite:///path nor a postgres:// URL that can be read")
	}
	waiting := *config.Copy()
	db.patient = func() *sql.DB { return stdlib.OpenDB(waiting) }
	settings, ready := travelling, anew(figure)
	if !c.Pooled {
		settings, ready = "", readyAgain
		db.listening = &waiting
	}
	pool := db.pool(config, c, connections, ready)
	db.readTurns, db.writeTurns = turns.New((connections-1)/2), turns.New((connections-1)/2) // one is the audit's
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
	db.codes = pool
	db.write, db.read, db.engine = pool, pool, postgresEngine{pool, &db.trips, settings, c.ReadURL != ""}
	db.writes.pool = pool
	db.audit = newAuditor(pool, db.dialect, postgresAuditWriter(pool))
	db.release = append(db.release, db.audit.close)
	if c.ReadURL == "" {
		return nil
	}
	return db.openReplica(ctx, c, connections, settings)
}

// openReplica opens a pool for views beside that of the primary.
func (db *DB) openReplica(ctx context.Context, c Config, connections int, settings string) error {
	config, err := sessionOf(c.ReadURL, replicaConnect, c.Pooled)
	if err != nil {
		return errors.New("the read database is no postgres:// URL that can be read")
	}
	ready := anew(discard)
	if c.Pooled {
		ready = anew()
	}
	pool := db.pool(config, c, connections, ready)
	if isPoolerRefusal(pool.PingContext(ctx)) { // any other error may be over
		return errPooled
	}
	return db.follow(ctx, pool, settings)
}

// sessionOf reads how a URL is connected to, and adds what every session of ours has.
func sessionOf(url string, timeout time.Duration, pooled bool) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, timeout)
	// By its name a process is told from others that are connected.
	config.RuntimeParams["application_name"] = cmp.Or(config.RuntimeParams["application_name"], "medbill "+newID())
	if pooled {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	} else {
		maps.Copy(config.RuntimeParams, keepAlive)
	}
	return config, nil
}

// pool opens a pool of sessions for requests and steps, each of which is asked by ready before it is used again.
func (db *DB) pool(config *pgx.ConnConfig, c Config, connections int, ready func(context.Context, *pgx.Conn) error) *sql.DB {
	if !c.Pooled {
		maps.Copy(config.RuntimeParams, sessionSettings)
	}
	if c.TestTold != nil {
		config.Tracer = teller{c.TestTold}
	}
	options := []stdlib.OptionOpenDB{stdlib.OptionResetSession(ready)}
	if !c.Pooled {
		options = append(options, stdlib.OptionAfterConnect(planForOneTenant))
	}
	pool := stdlib.OpenDB(*config, options...)
	db.release = append(db.release, pool.Close)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxLifetime(connectionLifetime)
	return pool
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

// readyAgain is asked for each connection before it is used again. Behind a pooler it is not: what that told of the server when the
// connection was made may be over, and a statement is planned each time it is sent.
func readyAgain(ctx context.Context, conn *pgx.Conn) error {
	if err := refuseStandby(ctx, conn); err != nil {
		return err
	}
	return anew(figure, discard)(ctx, conn)
}

// plansLifetime is how long a connection keeps its plans. Who grows from nothing outgrows the plans of nothing, to which every index
// is as good as another, long before the database gathers figures; the size of a table it always sees.
const plansLifetime = 10 * time.Second

// anew has a connection do what makes its plans anew from time to time.
func anew(do ...func(context.Context, *pgx.Conn) error) func(context.Context, *pgx.Conn) error {
	const planned = "medbill:planned"
	return func(ctx context.Context, conn *pgx.Conn) error {
		data, now := conn.PgConn().CustomData(), clock.System().Now()
		last, ok := data[planned].(time.Time)
		if ok && now.Sub(last) < plansLifetime {
			return nil
		}
		data[planned] = now
		for _, one := range do {
			if !ok { // it is new
				break
			}
			if err := one(ctx, conn); err != nil {
				return driver.ErrBadConn
			}
		}
		return nil
	}
}

// figure has the database gather its first figures; where another connection is at it, that is enough.
func figure(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, firstFigures)
	if !conn.IsClosed() {
		return nil
	}
	return err
}

func discard(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, "DISCARD PLANS")
	return err
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
	var version, scans string
	row := pool.QueryRowContext(ctx, "SELECT current_setting('server_version_num'), current_setting('enable_seqscan')")
	if err := row.Scan(&version, &scans); err != nil {
		return err
	}
	if n, err := strconv.Atoi(version); err != nil || n < postgresVersionMin {
		return errors.New("PostgreSQL 14 or later is needed")
	}
	if !pooled && scans != sessionSettings["enable_seqscan"] { // somebody on the way took our settings and kept them
		return errPooled
	}
	return nil
}
