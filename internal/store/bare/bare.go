// Package bare writes and reads the rows of the store with SQL alone: the measure beside which the benchmark shows what the
// server costs. It keeps no promise of the store but the durability of its commits.
package bare

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"medbill/internal/store"
	"medbill/models"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// DB is an open database. On SQLite writes share one connection, reads have a pool and the read audit a file of its own, as
// in the store.
type DB struct {
	write, read, audit *sql.DB
	numbered           bool // placeholders are $1, $2 …
	audits             atomic.Int64
}

const tenant = "bare"

// Open opens a database that a store has migrated.
func Open(url string, connections int) (*DB, error) {
	path, embedded := strings.CutPrefix(url, "sqlite://")
	if !embedded {
		pool, err := sql.Open("pgx", url)
		if err != nil {
			return nil, err
		}
		pool.SetMaxOpenConns(connections)
		pool.SetMaxIdleConns(connections)
		return &DB{write: pool, read: pool, audit: pool, numbered: true}, nil
	}
	const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-32768)"
	d := &DB{}
	for _, file := range []struct {
		pool        **sql.DB
		dsn         string
		connections int
	}{
		{&d.write, "file:" + path + pragmas + "&_txlock=immediate", 1},
		{&d.read, "file:" + path + pragmas + "&_pragma=query_only(1)", connections},
		{&d.audit, "file:" + strings.TrimSuffix(path, ".db") + "-audit.db" + pragmas + "&_txlock=immediate", 1},
	} {
		pool, err := sql.Open("sqlite", file.dsn)
		if err != nil {
			return nil, err
		}
		pool.SetMaxOpenConns(file.connections)
		pool.SetMaxIdleConns(file.connections)
		*file.pool = pool
	}
	return d, nil
}

// Close closes the connections.
func (d *DB) Close() {
	for _, pool := range []*sql.DB{d.write, d.read, d.audit} {
		_ = pool.Close()
	}
}

// insert builds a statement for rows of columns, and its arguments.
func (d *DB) insert(table, columns string, rows [][]any) (string, []any) {
	var text strings.Builder
	text.WriteString("INSERT INTO " + table + " (tenant_id, " + columns + ") VALUES ")
	args := make([]any, 0, len(rows)*(len(rows[0])+1))
	for i, row := range rows {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteByte('(')
		for j, value := range append([]any{tenant}, row...) {
			if j > 0 {
				text.WriteByte(',')
			}
			args = append(args, value)
			if d.numbered {
				fmt.Fprintf(&text, "$%d", len(args))
			} else {
				text.WriteByte('?')
			}
		}
		text.WriteByte(')')
	}
	return text.String() + " ON CONFLICT DO NOTHING", args
}

