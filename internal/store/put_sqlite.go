package store

// replaceEmbedded moves the versions before those given into the history, puts these in their place and takes away the old
// keys, one document after the other: on SQLite a statement costs no round trip.
func (tx *Tx) replaceEmbedded(puts []Put) error {
	tenant := string(tx.actor.Tenant)
	for _, p := range puts {
		d := p.Document
		moved, err := tx.exec("INSERT INTO document_history (tenant_id, "+documentColumns+") SELECT tenant_id, "+documentColumns+
			" FROM documents WHERE tenant_id = ? AND type = ? AND id = ? AND version = ?", tenant, d.Type, d.ID, d.Version-1)
		if err != nil {
			return err
		}
		if moved != 1 {
			return errRaced
		}
		_, err = tx.exec("UPDATE documents SET version = ?, updated = ?, deleted = ?, external = ?, digest = ?, body = ? WHERE tenant_id = ? AND type = ? AND id = ?",
			d.Version, d.Updated, d.Deleted, d.External, d.Digest, string(d.Body), tenant, d.Type, d.ID)
		if err != nil {
			return err
		}
		for _, table := range keyTables {
			if _, err := tx.exec("DELETE FROM "+table+" WHERE tenant_id = ? AND type = ? AND id = ?", tenant, d.Type, d.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

const embeddedRowsMax = 200

// insertEmbedded writes new documents, and the keys of new and replaced ones, as a few statements of many rows.
func (tx *Tx) insertEmbedded(created, indexed []Put) error {
	documents := table{name: "documents", columns: documentColumns}
	for _, p := range created {
		d := p.Document
		documents.rows = append(documents.rows, []any{d.Type, d.ID, d.Version, int64(d.Updated), d.Deleted, d.External, d.Digest, string(d.Body)})
	}
	for _, t := range append([]table{documents}, keyRows(indexed)...) {
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
			if _, err := tx.native(query, args...); err != nil {
				return err
			}
		}
	}
	return nil
}
