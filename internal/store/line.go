package store

import (
	"context"
	"database/sql"
)

// Row is one row of an answer.
type Row interface {
	// Scan puts the columns into what the targets point to.
	Scan(targets ...any) error
}

// line is a way to the database on which statements run one after the other, each in the database's own placeholders: a
// transaction, or reads that have none. It is not safe for concurrent use.
type line interface {
	// rows runs a query and calls scan for each row.
	rows(ctx context.Context, scan func(Row) error, query string, args []any) error
	// exec runs a statement and gives how many rows it touched.
	exec(ctx context.Context, query string, args []any) (int64, error)
	// later runs a statement whose answer nobody waits for, before the next one that is waited for and at the latest before the
	// end. judge, which may be nil, is told how many rows it touched; what it says against that is the statement's error.
	later(ctx context.Context, query string, args []any, judge func(touched int64) error) error
	// flush waits for the answers of what was to run later.
	flush(ctx context.Context) error
	// commit runs what is still to run, ends the transaction and gives the line back.
	commit(ctx context.Context) error
	// leave gives the line back, and takes back what a transaction has done. After commit it does nothing.
	leave()
}

// engine opens lines to one database.
type engine interface {
	// read opens a line of reads, each of which is consistent in itself.
	read() line
	// snapshot opens a line of reads that all see the same moment.
	snapshot(ctx context.Context) (line, error)
	// transaction opens one that reads and writes.
	transaction(ctx context.Context) (line, error)
}

// sqlLine is a line over database/sql, on which a statement runs at once: it costs no round trip.
type sqlLine struct {
	conn interface {
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	}
	tx *sql.Tx // nil where there is no transaction
}

func (l *sqlLine) rows(ctx context.Context, scan func(Row) error, query string, args []any) error {
	rows, err := l.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (l *sqlLine) exec(ctx context.Context, query string, args []any) (int64, error) {
	result, err := l.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (l *sqlLine) later(ctx context.Context, query string, args []any, judge func(int64) error) error {
	touched, err := l.exec(ctx, query, args)
	if err == nil && judge != nil {
		err = judge(touched)
	}
	return err
}

func (*sqlLine) flush(context.Context) error { return nil }

func (l *sqlLine) commit(context.Context) error { return l.tx.Commit() }

func (l *sqlLine) leave() {
	if l.tx != nil {
		_ = l.tx.Rollback() // nothing of it is kept, whatever it says
	}
}

// sqliteEngine has one writing connection and a pool of those that read.
type sqliteEngine struct{ writer, reader *sql.DB }

func (e sqliteEngine) read() line { return &sqlLine{conn: e.reader} }

func (e sqliteEngine) snapshot(ctx context.Context) (line, error) {
	return begin(ctx, e.reader, &sql.TxOptions{ReadOnly: true})
}

func (e sqliteEngine) transaction(ctx context.Context) (line, error) {
	return begin(ctx, e.writer, nil)
}

func begin(ctx context.Context, pool *sql.DB, options *sql.TxOptions) (line, error) {
	tx, err := pool.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return &sqlLine{conn: tx, tx: tx}, nil
}
