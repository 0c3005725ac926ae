package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"medbill/models"
)

// A replica of PostgreSQL answers views, which read and decide nothing that is written. It is a moment behind, but not for what a
// caller wrote itself, for the pages after one that was read of the primary, and for the other reads of a request that was shown the
// primary: where the replica has not come so far, they are made at the primary at once.

const (
	replicaLookEvery = time.Second
	replicaLookMax   = 2 * time.Second // how long a look may take
	replicaLagMax    = 10              // looks that it may be behind
	replicaLagBack   = 1               // and before it is used again
	replicaConnect   = time.Second
)

// replica is a server that only reads, and what is known of it.
type replica struct {
	refusals
	engine    postgresEngine
	primary   *sql.DB
	identity  string // of the primary's database, which is the replica's too
	positions positions
	samples   []int64 // where the primary's log stood at the last looks

	why           atomic.Pointer[replicaState] // why it is not used; nil where it is
	reads, passed atomic.Int64
}

// replicaState says why a replica is not used.
type replicaState string

// Error gives it.
func (s replicaState) Error() string { return string(s) }

const (
	replicaUnknown replicaState = "not looked at yet"
	replicaAway    replicaState = "it does not answer"
	replicaFar     replicaState = "it is more than ten seconds behind"
	replicaOther   replicaState = "it is no replica of the database"

	// replicaBehind is of one read: it is behind what its caller knows.
	replicaBehind replicaState = "it is behind"
)

var errNoReplica = errors.New("the read database is no replica of the database; name a streaming replica of it, or leave out --read-database (MEDBILL_READ_DATABASE)")

const (
	askPosition = "SELECT (pg_current_wal_lsn() - '0/0')::bigint"
	askIdentity = "SELECT system_identifier::text || ' ' || (SELECT oid FROM pg_database WHERE datname = current_database()) FROM pg_control_system()"
	askReplica  = "SELECT pg_is_in_recovery(), coalesce((pg_last_wal_replay_lsn() - '0/0')::bigint, 0), (" + askIdentity + ")"

	// isReplayed gives a row where the replica has come to a position.
	isReplayed = "SELECT WHERE (pg_last_wal_replay_lsn() - '0/0')::bigint >= $1"
)

// follow has a replica used from now on. One that does not answer is used when it does; a server that is no replica is refused.
func (db *DB) follow(ctx context.Context, pool *sql.DB, settings string) error {
	r := &replica{primary: db.write, engine: postgresEngine{pool: pool, trips: &db.trips, settings: settings}}
	r.turn(replicaUnknown)
	if err := db.write.QueryRowContext(ctx, askIdentity).Scan(&r.identity); err != nil {
		return err
	}
	if err := r.atLeastNow(ctx); err != nil {
		return err
	}
	r.look(ctx)
	if why := r.why.Load(); why != nil && *why == replicaOther {
		return errNoReplica
	}
	watching, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.watch(watching)
	}()
	db.release = append(db.release, func() error {
		end()
		<-ended
		return nil
	})
	db.replica = r
	return nil
}

// atLeastNow has nobody read what was before this moment: a schema is as it is now.
func (r *replica) atLeastNow(ctx context.Context) error {
	var at int64
	err := r.primary.QueryRowContext(ctx, askPosition).Scan(&at)
	r.positions.reached(at)
	return err
}

func (r *replica) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(replicaLookEvery):
		}
		r.look(ctx)
	}
}

// look asks both sides where they stand, and says whether the replica is used until the next look.
func (r *replica) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, replicaLookMax)
	defer cancel()
	var at, replayed int64
	var isReplica bool
	var identity string
	// While the primary does not answer nobody writes, so the replica falls no farther behind.
	if err := r.primary.QueryRowContext(ctx, askPosition).Scan(&at); err == nil {
		r.samples = append(r.samples[max(0, len(r.samples)-replicaLagMax):], at)
	}
	err := r.engine.pool.QueryRowContext(ctx, askReplica).Scan(&isReplica, &replayed, &identity)
	switch {
	case err != nil:
		r.turn(replicaAway)
	case !isReplica || identity != r.identity:
		r.turn(replicaOther)
	case isFar(r.samples, replayed, r.lagMax()):
		r.turn(replicaFar)
	default:
		r.positions.reached(replayed)
		r.turn("")
	}
}

