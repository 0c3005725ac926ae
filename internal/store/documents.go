package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"

	"medbill/fhir/search"
	"medbill/models"
)

// Put is one version of a document to write, with the keys it is found by. Version 1 makes the document, any other replaces
// the version before it; a deleted version has neither body nor keys.
type Put struct {
	Document models.Document
	Keys     search.Keys
}

const putsMax = 200 // documents in one statement

// PutDocuments is the one writer of documents: the version, the history behind it, the search keys and the audit. A document
// stands at most once among puts. Where a version is not the next one, the transaction starts again.
func (tx *Tx) PutDocuments(puts ...Put) error {
	for start := 0; start < len(puts); start += putsMax {
		if err := tx.putSome(puts[start:min(start+putsMax, len(puts))]); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putSome(puts []Put) error {
	var created, replaced, indexed []Put
	for _, p := range puts {
		p.Document.Digest = Digest(p.Document.Body)
		if p.Document.Version == 1 {
			created = append(created, p)
		} else {
			replaced = append(replaced, p)
		}
		if !p.Document.Deleted {
			indexed = append(indexed, p)
		}
		tx.audit(p.Document)
	}
	if tx.db.dialect.embedded {
		if err := tx.replaceEmbedded(replaced); err != nil {
			return err
		}
		return tx.insertEmbedded(created, indexed)
	}
	if err := tx.replaceArrays(replaced); err != nil {
		return err
	}
	return tx.insertArrays(created, indexed)
}

// Digest is what the store keeps of a body, so that a change by hand is found.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func (tx *Tx) audit(d models.Document) {
	action := models.AuditUpdate
	switch {
	case d.Deleted:
		action = models.AuditDelete
	case d.Version == 1:
		action = models.AuditCreate
	}
	tx.auditWrite(action, d.Type, d.ID, d.Version)
}

const documentColumns = "type, id, version, updated, deleted, external, digest, body"

var keyTables = []string{"token_keys", "string_keys", "date_keys", "number_keys", "reference_keys"}

// Document gives the current version, deleted ones too; false where there is none or the guard hides it.
func (v *View) Document(ref models.Ref, guard Guard) (models.Document, bool, error) {
	hidden, args := guard.condition(v.actor.Tenant, ref.Type, "d.id")
	query := "SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.id = ?" + hidden
	return v.one(query, append([]any{v.actor.Tenant, ref.Type, ref.ID}, args...)...)
}

// Version gives one version, the current one or one of the history. Whether a record is seen at all is judged by its
// current version.
func (v *View) Version(ref models.Ref, version int64, guard Guard) (models.Document, bool, error) {
	current, ok, err := v.Document(ref, guard)
	if err != nil || !ok || current.Version == version {
		return current, ok, err
	}
	past, ok, err := v.one("SELECT "+documentColumns+" FROM document_history WHERE tenant_id = ? AND type = ? AND id = ? AND version = ?",
		v.actor.Tenant, ref.Type, ref.ID, version)
	if err != nil || !ok || !guard.showsPast(past) {
		return models.Document{}, false, err
	}
	return past, true, nil
}

// History gives at most count versions below the version before, newest first; 0 starts at the newest.
func (v *View) History(ref models.Ref, before int64, count int, guard Guard) ([]models.Document, error) {
	current, ok, err := v.Document(ref, guard)
	if err != nil || !ok {
		return nil, err
	}
	var list []models.Document
	if before == 0 || current.Version < before {
		list = append(list, current)
		before = current.Version
	}
	for len(list) < count {
		older, err := v.list("SELECT "+documentColumns+" FROM document_history WHERE tenant_id = ? AND type = ? AND id = ? AND version < ? ORDER BY version DESC LIMIT ?",
			v.actor.Tenant, ref.Type, ref.ID, before, count-len(list))
		if err != nil || len(older) == 0 {
			return list, err
		}
		for _, d := range older {
			if guard.showsPast(d) {
				list = append(list, d)
			}
			before = d.Version
		}
	}
	return list, nil
}

// Current gives the current versions of those refs that exist, deleted ones too and whoever may see them, in one
// statement per type; for writes, which then ask who may.
func (tx *Tx) Current(refs []models.Ref) (map[models.Ref]models.Document, error) {
	found := make(map[models.Ref]models.Document, len(refs))
	for _, group := range byType(refs) {
		for start := 0; start < len(group.ids); start += eachPageMax {
			part := group.ids[start:min(start+eachPageMax, len(group.ids))]
			list, err := tx.list("SELECT "+documentColumns+" FROM documents WHERE tenant_id = ? AND type = ? AND id IN ?", tx.actor.Tenant, group.typ, part)
			if err != nil {
				return nil, err
			}
			for _, d := range list {
				found[models.Ref{Type: d.Type, ID: d.ID}] = d
			}
		}
	}
	return found, nil
}

type refGroup struct {
	typ string
	ids []string
}

// byType sorts refs by type, the types in the order in which they come first.
func byType(refs []models.Ref) []refGroup {
	at := map[string]int{}
	var groups []refGroup
	for _, r := range refs {
		i, known := at[r.Type]
		if !known {
			i = len(groups)
			at[r.Type] = i
			groups = append(groups, refGroup{typ: r.Type})
		}
		groups[i].ids = append(groups[i].ids, r.ID)
	}
	return groups
}

// Documents gives the current versions of those refs that exist, are not deleted and pass the guard, in no order; one
// statement per type.
func (v *View) Documents(refs []models.Ref, guard Guard) ([]models.Document, error) {
	var all []models.Document
	for _, group := range byType(refs) {
		hidden, args := guard.condition(v.actor.Tenant, group.typ, "d.id")
		found, err := v.list("SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.deleted = ? AND d.id IN ?"+hidden,
			append([]any{v.actor.Tenant, group.typ, false, group.ids}, args...)...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// Each calls fn for every current document of the tenant that is not deleted, by type and id.
func (v *View) Each(fn func(models.Document) error) error {
	return v.EachPage(func(page []models.Document) error {
		for _, d := range page {
			if d.Deleted {
				continue
			}
			if err := fn(d); err != nil {
				return err
			}
		}
		return nil
	})
}

const eachPageMax = 500

// EachPage calls fn for the current documents of the tenant, deleted ones too, some hundreds at a time, by type and id. No
// query is open while fn runs, so that it may ask for more.
func (v *View) EachPage(fn func([]models.Document) error) error {
	var last models.Ref
	for {
		page, err := v.list("SELECT "+documentColumns+" FROM documents WHERE tenant_id = ? AND (type, id) > (?, ?) ORDER BY type, id LIMIT ?",
			v.actor.Tenant, last.Type, last.ID, eachPageMax)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := fn(page); err != nil {
			return err
		}
		end := page[len(page)-1]
		last = models.Ref{Type: end.Type, ID: end.ID}
	}
}

func (v *View) one(query string, args ...any) (models.Document, bool, error) {
	list, err := v.list(query, args...)
	if err != nil || len(list) == 0 {
		return models.Document{}, false, err
	}
	return list[0], true, nil
}

func (v *View) list(query string, args ...any) ([]models.Document, error) {
	var list []models.Document
	err := v.rows(func(rows *sql.Rows) error {
		d, err := scanDocument(rows)
		list = append(list, d)
		return err
	}, query, args...)
	return list, err
}

func scanDocument(rows *sql.Rows, more ...any) (models.Document, error) {
	var d models.Document
	err := rows.Scan(append([]any{&d.Type, &d.ID, &d.Version, &d.Updated, &d.Deleted, &d.External, &d.Digest, &d.Body}, more...)...)
	return d, err
}

// Condition takes the row of a conditional write's criteria. Whoever holds it has the only say until it commits; the other
// transaction starts again and sees what was written.
func (tx *Tx) Condition(typ, criteria string) error {
	if tx.db.dialect.embedded {
		return nil // there is one writer at a time
	}
	sum := sha256.Sum256([]byte(criteria))
	_, err := tx.exec("INSERT INTO condition_locks (tenant_id, type, criteria, taken) VALUES (?, ?, ?, ?) ON CONFLICT (tenant_id, type, criteria) DO UPDATE SET taken = excluded.taken",
		tx.actor.Tenant, typ, hex.EncodeToString(sum[:]), tx.now)
	return err
}

// SaveSent keeps what a client sent of a document that we render, as the base of every rendering.
func (tx *Tx) SaveSent(ref models.Ref, body []byte) error {
	_, err := tx.exec("INSERT INTO sent_documents (tenant_id, type, id, body) VALUES (?, ?, ?, ?) ON CONFLICT (tenant_id, type, id) DO UPDATE SET body = excluded.body",
		tx.actor.Tenant, ref.Type, ref.ID, string(body))
	return err
}

// Sent gives what SaveSent kept, or nil.
func (v *View) Sent(ref models.Ref) ([]byte, error) {
	sent, err := v.SentOf(ref.Type, []string{ref.ID})
	return sent[ref.ID], err
}

// SentOf gives what SaveSent kept of documents of one type, by id.
func (v *View) SentOf(typ string, ids []string) (map[string][]byte, error) {
	sent := map[string][]byte{}
	err := v.rows(func(rows *sql.Rows) error {
		var id string
		var body []byte
		err := rows.Scan(&id, &body)
		sent[id] = body
		return err
	}, "SELECT id, body FROM sent_documents WHERE tenant_id = ? AND type = ? AND id IN ?", v.actor.Tenant, typ, ids)
	return sent, err
}

// MarkExternalVisits remembers Encounters that billing done elsewhere names.
func (tx *Tx) MarkExternalVisits(ids []models.VisitID) error {
	for _, id := range ids {
		if _, err := tx.exec("INSERT INTO external_visits (tenant_id, visit_id) VALUES (?, ?) ON CONFLICT DO NOTHING", tx.actor.Tenant, id); err != nil {
			return err
		}
	}
	return nil
}

// IsExternalVisit reports whether billing done elsewhere names the Encounter.
func (v *View) IsExternalVisit(id models.VisitID) (bool, error) {
	found := false
	err := v.rows(func(*sql.Rows) error { found = true; return nil },
		"SELECT 1 FROM external_visits WHERE tenant_id = ? AND visit_id = ?", v.actor.Tenant, id)
	return found, err
}
