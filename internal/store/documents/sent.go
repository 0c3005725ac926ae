package documents

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// SaveSent keeps what a client sent of a document that we render, as the base of every rendering.
func SaveSent(tx *store.Tx, ref models.Ref, body []byte) error {
	sent := store.Local[sentHere](tx.View)
	if *sent == nil {
		*sent = sentHere{}
	}
	(*sent)[ref] = true
	return tx.Write("INSERT INTO sent_documents (tenant_id, type, id, body) VALUES (?, ?, ?, ?) ON CONFLICT (tenant_id, type, id) DO UPDATE SET body = excluded.body",
		tx.Tenant(), ref.Type, ref.ID, string(body))
}

// sentHere are the documents of which a transaction has saved what was sent.
type sentHere map[models.Ref]bool

// IsFirstSent reports whether it was in this transaction that a client sent a document that is already known to us.
func IsFirstSent(tx *store.Tx, ref models.Ref) bool { return (*store.Local[sentHere](tx.View))[ref] }

// SentOf gives what SaveSent kept of documents of one type, by id.
func SentOf(v *store.View, typ string, ids []string) (map[string][]byte, error) {
	sent := map[string][]byte{}
	err := v.Rows(func(row store.Row) error {
		var id string
		var body []byte
		err := row.Scan(&id, &body)
		sent[id] = body
		return err
	}, "SELECT id, body FROM sent_documents WHERE tenant_id = ? AND type = ? AND id IN ?", v.Tenant(), typ, ids)
	return sent, err
}

// Base is what a rendering of a booked document is held against and laid upon: the version that stands, the zero Document
// where there is none, and what a client sent of it, nil where it sent nothing.
type Base struct {
	Document models.Document
	Sent     []byte
}

// Bases gives what there is of booked documents in one statement, for whoever puts them; it does not wait for what is still
// to be put. Of records that the transaction itself makes there is nothing.
func Bases(tx *store.Tx, refs []models.Ref) (map[models.Ref]Base, error) {
	bases := make(map[models.Ref]Base, len(refs))
	written, sent := writtenBy(tx), *store.Local[sentHere](tx.View)
	refs = slices.DeleteFunc(slices.Clone(refs), func(ref models.Ref) bool {
		_, isWritten := written[ref]
		return tx.Made(ref.ID) && !isWritten && !sent[ref]
	})
	for start := 0; start < len(refs); start += pageMax {
		var types, ids []string
		for _, ref := range refs[start:min(start+pageMax, len(refs))] {
			if !slices.Contains(types, ref.Type) {
				types = append(types, ref.Type)
			}
			ids = append(ids, ref.ID)
		}
		found, err := fetch(tx.View, "SELECT "+documentColumns+" FROM documents WHERE tenant_id = ? AND type IN ? AND id IN ?"+
			" UNION ALL SELECT type, id, 0, 0, FALSE, FALSE, '', body FROM sent_documents WHERE tenant_id = ? AND type IN ? AND id IN ?",
			tx.Tenant(), types, ids, tx.Tenant(), types, ids)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			base := bases[refOf(d)]
			if d.Version == 0 {
				base.Sent = d.Body
			} else {
				base.Document = d
			}
			bases[refOf(d)] = base
		}
	}
	return bases, nil
}
