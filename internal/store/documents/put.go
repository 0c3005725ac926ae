package documents

import (
	"cmp"
	"slices"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// Indexed is one version of a document to write, with the keys it is found by. Version 1 makes the document, any other
// replaces the version before it; a deleted version has neither body nor keys.
type Indexed struct {
	Document models.Document
	Keys     search.Keys
	// Before is the version that stands where this one goes, whole. Where it is left out it is read.
	Before models.Document
}

const putsMax = 200 // documents in one go

// Put is the one writer of documents: the version, the history behind it, the search keys and the audit, of which the outbox comes. Of the keys
// it writes what differs. A document stands at most once among puts. They are written in one order, whatever theirs is, so that
// two transactions wait for each other never both. Where a version is not the next one, the transaction starts again; one that
// this transaction wrote itself is written over in place, because nobody has seen it.
func Put(tx *store.Tx, puts ...Indexed) error {
	puts = slices.SortedFunc(slices.Values(puts), inOrder)
	for i := range puts {
		puts[i].Document.Digest = store.Digest(puts[i].Document.Body)
	}
	if err := readBefore(tx, puts); err != nil {
		return err
	}
	tx.Forget(documentsTable)
	clear(*store.Local[readByRef](tx.View))
	clear(*store.Local[answered](tx.View))
	bases, err := OwnBases(tx.View)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(puts, putsMax) {
		if err := putSome(tx, part, bases); err != nil {
			return err
		}
		remember(tx, part)
	}
	return putResolved(tx, puts, bases)
}

// inOrder has what stands before what is new, by type and id.
func inOrder(a, b Indexed) int {
	first, second := a.Document, b.Document
	if (first.Version == 1) != (second.Version == 1) {
		return cmp.Compare(second.Version, first.Version)
	}
	return cmp.Or(cmp.Compare(first.Type, second.Type), cmp.Compare(first.ID, second.ID))
}

// readBefore reads the versions before those of puts that do not say them.
func readBefore(tx *store.Tx, puts []Indexed) error {
	var unknown []models.Ref
	for _, p := range puts {
		if p.replaces(tx) && p.Before.Version == 0 {
			unknown = append(unknown, refOf(p.Document))
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	found, err := Current(tx, unknown)
	for i := range puts {
		if before, ok := found[refOf(puts[i].Document)]; ok {
			puts[i].Before = before
		}
	}
	return err
}

// written are the versions that a transaction has put so far.
type written map[models.Ref]int64

func writtenBy(tx *store.Tx) written {
	w := store.Local[written](tx.View)
	if *w == nil {
		*w = written{}
	}
	return *w
}

// NextVersion gives the version under which new content of d is to be put: the one that stands where this transaction wrote
// it, else the one after it. The zero Document has none yet.
func NextVersion(tx *store.Tx, d models.Document) int64 {
	if d.Version > 0 && writtenBy(tx)[refOf(d)] == d.Version {
		return d.Version
	}
	return d.Version + 1
}

func refOf(d models.Document) models.Ref { return models.Ref{Type: d.Type, ID: d.ID} }

// isRewritten reports whether the transaction has written this very version already.
func (p Indexed) isRewritten(tx *store.Tx) bool {
	return writtenBy(tx)[refOf(p.Document)] == p.Document.Version
}

// replaces reports whether something stands where a document goes.
func (p Indexed) replaces(tx *store.Tx) bool { return p.Document.Version > 1 || p.isRewritten(tx) }

// batch gathers what is to be written of some documents.
type batch struct {
	created, pasts [][]any
	gone, added    [][][]any    // rows by key table
	resolved       []models.Ref // which had keys that are not in the documents
}

// remember keeps what was written for whoever reads it in the transaction, unless that is much.
func remember(tx *store.Tx, puts []Indexed) {
	known := store.Local[readByRef](tx.View)
	if *known == nil {
		*known = readByRef{}
	}
	for _, p := range puts {
		if len(*known) < putsMax && !p.Document.Deleted {
			(*known)[refOf(p.Document)] = p.Document
		}
	}
}

func putSome(tx *store.Tx, puts []Indexed, bases []string) error {
	b := batch{gone: make([][][]any, len(keyTables)), added: make([][][]any, len(keyTables))}
	for _, p := range puts {
		if err := b.rekey(p, bases); err != nil {
			return err
		}
		if p.replaces(tx) {
			if err := b.replace(tx, p); err != nil {
				return err
			}
		} else {
			b.created = append(b.created, documentRow(p.Document))
		}
		if d := p.Document; !p.isRewritten(tx) {
			tx.Audit(actionOf(d), d.Type, d.ID, d.Version)
			writtenBy(tx)[refOf(d)] = d.Version
		}
	}
	return b.write(tx)
}

// replace puts a version in the place of the one before, which goes into the history unless it is of this transaction.
func (b *batch) replace(tx *store.Tx, p Indexed) error {
	d, was := p.Document, p.Document.Version
	if !p.isRewritten(tx) {
		was--
		b.pasts = append(b.pasts, documentRow(p.Before))
	}
	if p.Before.Version != was {
		return store.ErrRaced
	}
	tx.Meets("document", refOf(d).String())
	return tx.WriteJudged(isOne, "UPDATE documents SET version = ?, updated = ?, deleted = ?, external = ?, digest = ?, body = ? WHERE tenant_id = ? AND type = ? AND id = ? AND version = ?",
		d.Version, d.Updated, d.Deleted, d.External, d.Digest, string(d.Body), tx.Tenant(), d.Type, d.ID, was)
}

// isOne has a transaction start again that came too late for a version.
func isOne(touched int64) error {
	if touched != 1 {
		return store.ErrRaced
	}
	return nil
}

// rekey notes which keys a document loses and which it gains. Those before are told from the body before, as it is read now: who
// changes how bodies are read, or which addresses are ours, writes the keys of all documents anew.
func (b *batch) rekey(p Indexed, bases []string) error {
	var before search.Keys
	if p.Before.Version > 0 && !p.Before.Deleted {
		d, err := fhir.Parse(p.Before.Body)
		if err != nil {
			return err
		}
		before = search.Extract(d, bases)
	}
	now := p.Keys
	if p.Document.Deleted {
		now = search.Keys{}
	}
	was, is := keyRows(p.Document, before), keyRows(p.Document, now)
	for i := range keyTables {
		if len(was[i]) == 0 {
			b.added[i] = append(b.added[i], is[i]...)
			continue
		}
		stood := make(map[string]bool, len(was[i]))
		for _, row := range was[i] {
			stood[rowText(row)] = true
		}
		for _, row := range is[i] {
			if text := rowText(row); stood[text] {
				delete(stood, text)
			} else {
				b.added[i] = append(b.added[i], row)
			}
		}
		for _, row := range was[i] {
			if stood[rowText(row)] {
				b.gone[i] = append(b.gone[i], row)
			}
		}
	}
	if before.HasLogicals {
		b.resolved = append(b.resolved, refOf(p.Document))
	}
	return nil
}

// write sends everything but the replaced versions themselves.
func (b *batch) write(tx *store.Tx) error {
	if err := tx.InsertRows("document_history", documentColumns, b.pasts, ""); err != nil {
		return err
	}
	if err := tx.InsertRows("documents", documentColumns, b.created, ""); err != nil {
		return err
	}
	for _, ref := range b.resolved {
		if err := tx.Write("DELETE FROM reference_keys WHERE tenant_id = ? AND id = ? AND type = ? AND resolved", tx.Tenant(), ref.ID, ref.Type); err != nil {
			return err
		}
	}
	for i, t := range keyTables {
		for _, row := range b.gone[i] { // by its whole key each: of a list a planner may make a walk over the tenant
			if err := tx.Write("DELETE FROM "+t.name+" WHERE tenant_id = ?"+t.isRow, append([]any{tx.Tenant()}, row...)...); err != nil {
				return err
			}
		}
	}
	for i, t := range keyTables {
		if err := tx.InsertRows(t.name, t.columns, b.added[i], " ON CONFLICT DO NOTHING"); err != nil { // a resolved key may say the same
			return err
		}
	}
	return nil
}

func documentRow(d models.Document) []any {
	return []any{d.Type, d.ID, d.Version, int64(d.Updated), d.Deleted, d.External, d.Digest, string(d.Body)}
}

func actionOf(d models.Document) models.AuditAction {
	switch {
	case d.Deleted:
		return models.AuditDelete
	case d.Version == 1:
		return models.AuditCreate
	}
	return models.AuditUpdate
}
