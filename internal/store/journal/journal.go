// Package journal is the room of the double-entry journal: entries that balance, each made once by its cause and never
// changed again, and the sums over them. What is posted when is decided elsewhere.
package journal

import (
	"slices"
	"strconv"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// Post appends entries to the journal, which only ever grows, all in two statements. It refuses an unbalanced entry
// (BusinessRule, ledger.unbalanced), one on an account that is not in the chart (ledger.account) and one of a day on which the books are
// closed (ledger.closed); a cause that is in the books already starts the transaction again, which then finds it there.
func Post(tx *store.Tx, entries ...models.Entry) error {
	if err := open(tx, entries); err != nil {
		return err
	}
	entries = slices.Clone(entries)
	var postings []models.Posting
	for i := range entries {
		e := &entries[i]
		if err := balanced(e.Postings); err != nil {
			return err
		}
		complete(tx, e)
		postings = append(postings, e.Postings...)
	}
	if err := store.Insert(tx, entries...); err != nil {
		return err
	}
	return store.Insert(tx, postings...)
}

// open refuses entries of days on which the books are closed.
func open(tx *store.Tx, entries []models.Entry) error {
	settings, _, err := books.Settings(tx.View)
	if err == nil && slices.ContainsFunc(entries, func(e models.Entry) bool { return settings.IsClosed(e.Effective) }) {
		err = fault.At(fault.BusinessRule, "ledger.closed", "effective", "The books are closed on that day; choose a later one, or have closedThrough of $settings changed first.")
	}
	return err
}

// complete gives e its place in the journal.
func complete(tx *store.Tx, e *models.Entry) {
	e.TenantID, e.Posted = tx.Tenant(), max(e.Posted, tx.Now())
	if e.ID == "" {
		e.ID = models.EntryID(tx.NewID())
	}
	e.Postings = slices.Clone(e.Postings)
	for i := range e.Postings {
		p := &e.Postings[i]
		p.TenantID, p.EntryID, p.Sequence = e.TenantID, e.ID, i+1
	}
	e.Digest = Digest(*e)
	done := store.Local[posted](tx.View)
	*done = append(*done, *e)
}

// posted are the entries of one transaction.
type posted []models.Entry

// Posted gives what a transaction has posted so far.
func Posted(tx *store.Tx) []models.Entry { return *store.Local[posted](tx.View) }

func balanced(postings []models.Posting) error {
	var sum money.Cents
	for _, p := range postings {
		if _, known := p.Account.Facts(); !known {
			return fault.New(fault.BusinessRule, "ledger.account", "A posting is on an account that is not in the chart of accounts.")
		}
		sum += p.Amount
	}
	if sum != 0 || len(postings) < 2 {
		return fault.New(fault.BusinessRule, "ledger.unbalanced", "The postings of a journal entry must add up to zero.")
	}
	return nil
}

// digestVersion stands before a digest and says how it was made: another way of making one gets another.
const digestVersion = "v1:"

// Digest is over everything an entry says, each field by its name, so that a posting changed by hand is found.
func Digest(e models.Entry) string {
	text := append(make([]byte, 0, 2048), "v1"...)
	quoted := func(name, value string) {
		text = strconv.AppendQuote(append(append(append(text, ' '), name...), '='), value)
	}
	quoted("tenant", string(e.TenantID))
	quoted("id", string(e.ID))
	quoted("kind", string(e.Kind))
	quoted("cause", string(e.Cause))
	quoted("reverses", string(e.Reverses))
	quoted("effective", string(e.Effective))
	text = append(strconv.AppendInt(append(text, " posted="...), int64(e.Posted), 10), '\n')
	for _, p := range e.Postings {
		text = strconv.AppendInt(append(text, "sequence="...), int64(p.Sequence), 10)
		quoted("account", string(p.Account))
		text = strconv.AppendInt(append(text, " amount="...), int64(p.Amount), 10)
		for _, d := range []struct{ name, value string }{
			{"patient", string(p.PatientID)}, {"case", string(p.CaseID)}, {"charge", string(p.ChargeID)}, {"claim", string(p.ClaimID)},
			{"payer", string(p.PayerID)}, {"answer", string(p.AnswerID)}, {"remittance", p.RemittanceID}, {"payment", string(p.PaymentID)},
			{"invoice", string(p.InvoiceID)}, {"rendering", string(p.RenderingID)}, {"location", p.LocationID},
		} {
			if d.value != "" {
				quoted(d.name, d.value)
			}
		}
		text = append(text, '\n')
	}
	return digestVersion + store.Digest(text)
}

// EntryByCause gives the entry an event made; false where it has not happened.
func EntryByCause(v *store.View, cause models.Cause) (models.Entry, bool, error) {
	e, ok, err := store.First[models.Entry](v, "cause = ?", cause)
	if err != nil || !ok {
		return e, ok, err
	}
	e.Postings, err = store.All[models.Posting](v, "sequence", "entry_id = ?", e.ID)
	return e, true, err
}

// EntriesByCause gives those entries that the causes made, with their postings.
func EntriesByCause(v *store.View, causes []models.Cause) ([]models.Entry, error) {
	entries, err := store.All[models.Entry](v, "id", "cause IN ?", causes)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return entries, fillEntries(v, entries)
}

// Each calls fn for every entry of the tenant with its postings, by id.
func Each(v *store.View, fn func(models.Entry) error) error {
	return EachPage(v, func(page []models.Entry) error {
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
		}
		return nil
	})
}

