package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// pgxLine is a line over a connection of PostgreSQL, past database/sql: statements that nobody waits for travel with the next one
// that somebody does, the beginning of the transaction with the first of all and its commit with the last, so that a transaction
// takes one round trip for each read and one for its end.
type pgxLine struct {
	pool     *sql.DB
	trips    *atomic.Int64
	conn     *sql.Conn // nil until something is sent, and when the line is given back
	pgx      *pgx.Conn
	begin    []string // what begins the transaction; nothing where there is none, or it has begun
	settings string   // what is sent before a read that has no transaction; "" where the connection keeps its settings
	open     bool     // a transaction was begun
	waiting  []waitingStatement
	follows  bool  // a replica follows, so that it is asked with the commit where the log stands
	asks     bool  // it is asked with each answer
	position int64 // where it stood after the last answer; 0 where nothing was told
}

type waitingStatement struct {
	query string
	args  []any
	judge func(int64) error
}

// postgresEngine has one pool for everything.
type postgresEngine struct {
	pool     *sql.DB
	trips    *atomic.Int64
	settings string // what travels with each transaction; "" where the connections keep their settings
	follows  bool   // a replica follows
}

// REPEATABLE READ with retries: a trial of 800 independent charges failed 11 to 50 times under SERIALIZABLE and never so.
const (
	beginSnapshot    = "begin isolation level repeatable read read only"
	beginTransaction = "begin isolation level repeatable read"
	beginRead        = "begin read only"
)

func (e postgresEngine) read() line { return e.line() }

func (e postgresEngine) snapshot(context.Context) (line, error) { return e.line(beginSnapshot), nil }

func (e postgresEngine) transaction(context.Context) (line, error) {
	return e.line(beginTransaction), nil
}

// line opens one that begins with the given statements.
func (e postgresEngine) line(begin ...string) *pgxLine {
	return &pgxLine{pool: e.pool, trips: e.trips, begin: begin, settings: e.settings, follows: e.follows}
}

// connect takes a connection when the first statement is to be sent.
func (l *pgxLine) connect(ctx context.Context) error {
	if l.conn != nil {
		return nil
	}
	conn, err := l.pool.Conn(ctx)
	if err != nil {
		return err
	}
	err = conn.Raw(func(own any) error {
		l.pgx = own.(*stdlib.Conn).Conn()
		return nil
	})
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	l.conn = conn
	return nil
}

