package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"unicode/utf8"

	"medbill/fhir/search"
	"medbill/models"
)

// keyBytesMax keeps a key within what an index of PostgreSQL can hold. Keys and questions are cut alike, so a longer value
// is still found.
const keyBytesMax = 500

func clip(text string) string {
	if len(text) <= keyBytesMax {
		return text
	}
	cut := keyBytesMax
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

// table gathers rows of one table, column by column for PostgreSQL's arrays or row by row for SQLite.
type table struct {
	name    string
	columns string
	rows    [][]any
}

func keyRows(puts []Put) []table {
	tables := []table{
		{name: "token_keys", columns: "type, param, code, system, id"},
		{name: "string_keys", columns: "type, param, value, exact, id"},
		{name: "date_keys", columns: "type, param, low, high, id"},
		{name: "number_keys", columns: "type, param, low, high, system, code, unit, id"},
		{name: "reference_keys", columns: "type, param, target_type, target_id, url, id"},
	}
	for _, p := range puts {
		typ, id := p.Document.Type, p.Document.ID
		for _, k := range p.Keys.Tokens {
			tables[0].rows = append(tables[0].rows, []any{typ, k.Param, clip(k.Code), clip(k.System), id})
		}
		for _, k := range p.Keys.Strings {
			tables[1].rows = append(tables[1].rows, []any{typ, k.Param, clip(k.Value), clip(k.Exact), id})
		}
		for _, k := range p.Keys.Dates {
			tables[2].rows = append(tables[2].rows, []any{typ, k.Param, k.Low, k.High, id})
		}
		for _, k := range p.Keys.Numbers {
			tables[3].rows = append(tables[3].rows, []any{typ, k.Param, k.Low, k.High, clip(k.System), clip(k.Code), clip(k.Unit), id})
		}
		for _, k := range p.Keys.References {
			tables[4].rows = append(tables[4].rows, []any{typ, k.Param, k.Type, clip(k.ID), clip(k.URL), id})
		}
	}
	return tables
}

const embeddedRowsMax = 200

// insertEmbedded writes documents and keys as a few multi-row statements: on SQLite a statement costs no round trip.
func (tx *Tx) insertEmbedded(puts []Put) error {
	documents := table{name: "documents", columns: documentColumns}
	for _, p := range puts {
		if d := p.Document; d.Version == 1 {
			documents.rows = append(documents.rows, []any{d.Type, d.ID, d.Version, int64(d.Updated), d.Deleted, d.External, d.Digest, string(d.Body)})
		}
	}
	for _, t := range append([]table{documents}, keyRows(puts)...) {
		for start := 0; start < len(t.rows); start += embeddedRowsMax {
			part := t.rows[start:min(start+embeddedRowsMax, len(t.rows))]
			width := len(part[0]) + 1
			args := make([]any, 0, len(part)*width)
			for _, row := range part {
				args = append(append(args, string(tx.actor.Tenant)), row...)
			}
			query := "INSERT INTO " + t.name + " (tenant_id, " + t.columns + ") VALUES " + placeholders(len(part), width)
			if t.name != "documents" {
				query += " ON CONFLICT DO NOTHING"
			}
			if _, err := tx.native(tx.context(), query, args...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *View) context() context.Context { return v.conn.Statement.Context }

// insertDocuments writes documents, keys and nothing else in one statement: each table takes arrays of its columns.
const insertDocuments = `WITH d AS (INSERT INTO documents (tenant_id, type, id, version, updated, deleted, external, digest, body)
  SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::boolean[], $8::text[], $9::text[])),
t AS (INSERT INTO token_keys (tenant_id, type, param, code, system, id)
  SELECT $1, * FROM unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::text[]) ON CONFLICT DO NOTHING),
s AS (INSERT INTO string_keys (tenant_id, type, param, value, exact, id)
  SELECT $1, * FROM unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::text[]) ON CONFLICT DO NOTHING),
a AS (INSERT INTO date_keys (tenant_id, type, param, low, high, id)
  SELECT $1, * FROM unnest($20::text[], $21::text[], $22::bigint[], $23::bigint[], $24::text[]) ON CONFLICT DO NOTHING),
n AS (INSERT INTO number_keys (tenant_id, type, param, low, high, system, code, unit, id)
  SELECT $1, * FROM unnest($25::text[], $26::text[], $27::bigint[], $28::bigint[], $29::text[], $30::text[], $31::text[], $32::text[]) ON CONFLICT DO NOTHING)
INSERT INTO reference_keys (tenant_id, type, param, target_type, target_id, url, id)
  SELECT $1, * FROM unnest($33::text[], $34::text[], $35::text[], $36::text[], $37::text[], $38::text[]) ON CONFLICT DO NOTHING`

func (tx *Tx) insertArrays(puts []Put) error {
	var types, ids, digests, bodies []string
	var versions, updated []int64
	var deleted, external []bool
	for _, p := range puts {
		d := p.Document
		if d.Version != 1 {
			continue
		}
		types, ids, digests, bodies = append(types, d.Type), append(ids, d.ID), append(digests, d.Digest), append(bodies, string(d.Body))
		versions, updated = append(versions, d.Version), append(updated, int64(d.Updated))
		deleted, external = append(deleted, d.Deleted), append(external, d.External)
	}
	args := []any{string(tx.actor.Tenant), types, ids, versions, updated, deleted, external, digests, bodies}
	for _, t := range keyRows(puts) {
		args = append(args, t.arrays(keyWidths[t.name])...)
	}
	_, err := tx.native(tx.context(), insertDocuments, args...)
	return err
}

// keyWidths says which columns of a key table are numbers.
var keyWidths = map[string][]bool{
	"token_keys":     {false, false, false, false, false},
	"string_keys":    {false, false, false, false, false},
	"date_keys":      {false, false, true, true, false},
	"number_keys":    {false, false, true, true, false, false, false, false},
	"reference_keys": {false, false, false, false, false, false},
}

// arrays turns rows into one array per column.
func (t table) arrays(isNumber []bool) []any {
	columns := make([]any, len(isNumber))
	for c, number := range isNumber {
		if number {
			values := make([]int64, len(t.rows))
			for r, row := range t.rows {
				values[r] = row[c].(int64)
			}
			columns[c] = values
			continue
		}
		values := make([]string, len(t.rows))
		for r, row := range t.rows {
			values[r] = row[c].(string)
		}
		columns[c] = values
	}
	return columns
}

// HasKeys reports whether a document is found by exactly these keys.
func (v *View) HasKeys(ref models.Ref, keys search.Keys) (bool, error) {
	for _, t := range keyRows([]Put{{Document: models.Document{Type: ref.Type, ID: ref.ID}, Keys: keys}}) {
		want := map[string]int{}
		for _, row := range t.rows {
			want[fmt.Sprintf("%q", row)] = 1
		}
		numbers := keyWidths[t.name]
		err := v.rows(func(rows *sql.Rows) error {
			row, targets := make([]any, len(numbers)), make([]any, len(numbers))
			for i, number := range numbers {
				if number {
					targets[i] = new(int64)
				} else {
					targets[i] = new(string)
				}
			}
			if err := rows.Scan(targets...); err != nil {
				return err
			}
			for i, target := range targets {
				row[i] = reflect.ValueOf(target).Elem().Interface()
			}
			want[fmt.Sprintf("%q", row)]--
			return nil
		}, "SELECT "+t.columns+" FROM "+t.name+" WHERE tenant_id = ? AND type = ? AND id = ?", v.actor.Tenant, ref.Type, ref.ID)
		if err != nil {
			return false, err
		}
		for _, left := range want {
			if left != 0 {
				return false, nil
			}
		}
	}
	return true, nil
}
