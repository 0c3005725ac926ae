// Package bare writes and reads the rows of the store with nothing but SQL: the measure beside which benchmarks show what
// the store and the server cost. It keeps no promise of the store but the durability of its commits.
package bare

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"

	"medbill/fhir/search"
	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// DB is an open database with the store's schema. It is safe for concurrent use.
type DB struct {
	engine engine
	tenant string
	made   atomic.Int64 // rows that are told apart by their number
}

// engine is SQL as each database takes it best: prepared statements on SQLite, pipelined ones on PostgreSQL.
type engine interface {
	run(ctx context.Context, statements []statement) error // in one transaction, each of which writes one row
	fill(ctx context.Context, rows []row) error
	audit(ctx context.Context, r row) error
	query(ctx context.Context, text string, args []any, each func(scan func(...any) error) error) error
	analyze(ctx context.Context) error
	close()
}

// row is one row of a table; its first column is the tenant.
type row struct {
	table string
	args  []any
}

// statement is one with ? where its values go.
type statement struct {
	text string
	args []any
}

// errMissed says that a statement did not write its one row: what it was made of is not what is stored here.
func errMissed(text string, rows int64) error {
	return fmt.Errorf("%d rows and not one written by %s", rows, text)
}

// columns are those of each table, in the order of a row's arguments.
var columns = map[string]string{
	"documents":      "tenant_id, type, id, version, updated, deleted, external, digest, body",
	"token_keys":     "tenant_id, type, param, code, system, id",
	"string_keys":    "tenant_id, type, param, value, exact, id",
	"date_keys":      "tenant_id, type, param, low, high, low_day, high_day, low_by, high_by, id",
	"number_keys":    "tenant_id, type, param, low, high, system, code, unit, id",
	"reference_keys": "tenant_id, type, params, target_type, target_id, url, id",
	"outbox":         "tenant_id, id, at, changes",
	"audit_events":   "tenant_id, id, at, subject, action, type, record, version",
}

// Open opens a database that a store has migrated, for the rows of one tenant.
func Open(ctx context.Context, url, tenant string, connections int) (*DB, error) {
	open := openPostgres
	if path, embedded := strings.CutPrefix(url, "sqlite://"); embedded {
		open, url = openSQLite, path
	}
	e, err := open(ctx, url, connections)
	if err != nil {
		return nil, err
	}
	return &DB{engine: e, tenant: tenant}, nil
}

// Close closes the connections.
func (d *DB) Close() { d.engine.close() }

// Analyze looks at what is stored, as the database does by itself a minute after it was filled.
func (d *DB) Analyze(ctx context.Context) error { return d.engine.analyze(ctx) }

// Write stores new documents with their keys, an audit row each and a row of the outbox, in one transaction.
func (d *DB) Write(ctx context.Context, puts ...documents.Indexed) error {
	var rows []row
	var changes []string
	for _, p := range puts {
		doc := p.Document
		rows = append(append(rows, d.documentRows(p)...), d.auditRow("create", doc.Type, doc.ID))
		changes = append(changes, fmt.Sprintf("%s/%s/%d", doc.Type, doc.ID, doc.Version))
	}
	rows = append(rows, row{"outbox", []any{d.tenant, fmt.Sprintf("change-%d", d.made.Add(1)), clock.System().Now().UnixMicro(), strings.Join(changes, " ")}})
	return d.engine.run(ctx, inserts(rows))
}

// Fill stores new documents with their keys in one transaction, as a load of many does: without outbox and audit.
func (d *DB) Fill(ctx context.Context, puts ...documents.Indexed) error {
	var rows []row
	for _, p := range puts {
		rows = append(rows, d.documentRows(p)...)
	}
	return d.engine.fill(ctx, rows)
}

// documentRows gives the rows of a document and its keys.
func (d *DB) documentRows(p documents.Indexed) (rows []row) {
	doc := p.Document
	add := func(table string, args ...any) { rows = append(rows, row{table, append([]any{d.tenant}, args...)}) }
	add("documents", doc.Type, doc.ID, doc.Version, int64(doc.Updated), false, false, store.Digest(doc.Body), string(doc.Body))
	for _, k := range p.Keys.Tokens {
		add("token_keys", doc.Type, k.Param, k.Code, k.System, doc.ID)
	}
	for _, k := range p.Keys.Strings {
		add("string_keys", doc.Type, k.Param, k.Value, k.Exact, doc.ID)
	}
	for _, k := range p.Keys.Dates {
		add("date_keys", doc.Type, k.Param, k.Low, k.High, k.LowDay, k.HighDay, string(k.LowBy), string(k.HighBy), doc.ID)
	}
	for _, k := range p.Keys.Numbers {
		add("number_keys", doc.Type, k.Param, k.Low, k.High, k.System, k.Code, k.Unit, doc.ID)
	}
	for _, l := range search.Links(p.Keys.References) {
		add("reference_keys", doc.Type, l.Params, l.Type, l.ID, l.URL, doc.ID)
	}
	return rows
}

func (d *DB) auditRow(action, typ, record string) row {
	id := fmt.Sprintf("%s-%d", action, d.made.Add(1))
	return row{"audit_events", []any{d.tenant, id, clock.System().Now().UnixMicro(), "bare", action, typ, record, int64(1)}}
}

// RecordRead writes the audit row of a read, by itself.
func (d *DB) RecordRead(ctx context.Context, action, typ, record string) error {
	return d.engine.audit(ctx, d.auditRow(action, typ, record))
}

const documentColumns = "d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body"

