package store

import (
	"bytes"
	"fmt"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/models"
)

// publication is a booked row rendered as FHIR.
type publication struct {
	ref  models.Ref
	body []byte
}

// publish writes rendered rows as the next versions of their documents, in the transaction of the rows: the two cannot
// drift apart. A rendering that says what the document says already makes no version.
func (tx *Tx) publish(list ...publication) error {
	puts := make([]Put, 0, len(list))
	current, err := tx.currentOf(list)
	if err != nil {
		return err
	}
	for _, p := range list {
		now := current[p.ref]
		document, err := Rendered(p.body, now.sent)
		if err != nil {
			return fmt.Errorf("publish %s: %w", p.ref, err)
		}
		if now.document.Version > 0 && !now.document.Deleted && bytes.Equal(now.document.Body, document.WithIdentity(identity(now.document))) {
			continue
		}
		next := models.Document{Type: p.ref.Type, ID: p.ref.ID, Version: now.document.Version + 1, Updated: tx.now}
		next.Body = document.WithIdentity(identity(next))
		puts = append(puts, Put{Document: next, Keys: search.Extract(document)})
	}
	return tx.PutDocuments(puts...)
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

type published struct {
	document models.Document
	sent     []byte
}

// currentOf gives the newest version of each document, and what a client sent of it, in two statements per type. What a
// client sent of a new document is saved before its row.
func (tx *Tx) currentOf(list []publication) (map[models.Ref]published, error) {
	byType := map[string][]string{}
	for _, p := range list {
		byType[p.ref.Type] = append(byType[p.ref.Type], p.ref.ID)
	}
	found := make(map[models.Ref]published, len(list))
	for typ, ids := range byType {
		documents, err := tx.list("SELECT "+documentColumns+" FROM documents WHERE tenant_id = ? AND type = ? AND id IN ?", tx.actor.Tenant, typ, ids)
		if err != nil {
			return nil, err
		}
		sent, err := tx.SentOf(typ, ids)
		if err != nil {
			return nil, err
		}
		for _, d := range documents {
			found[models.Ref{Type: typ, ID: d.ID}] = published{document: d}
		}
		for id, body := range sent {
			ref := models.Ref{Type: typ, ID: id}
			found[ref] = published{found[ref].document, body}
		}
	}
	return found, nil
}
