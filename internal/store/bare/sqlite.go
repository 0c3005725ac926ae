package bare

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// sqlite has one write connection, a pool of read-only ones and a file for the audit of reads, as the store has.
type sqlite struct {
	writes, reads, audits *sql.DB
	auditInsert           *sql.Stmt
	prepared              sync.Map // text → *sql.Stmt of the read pool
	preparedWrites        sync.Map // the same of the write connection
}

func openSQLite(ctx context.Context, path string, connections int) (engine, error) {
	const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&"
	e := &sqlite{}
	for _, file := range []struct {
		pool        **sql.DB
		dsn         string
		connections int
	}{
		{&e.writes, "file:" + path + pragmas + "_txlock=immediate&_pragma=cache_size(-8192)", 1},
		{&e.reads, "file:" + path + pragmas + "_pragma=query_only(1)&_pragma=cache_size(-2048)", connections},
		{&e.audits, "file:" + strings.TrimSuffix(path, ".db") + "-audit.db" + pragmas + "_txlock=immediate&_pragma=cache_size(-1024)", 1},
	} {
		pool, err := sql.Open("sqlite", file.dsn)
		if err != nil {
			return nil, err
		}
		pool.SetMaxOpenConns(file.connections)
		pool.SetMaxIdleConns(file.connections)
		*file.pool = pool
	}
	var err error
	e.auditInsert, err = e.audits.PrepareContext(ctx, insert("audit_events"))
	return e, err
}

func (e *sqlite) close() {
	for _, pool := range []*sql.DB{e.writes, e.reads, e.audits} {
		_ = pool.Close()
	}
}

func (e *sqlite) analyze(context.Context) error { return nil }

func (e *sqlite) run(ctx context.Context, statements []statement) error {
	prepared := make([]*sql.Stmt, len(statements))
	for i, s := range statements { // before the transaction takes the one connection
		var err error
		if prepared[i], err = kept(ctx, &e.preparedWrites, e.writes, s.text); err != nil { //nolint:sqlclosecheck // it lives as long as its pool
			return err
		}
	}
	tx, err := e.writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for i, s := range statements {
		done, err := tx.StmtContext(ctx, prepared[i]).ExecContext(ctx, s.args...) //nolint:sqlclosecheck // the end of the transaction closes it
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if rows, _ := done.RowsAffected(); rows != 1 {
			return errors.Join(errMissed(s.text, rows), tx.Rollback())
		}
	}
	return tx.Commit()
}

func (e *sqlite) fill(ctx context.Context, rows []row) error { return e.run(ctx, inserts(rows)) }

func (e *sqlite) audit(ctx context.Context, r row) error {
	_, err := e.auditInsert.ExecContext(ctx, r.args...)
	return err
}

func (e *sqlite) query(ctx context.Context, text string, args []any, each func(scan func(...any) error) error) error {
	statement, err := kept(ctx, &e.prepared, e.reads, text) //nolint:sqlclosecheck // it lives as long as its pool
	if err != nil {
		return err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// kept prepares a statement when it is first asked for; it lives as long as its pool.
func kept(ctx context.Context, known *sync.Map, pool *sql.DB, text string) (*sql.Stmt, error) {
	if found, ok := known.Load(text); ok {
		return found.(*sql.Stmt), nil
	}
	made, err := pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	found, _ := known.LoadOrStore(text, made)
	return found.(*sql.Stmt), nil
}
