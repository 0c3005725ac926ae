package store

import (
	"database/sql"
	"strconv"

	"medbill/models"
)

// What `medbill verify` asks beside what everybody asks: everything there is, in pages, and what hangs together in no table.

// Past says how many older versions of a document the history holds, and the greatest of them.
type Past struct{ Count, Latest int64 }

// Pasts gives the history behind documents of one type, by id; one without older versions is absent.
func (v *View) Pasts(typ string, ids []string) (map[string]Past, error) {
	pasts := map[string]Past{}
	err := v.rows(func(rows *sql.Rows) error {
		var id string
		var p Past
		err := rows.Scan(&id, &p.Count, &p.Latest)
		pasts[id] = p
		return err
	}, "SELECT id, count(*), max(version) FROM document_history WHERE tenant_id = ? AND type = ? AND id IN ? GROUP BY id", v.actor.Tenant, typ, ids)
	return pasts, err
}

// EachPastPage calls fn for the older versions of the tenant's documents, some hundreds at a time.
func (v *View) EachPastPage(fn func([]models.Document) error) error {
	var last models.Document
	for {
		page, err := v.list("SELECT "+documentColumns+" FROM document_history WHERE tenant_id = ? AND (type, id, version) > (?, ?, ?) ORDER BY type, id, version LIMIT ?",
			v.actor.Tenant, last.Type, last.ID, last.Version, eachPageMax)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := fn(page); err != nil {
			return err
		}
		last = page[len(page)-1]
	}
}

// bookedTables says which rows each booked type is rendered from.
var bookedTables = []struct{ typ, table string }{
	{"Account", "accounts"},
	{"ChargeItem", "charges"},
	{"Claim", "claims"},
	{"ClaimResponse", "answers"},
	{"Invoice", "invoices"},
	{"Task", "work_items"},
}

// Unpublished gives at most limit rows of the books that have no document.
func (v *View) Unpublished(limit int) ([]models.Ref, error) {
	var refs []models.Ref
	for _, b := range bookedTables {
		found, err := v.refs("SELECT CAST(? AS TEXT), r.id FROM "+b.table+" r WHERE r.tenant_id = ? AND NOT EXISTS (SELECT 1 FROM documents d"+
			" WHERE d.tenant_id = r.tenant_id AND d.type = ? AND d.id = r.id AND d.deleted = ? AND d.external = ?) ORDER BY r.id LIMIT "+strconv.Itoa(limit),
			b.typ, v.actor.Tenant, b.typ, false, false)
		if err != nil {
			return nil, err
		}
		refs = append(refs, found...)
	}
	return refs[:min(limit, len(refs))], nil
}

// AnswersByID gives answers with lines and adjustments in three statements.
func (v *View) AnswersByID(ids []models.AnswerID) ([]models.Answer, error) {
	answers, err := all[models.Answer](v, "id", "id IN ?", ids)
	if err != nil || len(answers) == 0 {
		return nil, err
	}
	return answers, v.fillAnswers(answers)
}

// WorkItemsByID gives work items, open or not.
func (v *View) WorkItemsByID(ids []models.WorkItemID) ([]models.WorkItem, error) {
	return all[models.WorkItem](v, "id", "id IN ?", ids)
}

// AccountsByID gives accounts.
func (v *View) AccountsByID(ids []models.AccountID) ([]models.Account, error) {
	return all[models.Account](v, "id", "id IN ?", ids)
}

// EntriesByID gives journal entries with their postings in two statements.
func (v *View) EntriesByID(ids []models.EntryID) ([]models.Entry, error) {
	entries, err := all[models.Entry](v, "id", "id IN ?", ids)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return entries, v.fillEntries(entries)
}

// Unposted gives at most limit payments that no journal entry was made of.
func (v *View) Unposted(limit int) ([]models.PaymentID, error) {
	var ids []models.PaymentID
	err := v.rows(func(rows *sql.Rows) error {
		var id models.PaymentID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, "SELECT p.id FROM payments p WHERE p.tenant_id = ? AND NOT EXISTS (SELECT 1 FROM journal_entries e WHERE e.tenant_id = p.tenant_id AND e.cause = 'payment/' || p.id) ORDER BY p.id LIMIT "+strconv.Itoa(limit),
		v.actor.Tenant)
	return ids, err
}