const pageMax = 500

// EachPage calls fn for the entries of the tenant with their postings, some hundreds at a time, by id. No query is open while fn runs.
func EachPage(v *store.View, fn func([]models.Entry) error) error {
	last := models.EntryID("")
	for {
		entries, err := entriesAfter(v, last)
		if err != nil || len(entries) == 0 {
			return err
		}
		if err := fn(entries); err != nil {
			return err
		}
		last = entries[len(entries)-1].ID
	}
}

// entriesAfter reads a page past gorm, which takes most of the time of a long reading.
func entriesAfter(v *store.View, last models.EntryID) ([]models.Entry, error) {
	var entries []models.Entry
	at := map[models.EntryID]int{}
	err := v.Rows(func(row store.Row) error {
		e := models.Entry{TenantID: v.Tenant()}
		err := row.Scan(&e.ID, &e.Kind, &e.Cause, &e.Reverses, &e.Effective, &e.Posted, &e.Digest)
		at[e.ID] = len(entries)
		entries = append(entries, e)
		return err
	}, "SELECT id, kind, cause, reverses, effective, posted, digest FROM journal_entries WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ?", v.Tenant(), last, pageMax)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return entries, v.Rows(func(row store.Row) error {
		p := models.Posting{TenantID: v.Tenant()}
		err := row.Scan(&p.EntryID, &p.Sequence, &p.Account, &p.Amount, &p.PatientID, &p.CaseID, &p.ChargeID, &p.ClaimID, &p.PayerID, &p.AnswerID,
			&p.RemittanceID, &p.PaymentID, &p.InvoiceID, &p.RenderingID, &p.LocationID)
		if i, ok := at[p.EntryID]; ok {
			entries[i].Postings = append(entries[i].Postings, p)
		}
		return err
	}, "SELECT entry_id, sequence, account, amount, patient_id, case_id, charge_id, claim_id, payer_id, answer_id, remittance_id, payment_id, invoice_id, rendering_id, location_id"+
		" FROM postings WHERE tenant_id = ? AND entry_id > ? AND entry_id <= ? ORDER BY entry_id, sequence", v.Tenant(), last, entries[len(entries)-1].ID)
}

func fillEntries(v *store.View, entries []models.Entry) error {
	ids := make([]models.EntryID, len(entries))
	at := make(map[models.EntryID]int, len(entries))
	for i, e := range entries {
		ids[i], at[e.ID] = e.ID, i
	}
	postings, err := store.All[models.Posting](v, "entry_id, sequence", "entry_id IN ?", ids)
	for _, p := range postings {
		e := &entries[at[p.EntryID]]
		e.Postings = append(e.Postings, p)
	}
	return err
}

// EntriesByID gives journal entries with their postings in two statements.
func EntriesByID(v *store.View, ids []models.EntryID) ([]models.Entry, error) {
	entries, err := store.All[models.Entry](v, "id", "id IN ?", ids)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	return entries, fillEntries(v, entries)
}

// Unposted gives at most limit payments that no journal entry was made of.
func Unposted(v *store.View, limit int) ([]models.PaymentID, error) {
	return store.Column[models.PaymentID](v, "SELECT p.id FROM payments p WHERE p.tenant_id = ? AND "+isPosted+" AND NOT EXISTS (SELECT 1 FROM journal_entries e WHERE e.tenant_id = p.tenant_id AND e.cause = 'payment/' || p.id) ORDER BY p.id LIMIT "+strconv.Itoa(limit),
		v.Tenant())
}
