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
	return viewOf[T](d), nil
}

// follow gives what a reference leads to: nil where it leads elsewhere, to another type, or to what may not be seen.
func follow[T model.Resource](ctx context.Context, r *Resolver, typ, reference string) (*T, error) {
	ref, ok := r.local(reference)
	if !ok || ref.Type != typ {
		return nil, nil
	}
	d, err := loadersOf(ctx).documents.Load(ctx, ref)
	return viewOf[T](d), err
}

// followAll gives what references lead to, in their order, without those of which follow gives nil.
func followAll[T model.Resource](ctx context.Context, r *Resolver, typ string, references []string) ([]T, error) {
	var refs []models.Ref
	for _, reference := range references {
		if ref, ok := r.local(reference); ok && ref.Type == typ {
			refs = append(refs, ref)
		}
	}
	documents, err := loadersOf(ctx).documents.LoadAll(ctx, refs)
	if err != nil {
		return nil, err
	}
	return viewsOf[T](documents), nil
}

// referring gives the records of type source that refer to target by a search parameter, by id.
func referring[T model.Resource](ctx context.Context, source, param string, target models.Ref) ([]T, error) {
	l := loadersOf(ctx)
	if _, err := records.Guard(l.principal, source, auth.PermissionSearch); err != nil {
		return nil, err
	}
	documents, err := l.referrers.Load(ctx, referral{source, param, target})
	if err != nil {
		return nil, err
	}
	return viewsOf[T](documents), nil
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
	path, _, _ := strings.Cut(strings.TrimPrefix(reference, r.records.BaseURL()+"/"), "/_history/")
	typ, id, ok := strings.Cut(path, "/")
	if _, served := fhir.TypeOf(typ); !ok || !served || id == "" || strings.ContainsAny(id, "/?#") {
		return models.Ref{}, false
	}
	return models.Ref{Type: typ, ID: id}, true
}

func ref(typ, id string) models.Ref { return models.Ref{Type: typ, ID: id} }

// officeOnly refuses whoever sees only a part of the tenant: what belongs to a record of type typ but is no part of it is
// shown to those who may read every record of the type.
func officeOnly(ctx context.Context, typ string) error {
	guard, err := records.Guard(loadersOf(ctx).principal, typ, auth.PermissionRead)
	if err == nil && guard != (store.Guard{}) {
		err = fault.New(fault.Forbidden, "forbidden", "This is the office's own; the access token sees only a part of the tenant.")
	}
	return err
}