func (r *replica) lagMax() int {
	if r.why.Load() != nil {
		return replicaLagBack
	}
	return replicaLagMax
}

// isFar reports whether a replica has not come to where the primary stood so many looks ago.
func isFar(samples []int64, replayed int64, looks int) bool {
	return len(samples) > looks && replayed < samples[len(samples)-1-looks]
}

// turn has the replica used, or not for a reason.
func (r *replica) turn(why replicaState) {
	if why != "" {
		r.why.Store(&why)
		return
	}
	if last := r.why.Swap(nil); last != nil {
		slog.Info("replica used")
	}
}

// view runs fn with reads of the replica, or of the primary where the replica is not used or is behind what the actor knows. fn runs
// again where that turns out while it reads.
func (r *replica) view(ctx context.Context, s *Session, fn func(*View) error) error {
	request, _ := ctx.Value(gatherKey{}).(*gathered)
	known := r.positions.need(s.actor)
	need := max(known, request.wasShown())
	why := r.why.Load()
	if why == nil && need != unknownPosition {
		there := &replicaLine{pgxLine: r.engine.line(), dialect: s.db.dialect}
		err := there.expect(ctx, need)
		if err == nil {
			err = s.look(ctx, there, fn)
		}
		if there.passed == nil {
			r.reads.Add(1)
			return s.db.translate(err)
		}
		if s.db.dialect.isAway(there.passed) {
			why = new(replicaAway)
			r.turn(*why)
		}
	}
	r.passed.Add(1)
	if why != nil {
		r.note("replica not used", *why)
	}
	here := s.db.engine.(postgresEngine).line()
	here.asks = true
	err := s.view(ctx, here, fn)
	request.show(here.position)
	if known == unknownPosition {
		r.positions.settle(s.actor, here.position)
	}
	return err
}

// Position says where the log of the primary stood after what was read last; 0 where a replica, or nobody, could be behind it.
func (v *View) Position() int64 {
	if l, ok := v.line.(*pgxLine); ok {
		return l.position
	}
	return 0
}

// Since has what is read from now on be no older than what was read at a position.
func (v *View) Since(position int64) error {
	if l, ok := v.line.(*replicaLine); ok && position > 0 {
		return l.expect(v.ctx, position)
	}
	return nil
}

// wrote notes up to where the actor knows the database after a commit, which gave err.
func (r *replica) wrote(actor models.Actor, l line, err error, isInDoubt bool) {
	own := l.(*pgxLine)
	switch {
	case isInDoubt || isEnd(err) || err == nil && own.asks && own.position == 0:
		r.positions.note(actor, unknownPosition)
	case err == nil && own.asks:
		r.positions.note(actor, own.position)
	}
}

// replicaLine is a line of reads of the replica that knows when they are to be made elsewhere.
type replicaLine struct {
	*pgxLine
	dialect dialect
	passed  error // why they are
}

// expect has the next read tell whether the replica has come to a position.
func (l *replicaLine) expect(ctx context.Context, position int64) error {
	return l.later(ctx, isReplayed, []any{position}, func(rows int64) error {
		if rows == 0 {
			return replicaBehind
		}
		return nil
	})
}

// rows also notes that a replica went away, is behind, broke a read off because what it read is gone, or does not know a table yet,
// which it says before it says that it is behind.
func (l *replicaLine) rows(ctx context.Context, scan func(Row) error, query string, args []any) error {
	err := l.pgxLine.rows(ctx, scan, query, args)
	pg, isRefusal := errors.AsType[*pgconn.PgError](err)
	if errors.Is(err, replicaBehind) || l.dialect.isAway(err) || l.dialect.isRetryable(err) || isRefusal && strings.HasPrefix(pg.Code, "42") {
		l.passed = err
	}
	return err
}

// ReplicaState is how a replica fares.
type ReplicaState struct {
	Used          bool
	Reads, Passed int64 // it answered, and the primary answered in its place
}

// Replica tells how the replica fares; false where there is none.
func (db *DB) Replica() (ReplicaState, bool) {
	r := db.replica
	if r == nil {
		return ReplicaState{}, false
	}
	return ReplicaState{Used: r.why.Load() == nil, Reads: r.reads.Load(), Passed: r.passed.Load()}, true
}
