package graph

import (
	"context"

	"medbill/fhir"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
)

// read gives the record that a query names, as GET does, with its audit.
func read[T model.Resource](ctx context.Context, r *Resolver, typ, id string) (*T, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	found, err := loadersOf(ctx).records.Read(ctx, p, models.Ref{Type: typ, ID: id})
	if err != nil {
		return nil, err
	}
	read, err := loadersOf(ctx).read(found)
	if err != nil {
		return nil, err
	}
	return viewOf[T](read[0]), nil
}

// part is a view of a document or a case, or of a part of it; Source is what it is a part of.
type part interface{ Source() any }

// whole is a view of a whole document or case.
type whole interface {
	part
	ID() string
}

// about gives the batch that the source of a view was read with.
func about(ctx context.Context, p part) *batch { return loadersOf(ctx).of(p.Source()) }

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

// referring gives the records of type source that refer to the one of w by a search parameter, by id.
func referring[T model.Resource](ctx context.Context, w whole, source, param string) ([]T, error) {
	b, l := about(ctx, w), loadersOf(ctx)
	found, err := relatives(b, related{source, param}, func() (map[string][]models.Ref, error) {
		return l.records.Referring(l.ctx, l.principal, source, param, b.typ, b.ids)
	})
	return viewsOf[T](found[w.ID()]), err
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
func (r *Resolver) local(reference string) (models.Ref, bool) { return r.records.Local(reference) }
