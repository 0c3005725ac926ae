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
	inserts               map[string]*sql.Stmt
	auditInsert           *sql.Stmt
	prepared              sync.Map // text → *sql.Stmt of the read pool
}

func openSQLite(ctx context.Context, path string, connections int) (engine, error) {
	const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&"
	e := &sqlite{inserts: map[string]*sql.Stmt{}}
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
	for table := range columns {
		statement, err := e.writes.PrepareContext(ctx, insert(table)) //nolint:sqlclosecheck // it lives as long as its pool
		if err != nil {
			return nil, err
		}
		e.inserts[table] = statement
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

func (e *sqlite) write(ctx context.Context, rows []row) error {
	tx, err := e.writes.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := tx.StmtContext(ctx, e.inserts[r.table]).ExecContext(ctx, r.args...); err != nil { //nolint:sqlclosecheck // the end of the transaction closes it
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

func (e *sqlite) fill(ctx context.Context, rows []row) error { return e.write(ctx, rows) }

func (e *sqlite) audit(ctx context.Context, r row) error {
	_, err := e.auditInsert.ExecContext(ctx, r.args...)
	return err
}

func (e *sqlite) query(ctx context.Context, text string, args []any, each func(scan func(...any) error) error) error {
	kept, ok := e.prepared.Load(text)
	if !ok {
		statement, err := e.reads.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		kept, _ = e.prepared.LoadOrStore(text, statement)
	}
	rows, err := kept.(*sql.Stmt).QueryContext(ctx, args...)
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
