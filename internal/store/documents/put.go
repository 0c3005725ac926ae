package documents

import (
	"cmp"
	"slices"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// Indexed is one version of a document to write, with the keys it is found by. Version 1 makes the document, any other
// replaces the version before it; a deleted version has neither body nor keys.
type Indexed struct {
	Document models.Document
	Keys     search.Keys
}

const putsMax = 200 // documents in one statement

// Put is the one writer of documents: the version, the history behind it, the search keys, the audit and the outbox. A
// document stands at most once among puts. They are written in one order, whatever theirs is, so that two transactions wait for
// each other never both. Where a version is not the next one, the transaction starts again; one that this
// transaction wrote itself is written over in place, because nobody has seen it.
func Put(tx *store.Tx, puts ...Indexed) error {
	tx.Forget(documentsTable)
	puts = slices.SortedFunc(slices.Values(puts), inOrder)
	for start := 0; start < len(puts); start += putsMax {
		if err := putSome(tx, puts[start:min(start+putsMax, len(puts))]); err != nil {
			return err
		}
	}
	bases, err := OwnBases(tx.View)
	if err != nil {
		return err
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

// batch sorts what is put by what has to be done for it.
type batch struct {
	created  []Indexed
	replaced []Indexed
	was      []int64 // the version that stands where each of replaced goes
	indexed  []Indexed
	changes  [][]any // rows of the outbox, one for each new version
}

// outboxColumns are those that a change is written with; its sequence comes when it is numbered.
const outboxColumns = "id, type, record, version, deleted, at"

func putSome(tx *store.Tx, puts []Indexed) error {
	var b batch
	done := writtenBy(tx)
	for _, p := range puts {
		d := &p.Document
		d.Digest = store.Digest(d.Body)
		isRewritten := done[refOf(*d)] == d.Version
		switch {
		case isRewritten:
			b.replaced, b.was = append(b.replaced, p), append(b.was, d.Version)
		case d.Version == 1:
			b.created = append(b.created, p)
		default:
			b.replaced, b.was = append(b.replaced, p), append(b.was, d.Version-1)
		}
		if !d.Deleted {
			b.indexed = append(b.indexed, p)
		}
		if !isRewritten {
			tx.Audit(actionOf(*d), d.Type, d.ID, d.Version)
			b.changes = append(b.changes, []any{tx.NewID(), d.Type, d.ID, d.Version, d.Deleted, int64(tx.Now())})
		}
		done[refOf(*d)] = d.Version
	}
	if tx.IsEmbedded() {
		return b.putEmbedded(tx)
	}
	return b.putArrays(tx)
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
