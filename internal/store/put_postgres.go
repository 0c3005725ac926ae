package store

// replaceDocuments moves the versions before those given into the history, puts these in their place and takes away the
// old keys. All parts of the statement see the rows as they were before it. New keys cannot be written by it: they would
// meet the old ones.
const replaceDocuments = `WITH n AS (SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::boolean[], $8::text[], $9::text[])
  AS n (type, id, version, updated, deleted, external, digest, body)),
h AS (INSERT INTO document_history (tenant_id, type, id, version, updated, deleted, external, digest, body)
  SELECT d.tenant_id, d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body
  FROM documents d JOIN n ON d.type = n.type AND d.id = n.id AND d.version = n.version - 1 WHERE d.tenant_id = $1),
u AS (UPDATE documents d SET version = n.version, updated = n.updated, deleted = n.deleted, external = n.external, digest = n.digest, body = n.body
  FROM n WHERE d.tenant_id = $1 AND d.type = n.type AND d.id = n.id AND d.version = n.version - 1 RETURNING 1),
kt AS (DELETE FROM token_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
ks AS (DELETE FROM string_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
kd AS (DELETE FROM date_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
kn AS (DELETE FROM number_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id),
kr AS (DELETE FROM reference_keys k USING n WHERE k.tenant_id = $1 AND k.type = n.type AND k.id = n.id)
SELECT count(*) FROM u`

func (tx *Tx) replaceArrays(puts []Put) error {
	if len(puts) == 0 {
		return nil
	}
	replaced := 0
	tx.db.statements.Add(1)
	err := tx.pool().QueryRowContext(tx.context(), replaceDocuments, append([]any{string(tx.actor.Tenant)}, documentArrays(puts)...)...).Scan(&replaced)
	if err == nil && replaced != len(puts) {
		return errRaced
	}
	return err
}

// insertDocuments writes new documents, the keys of new and replaced ones and what the audit says so far, in one
// statement: each table takes arrays of its columns.
const insertDocuments = `WITH d AS (INSERT INTO documents (tenant_id, type, id, version, updated, deleted, external, digest, body)
  SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::boolean[], $8::text[], $9::text[])),
t AS (INSERT INTO token_keys (tenant_id, type, param, code, system, id)
  SELECT $1, * FROM unnest($10::text[], $11::text[], $12::text[], $13::text[], $14::text[]) ON CONFLICT DO NOTHING),
s AS (INSERT INTO string_keys (tenant_id, type, param, value, exact, id)
  SELECT $1, * FROM unnest($15::text[], $16::text[], $17::text[], $18::text[], $19::text[]) ON CONFLICT DO NOTHING),
a AS (INSERT INTO date_keys (tenant_id, type, param, low, high, id)
  SELECT $1, * FROM unnest($20::text[], $21::text[], $22::bigint[], $23::bigint[], $24::text[]) ON CONFLICT DO NOTHING),
n AS (INSERT INTO number_keys (tenant_id, type, param, low, high, system, code, unit, id)
  SELECT $1, * FROM unnest($25::text[], $26::text[], $27::bigint[], $28::bigint[], $29::text[], $30::text[], $31::text[], $32::text[]) ON CONFLICT DO NOTHING),
r AS (INSERT INTO reference_keys (tenant_id, type, param, target_type, target_id, url, id)
  SELECT $1, * FROM unnest($33::text[], $34::text[], $35::text[], $36::text[], $37::text[], $38::text[]) ON CONFLICT DO NOTHING)
INSERT INTO audit_events (tenant_id, id, at, subject, action, type, record, version)
  SELECT * FROM unnest($39::text[], $40::text[], $41::bigint[], $42::text[], $43::text[], $44::text[], $45::text[], $46::bigint[])`

func (tx *Tx) insertArrays(created, indexed []Put) error {
	if len(created)+len(indexed) == 0 {
		return nil
	}
	args := append([]any{string(tx.actor.Tenant)}, documentArrays(created)...)
	for _, t := range keyRows(indexed) {
		args = append(args, t.arrays(keyWidths[t.name])...)
	}
	args = append(args, auditArrays(tx.audits)...)
	if _, err := tx.native(insertDocuments, args...); err != nil {
		return err
	}
	tx.audits = tx.audits[:0]
	return nil
}

func documentArrays(puts []Put) []any {
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
