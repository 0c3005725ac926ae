package store

import (
	"context"
	"errors"
)

// Moment runs fn with n views that all see the same moment, each for one goroutine at a time: a long comparison on which more
// than one processor works. Nobody waits for it, and it changes nothing. n stays below what the pool holds.
func (s *Session) Moment(ctx context.Context, n int, fn func([]*View) error) error {
	return s.turn(ctx, s.db.readTurns, func() error {
		s.db.moment.Lock() // two that each wait for the connections of the other would wait for good
		defer s.db.moment.Unlock()
		lines, err := s.db.engine.moment(ctx, n)
		defer func() { leaveAll(lines) }()
		if err == nil {
			err = fn(s.views(ctx, lines))
		}
		return s.db.translate(err)
	})
}

func (s *Session) views(ctx context.Context, lines []line) []*View {
	views := make([]*View, len(lines))
	for i, line := range lines {
		views[i] = &View{db: s.db, ctx: ctx, line: line, actor: s.actor}
	}
	return views
}

func leaveAll(lines []line) {
	for _, line := range lines {
		line.leave()
	}
}

// errMoved says that somebody wrote while the transactions of one moment were opened.
var errMoved = errors.New("the moment is over")

// moment opens reading transactions that see the same, as nobody wrote between the first and the last of them: a connection beside
// them tells. https://sqlite.org/pragma.html#pragma_data_version
func (e sqliteEngine) moment(ctx context.Context, n int) ([]line, error) {
	for {
		lines, err := e.tryMoment(ctx, n)
		if !errors.Is(err, errMoved) {
			return lines, err
		}
		leaveAll(lines)
	}
}

func (e sqliteEngine) tryMoment(ctx context.Context, n int) (lines []line, err error) {
	beside, err := e.reader.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer beside.Close()
	var before, after int64
	if err := beside.QueryRowContext(ctx, "PRAGMA data_version").Scan(&before); err != nil {
		return nil, err
	}
	for range n {
		one, err := e.snapshot(ctx)
		if err != nil {
			return lines, err
		}
		lines = append(lines, one)
		// What a transaction sees begins with its first read.
		if err := readText(ctx, one, "SELECT count(*) FROM sqlite_schema", new(string)); err != nil {
			return lines, err
		}
	}
	if err := beside.QueryRowContext(ctx, "PRAGMA data_version").Scan(&after); err != nil {
		return lines, err
	}
	if before != after {
		return lines, errMoved
	}
	return lines, nil
}

// moment opens reading transactions that see what the first of them sees.
// https://www.postgresql.org/docs/15/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
func (e postgresEngine) moment(ctx context.Context, n int) (lines []line, err error) {
	var name string
	for len(lines) < n {
		one := e.line(beginSnapshot)
		lines = append(lines, one)
		if name == "" {
			err = readText(ctx, one, "SELECT pg_export_snapshot()", &name)
		} else {
			one.begin = append(one.begin, "SET TRANSACTION SNAPSHOT '"+name+"'") // it takes no placeholder, and the name is the server's
			one.start()
			err = one.flush(ctx)
		}
		if err != nil {
			return lines, err
		}
	}
	return lines, nil
}

// readText reads the one value of a query.
func readText(ctx context.Context, from line, query string, into *string) error {
	return from.rows(ctx, func(row Row) error { return row.Scan(into) }, query, nil)
}
