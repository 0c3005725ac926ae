package graph

import (
	"context"
	"strings"

	"medbill/fhir"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// read gives the record that a query names, as GET does, with its audit.
func read[T model.Resource](ctx context.Context, r *Resolver, typ, id string) (*T, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.records.Read(ctx, p, models.Ref{Type: typ, ID: id})
	if err != nil {
		return nil, err
	}
	d, err := fhir.Parse(found.Body)
	if err != nil {
		return nil, err
	}
	loadersOf(ctx).together([]*fhir.Document{d})
	return viewOf[T](d), nil
}

// part is a view of a document or of a part of it.
type part interface{ Document() *fhir.Document }

// about gives the batch of records that the one of a view was read with.
func about(ctx context.Context, p part) *batch { return loadersOf(ctx).of(p.Document()) }

// follow gives what a reference in p leads to: nil where it leads elsewhere, to another type, or to what may not be seen.
func follow[T model.Resource](ctx context.Context, r *Resolver, p part, typ, reference string) (*T, error) {
	ref, ok := r.local(reference)
	if !ok || ref.Type != typ {
		return nil, nil
	}
	if err := about(ctx, p).follow(typ); err != nil {
		return nil, err
	}
	return viewOf[T](loadersOf(ctx).document(ref)), nil
}

// followAll gives what references in p lead to, in their order, without those of which follow gives nil.
func followAll[T model.Resource](ctx context.Context, r *Resolver, p part, typ string, references []string) ([]T, error) {
	found := []T{}
	for _, reference := range references {
		one, err := follow[T](ctx, r, p, typ, reference)
		if err != nil {
			return nil, err
		}
		if one != nil {
			found = append(found, *one)
		}
	}
	return found, nil
}

// fetchAll gives records by their names, in this order.
func fetchAll[T model.Resource](ctx context.Context, refs []models.Ref) ([]T, error) {
	l := loadersOf(ctx)
	if err := l.fetch(refs); err != nil {
		return nil, err
	}
	documents := make([]*fhir.Document, len(refs))
	for i, ref := range refs {
		documents[i] = l.document(ref)
	}
	return viewsOf[T](documents), nil
}

// referring gives the records of type source that refer to the one of p by a search parameter, by id.
func referring[T model.Resource](ctx context.Context, p part, source, param string) ([]T, error) {
	if _, err := records.Guard(loadersOf(ctx).principal, source, auth.PermissionSearch); err != nil {
		return nil, err
	}
	found, err := about(ctx, p).referring(referral{source, param})
	if err != nil {
		return nil, err
	}
	return viewsOf[T](found[p.Document().ID()]), nil
}

func viewOf[T model.Resource](d *fhir.Document) *T {
	if d == nil {
		return nil
	}
	view := model.Of[T](d)
	return &view
}

func viewsOf[T model.Resource](documents []*fhir.Document) []T {
	views := []T{}
	for _, d := range documents {
		if d != nil {
			views = append(views, model.Of[T](d))
		}
	}
	return views
}

// local reads a reference to a record of this server, relative or absolute, of a version or not.
func (r *Resolver) local(reference string) (models.Ref, bool) {
	return localTo(r.records.BaseURL(), reference)
}

func localTo(base, reference string) (models.Ref, bool) {
	path, _, _ := strings.Cut(strings.TrimPrefix(reference, base+"/"), "/_history/")
	typ, id, ok := strings.Cut(path, "/")
	if _, served := fhir.TypeOf(typ); !ok || !served || id == "" || strings.ContainsAny(id, "/?#") {
		return models.Ref{}, false
	}
	return models.Ref{Type: typ, ID: id}, true
}

// officeOnly refuses whoever sees only a part of the tenant: what belongs to a record of type typ but is no part of it is
// shown to those who may read every record of the type.
func officeOnly(ctx context.Context, typ string) error {
	guard, err := records.Guard(loadersOf(ctx).principal, typ, auth.PermissionRead)
	if err == nil && guard != (store.Guard{}) {
		err = fault.New(fault.Forbidden, "forbidden", "This is the office's own; the access token sees only a part of the tenant.")
	}
	return err
}