// Write stores documents with their keys and an audit row each, in one transaction.
func (d *DB) Write(ctx context.Context, puts []store.Put) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, t := range tables(puts, d.audits.Add(int64(len(puts)))) {
		if len(t.rows) == 0 {
			continue
		}
		text, args := d.insert(t.name, t.columns, t.rows)
		if _, err := tx.ExecContext(ctx, text, args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

type table struct {
	name, columns string
	rows          [][]any
}

func tables(puts []store.Put, audit int64) []table {
	t := []table{
		{name: "documents", columns: "type, id, version, updated, deleted, external, digest, body"},
		{name: "token_keys", columns: "type, param, code, system, id"},
		{name: "string_keys", columns: "type, param, value, exact, id"},
		{name: "date_keys", columns: "type, param, low, high, id"},
		{name: "reference_keys", columns: "type, param, target_type, target_id, url, id"},
		{name: "audit_events", columns: auditColumns},
	}
	add := func(i int, row ...any) { t[i].rows = append(t[i].rows, row) }
	for n, p := range puts {
		doc := p.Document
		add(0, doc.Type, doc.ID, doc.Version, int64(doc.Updated), false, false, store.Digest(doc.Body), string(doc.Body))
		for _, k := range p.Keys.Tokens {
			add(1, doc.Type, k.Param, k.Code, k.System, doc.ID)
		}
		for _, k := range p.Keys.Strings {
			add(2, doc.Type, k.Param, k.Value, k.Exact, doc.ID)
		}
		for _, k := range p.Keys.Dates {
			add(3, doc.Type, k.Param, k.Low, k.High, doc.ID)
		}
		for _, k := range p.Keys.References {
			add(4, doc.Type, k.Param, k.Type, k.ID, k.URL, doc.ID)
		}
		add(5, auditRow("create", doc.Type, doc.ID, audit-int64(n))...)
	}
	return t
}

const auditColumns = "id, at, subject, action, type, record, version"

func auditRow(action, typ, record string, n int64) []any {
	return []any{fmt.Sprintf("%s-%s-%d", action, typ, n), time.Now().UnixMicro(), "bare", action, typ, record, int64(1)}
}

// recordRead writes the audit row of a read.
func (d *DB) recordRead(ctx context.Context, action, typ, record string) error {
	text, args := d.insert("audit_events", auditColumns, [][]any{auditRow(action, typ, record, d.audits.Add(1))})
	_, err := d.audit.ExecContext(ctx, text, args...)
	return err
}

// rebind writes ? placeholders as the database wants them.
func (d *DB) rebind(query string) string {
	if !d.numbered {
		return query
	}
	var b strings.Builder
	n := 0
	for _, c := range query {
		if c == '?' {
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// bodies runs a query and reads the bodies it gives.
func (d *DB) bodies(ctx context.Context, query string, args ...any) (int, error) {
	rows, err := d.read.QueryContext(ctx, d.rebind(query), args...)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	count := 0
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return count, err
		}
		count++
	}
	return count, rows.Err()
}

// Read gives a document by id and records that it was read.
func (d *DB) Read(ctx context.Context, ref models.Ref) error {
	found, err := d.bodies(ctx, "SELECT body FROM documents WHERE tenant_id = ? AND type = ? AND id = ?", tenant, ref.Type, ref.ID)
	if err == nil && found != 1 {
		err = fmt.Errorf("%d documents", found)
	}
	if err != nil {
		return err
	}
	return d.recordRead(ctx, "read", ref.Type, ref.ID)
}

// SearchByPatient gives the first page of a type for a patient and records the search.
func (d *DB) SearchByPatient(ctx context.Context, typ, patient string) error {
	_, err := d.bodies(ctx, "SELECT d.body FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.id IN (SELECT k.id FROM reference_keys k WHERE k.tenant_id = ? AND k.type = ? AND k.param = ? AND k.target_id = ? AND k.target_type = ?) ORDER BY d.id LIMIT 51",
		tenant, typ, tenant, typ, "patient", patient, "Patient")
	if err != nil {
		return err
	}
	return d.recordRead(ctx, "search", typ, "")
}

// ClaimPage gives twenty claims, their patients and the answers to them, and records the search.
func (d *DB) ClaimPage(ctx context.Context) error {
	claims, err := d.column(ctx, "SELECT id, body FROM documents WHERE tenant_id = ? AND type = 'Claim' ORDER BY id LIMIT 20", tenant)
	if err != nil {
		return err
	}
	in := "(" + strings.TrimSuffix(strings.Repeat("?,", len(claims)), ",") + ")"
	patients, err := d.column(ctx, "SELECT target_id, url FROM reference_keys WHERE tenant_id = ? AND type = 'Claim' AND param = 'patient' AND id IN "+in, append([]any{tenant}, claims...)...)
	if err != nil {
		return err
	}
	answers, err := d.column(ctx, "SELECT id, url FROM reference_keys WHERE tenant_id = ? AND type = 'ClaimResponse' AND param = 'request' AND target_id IN "+in, append([]any{tenant}, claims...)...)
	if err != nil {
		return err
	}
	for typ, ids := range map[string][]any{"Patient": patients, "ClaimResponse": answers} {
		in := "(" + strings.TrimSuffix(strings.Repeat("?,", len(ids)), ",") + ")"
		if _, err := d.bodies(ctx, "SELECT body FROM documents WHERE tenant_id = ? AND type = ? AND id IN "+in, append([]any{tenant, typ}, ids...)...); err != nil {
			return err
		}
	}
	return d.recordRead(ctx, "search", "Claim", "")
}

// column runs a query of two columns and gives the first.
func (d *DB) column(ctx context.Context, query string, args ...any) ([]any, error) {
	rows, err := d.read.QueryContext(ctx, d.rebind(query), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var ids []any
	for rows.Next() {
		var id string
		var rest []byte
		if err := rows.Scan(&id, &rest); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