// documents runs a query of documentColumns and gives the ids and how many bytes of bodies came.
func (d *DB) documents(ctx context.Context, condition string, args ...any) (ids []any, size int, err error) {
	err = d.engine.query(ctx, "SELECT "+documentColumns+" FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND "+condition,
		append([]any{d.tenant}, args...), func(scan func(...any) error) error {
			var doc models.Document
			err := scan(&doc.ID, &doc.Version, &doc.Updated, &doc.Deleted, &doc.External, &doc.Digest, &doc.Body)
			ids, size = append(ids, doc.ID), size+len(doc.Body)
			return err
		})
	return ids, size, err
}

// Read gives the size of a document's body.
func (d *DB) Read(ctx context.Context, ref models.Ref) (int, error) {
	ids, size, err := d.documents(ctx, "d.id = ?", ref.Type, ref.ID)
	if err == nil && len(ids) != 1 {
		err = fmt.Errorf("%d documents", len(ids))
	}
	return size, err
}

// SearchByPatient counts the first documents of a type for a patient, limit at most.
func (d *DB) SearchByPatient(ctx context.Context, typ, patient string, limit int) (int, error) {
	ids, _, err := d.documents(ctx, "d.deleted = FALSE AND d.id IN (SELECT k.id FROM reference_keys k WHERE k.tenant_id = ? AND k.type = ? AND k.params LIKE ? AND k.target_id = ? AND k.target_type = ?) ORDER BY d.id LIMIT ?",
		typ, d.tenant, typ, search.LinkedBy("patient"), patient, "Patient", limit)
	return len(ids), err
}

// Newest counts the documents of a type that changed last, limit at most.
func (d *DB) Newest(ctx context.Context, typ string, limit int) (int, error) {
	ids, _, err := d.documents(ctx, "d.deleted = FALSE ORDER BY d.updated DESC LIMIT ?", typ, limit)
	return len(ids), err
}

// Latest counts the documents of a type with the latest days of a date parameter, limit at most.
func (d *DB) Latest(ctx context.Context, typ, param string, limit int) (int, error) {
	ids, err := d.column(ctx, "SELECT k.id FROM date_keys k WHERE k.tenant_id = ? AND k.type = ? AND k.param = ? ORDER BY k.low DESC LIMIT ?", d.tenant, typ, param, limit)
	if err != nil {
		return 0, err
	}
	found, _, err := d.documents(ctx, "d.deleted = FALSE AND d.id IN "+list(ids), append([]any{typ}, ids...)...)
	return len(found), err
}

// Since counts the first documents of a type with a code of a token parameter and a date parameter not before low, limit at most.
func (d *DB) Since(ctx context.Context, typ, token, code, date string, low int64, limit int) (int, error) {
	ids, _, err := d.documents(ctx, "d.deleted = FALSE AND d.id IN (SELECT k.id FROM date_keys k WHERE k.tenant_id = ? AND k.type = ? AND k.param = ? AND k.low >= ?) AND d.id IN (SELECT k.id FROM token_keys k WHERE k.tenant_id = ? AND k.type = ? AND k.param = ? AND k.code = ?) ORDER BY d.id LIMIT ?",
		typ, d.tenant, typ, date, low, d.tenant, typ, token, code, limit)
	return len(ids), err
}

// Count counts the documents of a type up to a limit.
func (d *DB) Count(ctx context.Context, typ string, limit int) (int, error) {
	count := 0
	err := d.engine.query(ctx, "SELECT count(*) FROM (SELECT 1 FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.deleted = FALSE LIMIT ?) AS found",
		[]any{d.tenant, typ, limit}, func(scan func(...any) error) error { return scan(&count) })
	return count, err
}

// ClaimPage reads twenty claims, their patients and the answers to them, and counts the documents.
func (d *DB) ClaimPage(ctx context.Context) (int, error) {
	claims, _, err := d.documents(ctx, "d.deleted = FALSE ORDER BY d.id LIMIT 20", "Claim")
	if err != nil {
		return 0, err
	}
	count := len(claims)
	for _, follow := range []struct{ typ, keys string }{
		{"Patient", "SELECT k.target_id FROM reference_keys k WHERE k.tenant_id = ? AND k.type = 'Claim' AND k.params LIKE '%|patient|%' AND k.id IN "},
		{"ClaimResponse", "SELECT k.id FROM reference_keys k WHERE k.tenant_id = ? AND k.type = 'ClaimResponse' AND k.params LIKE '%|request|%' AND k.target_id IN "},
	} {
		ids, err := d.column(ctx, follow.keys+list(claims), append([]any{d.tenant}, claims...)...)
		if err != nil {
			return 0, err
		}
		found, _, err := d.documents(ctx, "d.id IN "+list(ids), append([]any{follow.typ}, ids...)...)
		if err != nil {
			return 0, err
		}
		count += len(found)
	}
	return count, nil
}

// list gives a placeholder for each value.
func list(values []any) string {
	return "(" + strings.TrimSuffix(strings.Repeat("?,", len(values)), ",") + ")"
}

func (d *DB) column(ctx context.Context, text string, args ...any) ([]any, error) {
	var values []any
	err := d.engine.query(ctx, text, args, func(scan func(...any) error) error {
		var value string
		err := scan(&value)
		values = append(values, value)
		return err
	})
	return values, err
}

// inserts gives the statements that write rows, one each.
func inserts(rows []row) []statement {
	all := make([]statement, len(rows))
	for i, r := range rows {
		all[i] = statement{insert(r.table), r.args}
	}
	return all
}

// insert gives the statement that writes one row of a table.
func insert(table string) string {
	return "INSERT INTO " + table + " (" + columns[table] + ") VALUES " + list(make([]any, 1+strings.Count(columns[table], ",")))
}
