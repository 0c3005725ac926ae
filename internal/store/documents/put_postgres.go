package documents

import "medbill/internal/store"

// replaceDocuments moves the versions before those given into the history, unless they are of this transaction, puts these
// in their place and takes away the old keys. The rows are locked in order before the first of them changes. All parts of the
// statement see the rows as they were before it; new keys cannot be written by it: they would meet the old ones.
const replaceDocuments = `WITH n AS (SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::boolean[], $8::text[], $9::text[], $10::bigint[])
  AS n (type, id, version, updated, deleted, external, digest, body, was)),
l AS (SELECT d.type, d.id FROM documents d JOIN n ON d.type = n.type AND d.id = n.id AND d.version = n.was WHERE d.tenant_id = $1
  ORDER BY d.type, d.id FOR UPDATE OF d),
h AS (INSERT INTO document_history (tenant_id, type, id, version, updated, deleted, external, digest, body)
  SELECT d.tenant_id, d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body
  FROM documents d JOIN n ON d.type = n.type AND d.id = n.id AND d.version = n.was WHERE d.tenant_id = $1 AND n.was < n.version),
u AS (UPDATE documents d SET version = n.version, updated = n.updated, deleted = n.deleted, external = n.external, digest = n.digest, body = n.body
  FROM n JOIN l ON l.type = n.type AND l.id = n.id WHERE d.tenant_id = $1 AND d.type = n.type AND d.id = n.id AND d.version = n.was RETURNING 1),
kt AS (DELETE FROM token_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
ks AS (DELETE FROM string_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
kd AS (DELETE FROM date_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
kn AS (DELETE FROM number_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
kr AS (DELETE FROM reference_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id)
SELECT count(*) FROM u`

func (b batch) putArrays(tx *store.Tx) error {
	if err := b.replaceArrays(tx); err != nil {
		return err
	}
	return b.insertArrays(tx)
}

func (b batch) replaceArrays(tx *store.Tx) error {
	if len(b.replaced) == 0 {
		return nil
	}
	for _, p := range b.replaced {
		tx.Meets("document", refOf(p.Document).String())
	}
	args := append([]any{string(tx.Tenant())}, documentArrays(b.replaced)...)
	replaced, err := store.Column[int](tx.View, replaceDocuments, append(args, b.was)...)
	if err == nil && replaced[0] != len(b.replaced) {
		return store.ErrRaced
	}
	return err
}

// insertDocuments writes new documents, the keys of new and replaced ones, the outbox and what the audit says so far, in one
// statement: each table takes arrays of its columns.
const insertDocuments = `WITH d AS (INSERT INTO documents (tenant_id, type, id, version, updated, deleted, external, digest, body)
  SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::boolean[], $8::text[], $9::text[])),
t AS (INSERT INTO token_keys (tenant_id, type, param, code, system, id)
  SELECT $1, * FROM unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::text[]) ON CONFLICT DO NOTHING),
s AS (INSERT INTO string_keys (tenant_id, type, param, value, exact, id)
  SELECT $1, * FROM unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::text[]) ON CONFLICT DO NOTHING),
a AS (INSERT INTO date_keys (tenant_id, type, param, low, high, low_day, high_day, low_by, high_by, id)
  SELECT $1, * FROM unnest($20::text[], $21::text[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::text[], $27::text[], $28::text[]) ON CONFLICT DO NOTHING),
n AS (INSERT INTO number_keys (tenant_id, type, param, low, high, system, code, unit, id)
  SELECT $1, * FROM unnest($29::text[], $30::text[], $31::bigint[], $32::bigint[], $33::text[], $34::text[], $35::text[], $36::text[]) ON CONFLICT DO NOTHING),
r AS (INSERT INTO reference_keys (tenant_id, type, param, target_type, target_id, url, id)
  SELECT $1, * FROM unnest($37::text[], $38::text[], $39::text[], $40::text[], $41::text[], $42::text[]) ON CONFLICT DO NOTHING),
o AS (INSERT INTO outbox (tenant_id, id, type, record, version, deleted, at)
  SELECT $1, * FROM unnest($51::text[], $52::text[], $53::text[], $54::bigint[], $55::boolean[], $56::bigint[]))
INSERT INTO audit_events (tenant_id, id, at, subject, action, type, record, version)
  SELECT * FROM unnest($43::text[], $44::text[], $45::bigint[], $46::text[], $47::text[], $48::text[], $49::text[], $50::bigint[])`

func (b batch) insertArrays(tx *store.Tx) error {
	args := append([]any{string(tx.Tenant())}, documentArrays(b.created)...)
	for _, t := range keyRows(b.indexed) {
		args = append(args, t.arrays(keyWidths[t.name])...)
	}
	args = append(args, tx.TakeAudits()...)
	_, err := tx.Exec(insertDocuments, append(args, b.changeArrays()...)...)
	return err
}

func (b batch) changeArrays() []any {
	n := len(b.changes)
	ids, types, records := make([]string, n), make([]string, n), make([]string, n)
	versions, deleted, ats := make([]int64, n), make([]bool, n), make([]int64, n)
	for i, c := range b.changes {
		ids[i], types[i], records[i] = c[0].(string), c[1].(string), c[2].(string)
		versions[i], deleted[i], ats[i] = c[3].(int64), c[4].(bool), c[5].(int64)
	}
	return []any{ids, types, records, versions, deleted, ats}
}

func documentArrays(puts []Indexed) []any {
	n := len(puts)
	types, ids, digests, bodies := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	versions, updated := make([]int64, n), make([]int64, n)
	deleted, external := make([]bool, n), make([]bool, n)
	for i, p := range puts {
		d := p.Document
		types[i], ids[i], digests[i], bodies[i] = d.Type, d.ID, d.Digest, string(d.Body)
		versions[i], updated[i], deleted[i], external[i] = d.Version, int64(d.Updated), d.Deleted, d.External
	}
	return []any{types, ids, versions, updated, deleted, external, digests, bodies}
}

// keyWidths says which columns of a key table are numbers.
var keyWidths = map[string][]bool{
	"token_keys":     {false, false, false, false, false},
	"string_keys":    {false, false, false, false, false},
	"date_keys":      {false, false, true, true, true, true, false, false, false},
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
