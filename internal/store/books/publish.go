package books

import (
	"bytes"
	"fmt"
	"slices"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// pending are the records that changed in a transaction and whose documents do not say so yet. They are put before the
// commit, in one go and once however often they were saved; a read that could see one of them puts all of them first.
type pending struct {
	order   []models.Ref
	bodies  map[models.Ref][]byte
	isAsked bool // that put is called before the commit
}

// changed says that a booked record changed and what its document says now.
func changed(tx *store.Tx, ref models.Ref, body []byte) {
	p := store.Local[pending](tx.View)
	if !p.isAsked {
		p.isAsked = true
		tx.BeforeCommit(func(tx *store.Tx) error {
			p.isAsked = false
			return p.put(tx)
		})
		documents.BeforeRead(tx, func(types []string) error {
			if !p.concerns(types) {
				return nil
			}
			return p.put(tx)
		})
	}
	if _, known := p.bodies[ref]; !known {
		p.order = append(p.order, ref)
	}
	if p.bodies == nil {
		p.bodies = map[models.Ref][]byte{}
	}
	p.bodies[ref] = body
}

// concerns reports whether a document of one of the types, or of any type where there are none, is pending.
func (p *pending) concerns(types []string) bool {
	return slices.ContainsFunc(p.order, func(ref models.Ref) bool {
		return len(types) == 0 || slices.Contains(types, ref.Type)
	})
}

// put writes what is pending as the next versions of the documents, in the transaction of the rows: the two cannot drift
// apart. A rendering that says what the document says already makes no version.
func (p *pending) put(tx *store.Tx) error {
	refs, bodies := p.order, p.bodies
	p.order, p.bodies = nil, nil
	if len(refs) == 0 {
		return nil
	}
	bases, err := documents.Bases(tx, refs)
	if err != nil {
		return err
	}
	own, err := documents.OwnBases(tx.View)
	if err != nil {
		return err
	}
	puts := make([]documents.Indexed, 0, len(refs))
	for _, ref := range refs {
		now := bases[ref]
		document, err := Rendered(bodies[ref], now.Sent)
		if err != nil {
			return fmt.Errorf("publish %s: %w", ref, err)
		}
		if says(now.Document, document) {
			continue
		}
		next := models.Document{Type: ref.Type, ID: ref.ID, Version: documents.NextVersion(tx, now.Document), Updated: tx.Now()}
		next.Body = document.WithIdentity(identity(next))
		puts = append(puts, documents.Indexed{Document: next, Keys: search.Extract(document, own), Before: now.Document})
	}
	return documents.Put(tx, puts...)
}

// says reports whether a rendering is what stands already.
func says(d models.Document, rendering *fhir.Document) bool {
	return d.Version > 0 && !d.Deleted && bytes.Equal(d.Body, rendering.WithIdentity(identity(d)))
}

// Rendered lays a rendering over what a client sent of the document, if it sent any.
func Rendered(body, sent []byte) (*fhir.Document, error) {
	owned, err := fhir.Parse(body)
	if err != nil || sent == nil {
		return owned, err
	}
	base, err := fhir.Parse(sent)
	if err != nil {
		return nil, err
	}
	return fhir.Parse(fhir.Overlay(base, owned))
}

func identity(d models.Document) fhir.Identity {
	return fhir.Identity{ID: d.ID, Version: d.Version, Updated: d.Updated.String()}
}

// PublishExternal writes a new document that stands in no books, as it came to us.
func PublishExternal(tx *store.Tx, ref models.Ref, d *fhir.Document) error {
	own, err := documents.OwnBases(tx.View)
	if err != nil {
		return err
	}
	next := models.Document{Type: ref.Type, ID: ref.ID, Version: 1, Updated: tx.Now(), External: true}
	as := identity(next)
	as.Tags = []fhir.Coding{fhir.OriginExternal}
	next.Body = d.WithIdentity(as)
	stored, err := fhir.Parse(next.Body)
	if err != nil {
		return err
	}
	return documents.Put(tx, documents.Indexed{Document: next, Keys: search.Extract(stored, own)})
}