func (l *pgxLine) rows(ctx context.Context, scan func(Row) error, query string, args []any) error {
	return l.send(ctx, query, args, func(rows pgx.Rows) error {
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *pgxLine) exec(ctx context.Context, query string, args []any) (int64, error) {
	var touched int64
	err := l.later(ctx, query, args, func(n int64) error {
		touched = n
		return nil
	})
	if err == nil {
		err = l.flush(ctx)
	}
	return touched, err
}

func (l *pgxLine) later(_ context.Context, query string, args []any, judge func(int64) error) error {
	l.start()
	l.waiting = append(l.waiting, waitingStatement{query, args, judge})
	return nil
}

// start has the transaction begin with the next statement; where there is none, a round trip is one.
func (l *pgxLine) start() {
	isNew := !l.open && len(l.waiting) == 0
	for _, query := range l.begin {
		l.waiting = append(l.waiting, waitingStatement{query: query})
		l.begin, l.open = nil, true
	}
	if isNew && l.settings != "" {
		l.waiting = append(l.waiting, waitingStatement{query: l.settings})
	}
}

func (l *pgxLine) flush(ctx context.Context) error {
	if len(l.waiting) == 0 {
		return nil
	}
	return l.send(ctx, "", nil, nil)
}

// send sends what waits, and after it a query whose rows read takes, "" for none, in one round trip.
func (l *pgxLine) send(ctx context.Context, query string, args []any, read func(pgx.Rows) error) error {
	if err := l.connect(ctx); err != nil {
		return err
	}
	isLong := len(query) > statementBytesMax // it is not likely to come again, and a connection keeps hundreds of what does
	if isLong && !l.open && (l.settings != "" || len(l.waiting) > 0) {
		if err := l.stay(ctx); err != nil {
			return err
		}
	}
	l.start()
	l.trips.Add(1)
	if len(l.waiting) == 0 && (isLong || !l.asks) {
		bound := plainArgs(args)
		if isLong {
			bound = append([]any{pgx.QueryExecModeDescribeExec}, bound...)
		}
		rows, err := l.pgx.Query(ctx, query, bound...)
		err = taken(rows, err, read)
		if l.asks {
			err = cmp.Or(err, l.send(ctx, "", nil, nil))
		}
		return err
	}
	var batch pgx.Batch
	isLarge := false
	for _, w := range l.waiting {
		batch.Queue(w.query, plainArgs(w.args)...)
		isLarge = isLarge || slices.ContainsFunc(w.args, isLargeArg)
	}
	if query != "" {
		batch.Queue(query, plainArgs(args)...)
	}
	if l.asks {
		batch.Queue(askPosition)
	}
	if isLarge {
		batch.Queue(letGo, make([]any, letGoArgs)...)
	}
	waiting := l.waiting
	l.waiting = nil
	results := l.pgx.SendBatch(ctx, &batch)
	err := judged(results, waiting)
	if err == nil && query != "" {
		var rows pgx.Rows
		rows, err = results.Query()
		err = taken(rows, err, read)
	}
	if l.asks { // who has enough rows gives an error, and was shown those
		err = cmp.Or(err, results.QueryRow().Scan(&l.position))
	}
	return errors.Join(err, results.Close())
}

// stay begins a transaction, so that a pooler leads what is described in one round trip and run in the next to the same server's
// connection, which has the settings.
func (l *pgxLine) stay(ctx context.Context) error {
	if len(l.begin) == 0 {
		l.begin = []string{beginRead}
	}
	l.start()
	return l.flush(ctx)
}

// The driver's connection keeps the last arguments of each place until others come there, megabytes where they were a document's
// body. So a batch with such arguments ends with a statement whose arguments, in as many places as it keeps, are nothing.
const (
	letGoArgs    = 64
	largeArgSize = 64 << 10
)

var letGo = func() string {
	args := make([]string, letGoArgs)
	for i := range args {
		args[i] = "$" + strconv.Itoa(i+1) + "::int"
	}
	return "SELECT " + strings.Join(args, ", ")
}()

func isLargeArg(arg any) bool {
	text, ok := arg.(string)
	return ok && len(text) > largeArgSize
}

// taken reads the rows of an answer to its end.
func taken(rows pgx.Rows, err error, read func(pgx.Rows) error) error {
	if err != nil {
		return err
	}
	err = read(rows)
	rows.Close()
	if err != nil {
		return err
	}
	return rows.Err()
}

// judged takes the answers of statements in their order, up to the first that fails.
func judged(results pgx.BatchResults, statements []waitingStatement) error {
	for _, s := range statements {
		tag, err := results.Exec()
		if err == nil && s.query == commitTransaction && tag.String() != "COMMIT" {
			err = errNotCommitted
		}
		if err == nil && s.judge != nil {
			err = s.judge(tag.RowsAffected())
		}
		var refusal *pgconn.PgError
		switch {
		case err != nil && s.query != commitTransaction && errors.As(err, &refusal) && refusal.SeverityUnlocalized == "ERROR":
			return undone{err} // the server passes over a commit that comes after it
		case err != nil:
			return err
		}
	}
	return nil
}

const commitTransaction = "commit"

// errNotCommitted is a caller's bug: a statement failed and its error was passed over.
var errNotCommitted = errors.New("a statement of the transaction failed, so it was taken back")

func (l *pgxLine) commit(ctx context.Context) error {
	if !l.open { // nothing was sent or is to be
		return nil
	}
	defer l.leave()
	if slices.ContainsFunc(l.waiting, func(s waitingStatement) bool { return s.judge != nil }) {
		if err := l.flush(ctx); err != nil { // what is judged here is not committed before it is
			return undone{err}
		}
	}
	isDone := false
	l.waiting = append(l.waiting, waitingStatement{query: commitTransaction, judge: func(int64) error {
		isDone = true
		return nil
	}})
	l.asks = l.follows
	err := l.flush(ctx)
	if isDone { // what comes after it is only where it stands
		err = nil
	}
	l.open = err != nil
	return err
}

// rollbackTimeout is how long a connection may take to end a transaction before it is closed instead.
const rollbackTimeout = 5 * time.Second

func (l *pgxLine) leave() {
	l.waiting = nil
	if l.conn == nil {
		return
	}
	if l.open && !l.pgx.IsClosed() {
		ctx, cancel := context.WithTimeout(context.Background(), rollbackTimeout)
		defer cancel()
		_, _ = l.pgx.Exec(ctx, "rollback") // where that fails the pool closes the connection, which does the same
	}
	_ = l.conn.Close()
	l.conn, l.open = nil, false
}

// plainArgs gives arguments as the types that the driver knows without looking for a way to write them.
func plainArgs(args []any) []any {
	plain := make([]any, len(args))
	for i, arg := range args {
		plain[i] = plainArg(arg)
	}
	return plain
}

func plainArg(arg any) any {
	switch arg := arg.(type) {
	case nil, string, int64, bool, []byte, []string, []int64, []bool:
		return arg
	case driver.Valuer:
		return arg // the driver asks it
	}
	switch value := reflect.ValueOf(arg); value.Kind() {
	case reflect.String:
		return value.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return value.Int()
	}
	return arg
}
