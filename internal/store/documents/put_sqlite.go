package documents

import "medbill/internal/store"

func (b batch) putEmbedded(tx *store.Tx) error {
	if err := b.replaceEmbedded(tx); err != nil {
		return err
	}
	return b.insertEmbedded(tx)
}

// replaceEmbedded moves the versions before those given into the history, unless they are of this transaction, puts these in
// their place and takes away the old keys.
func (b batch) replaceEmbedded(tx *store.Tx) error {
	if len(b.replaced) == 0 {
		return nil
	}
	tenant := string(tx.Tenant())
	if err := b.keepPasts(tx, tenant); err != nil {
		return err
	}
	about := []any{tenant}
	for i, p := range b.replaced {
		d := p.Document
		about = append(about, d.ID, d.Type)
		replaced, err := tx.Exec("UPDATE documents SET version = ?, updated = ?, deleted = ?, external = ?, digest = ?, body = ? WHERE tenant_id = ? AND type = ? AND id = ? AND version = ?",
			d.Version, d.Updated, d.Deleted, d.External, d.Digest, string(d.Body), tenant, d.Type, d.ID, b.was[i])
		if err != nil {
			return err
		}
		if replaced != 1 {
			return store.ErrRaced
		}
	}
	for _, table := range keyTables {
		if _, err := tx.Exec("DELETE FROM "+table+" WHERE tenant_id = ? AND (id, type) IN (VALUES "+store.Placeholders(len(b.replaced), 2)+")", about...); err != nil {
			return err
		}
	}
	return nil
}

func (b batch) keepPasts(tx *store.Tx, tenant string) error {
	args := []any{tenant}
	for i, p := range b.replaced {
		if d := p.Document; b.was[i] < d.Version {
			args = append(args, d.Type, d.ID, b.was[i])
		}
	}
	if len(args) == 1 {
		return nil
	}
	_, err := tx.Exec("INSERT INTO document_history (tenant_id, "+documentColumns+") SELECT tenant_id, "+documentColumns+
		" FROM documents WHERE tenant_id = ? AND (type, id, version) IN (VALUES "+store.Placeholders(len(args)/3, 3)+")", args...)
	return err
}

const embeddedRowsMax = 200

// insertEmbedded writes new documents, the keys of new and replaced ones and the outbox, as a few statements of many rows.
func (b batch) insertEmbedded(tx *store.Tx) error {
	documents := table{name: "documents", columns: documentColumns}
	for _, p := range b.created {
		d := p.Document
		documents.rows = append(documents.rows, []any{d.Type, d.ID, d.Version, int64(d.Updated), d.Deleted, d.External, d.Digest, string(d.Body)})
	}
	if err := documents.insert(tx, ""); err != nil {
		return err
	}
	for _, t := range keyRows(b.indexed) {
		if err := t.insert(tx, " ON CONFLICT DO NOTHING"); err != nil { // one value may stand twice in a document
			return err
		}
	}
	return table{name: "outbox", columns: outboxColumns, rows: b.changes}.insert(tx, "")
}

// insert writes the rows, each with the tenant before it.
func (t table) insert(tx *store.Tx, conflict string) error {
	for start := 0; start < len(t.rows); start += embeddedRowsMax {
		part := t.rows[start:min(start+embeddedRowsMax, len(t.rows))]
		width := len(part[0]) + 1
		args := make([]any, 0, len(part)*width)
		for _, row := range part {
			args = append(append(args, string(tx.Tenant())), row...)
		}
		query := "INSERT INTO " + t.name + " (tenant_id, " + t.columns + ") VALUES " + store.Placeholders(len(part), width) + conflict
		if _, err := tx.Exec(query, args...); err != nil {
			return err
		}
	}
	return nil
}
