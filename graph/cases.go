package graph

import (
	"context"
	"encoding/base64"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"medbill/billing/inquiry"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/fault"
)

// cases notes cases that were read at once, and gives them as views.
func (l *loaders) cases(rows []models.Case) []model.Case {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = string(row.ID)
	}
	b := newBatch(l, "Case", ids, func() []models.Ref {
		var refs []models.Ref
		for _, row := range rows {
			refs = append(refs, row.ID.Origin(), models.Ref{Type: "Patient", ID: string(row.PatientID)})
		}
		return refs
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	views := make([]model.Case, len(rows))
	for i := range rows {
		views[i] = *model.CaseOf(&rows[i])
		l.batches[views[i].Source()] = b
	}
	return views
}

// caseOf gives the case that a query names.
func (r *Resolver) caseOf(ctx context.Context, id models.CaseID) (*model.Case, error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	row, err := r.books.Case(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return &loadersOf(ctx).cases([]models.Case{row})[0], nil
}

// caseOfVisit gives the case of a visit; nil where the visit is not finished.
func (r *Resolver) caseOfVisit(ctx context.Context, e *model.Encounter) (*model.Case, error) {
	l := loadersOf(ctx)
	return booked(ctx, e, "case", func(ctx context.Context, p auth.Principal, visits []models.VisitID) (map[models.VisitID]*model.Case, error) {
		ids := make([]models.CaseID, len(visits))
		for i, visit := range visits {
			ids[i] = models.CaseOf(visit)
		}
		cases, err := r.books.Cases(ctx, p, ids)
		if err != nil {
			return nil, err
		}
		found := make(map[models.VisitID]*model.Case, len(cases))
		for _, view := range l.cases(cases) {
			found[models.CaseID(view.ID()).Visit()] = &view
		}
		return found, nil
	})
}

// ofCase gives the records of a booked type that hang on a case.
func ofCase[T model.Resource](ctx context.Context, r *Resolver, c *model.Case, typ string) ([]T, error) {
	b, l := about(ctx, c), loadersOf(ctx)
	found, err := relatives(b, related{typ, "case"}, func() (map[models.CaseID][]models.Ref, error) {
		return r.books.OfCases(l.ctx, l.principal, typ, idsOf[models.CaseID](b))
	})
	return viewsOf[T](found[models.CaseID(c.ID())]), err
}

// origined keeps a nil of a type from being something.
func origined[T model.CaseOrigin](found *T, err error) (model.CaseOrigin, error) {
	if found == nil {
		return nil, err
	}
	return *found, err
}

// casePage gives one page of cases.
func (r *Resolver) casePage(ctx context.Context, state *models.CaseState, first *int, after *string) (*model.Connection[model.Case], error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	list := inquiry.CaseList{Total: slices.Contains(graphql.CollectAllFields(ctx), "totalCount")}
	if state != nil {
		list.State = *state
	}
	if list.Count, err = pageSize(first); err != nil {
		return nil, err
	}
	if list.After, err = caseAfter(after); err != nil {
		return nil, err
	}
	page, err := r.books.CasePage(ctx, p, list)
	if err != nil {
		return nil, err
	}
	return caseConnection(loadersOf(ctx).cases(page.Cases), page, after != nil), nil
}

func caseConnection(cases []model.Case, page inquiry.CasePage, hasPrevious bool) *model.Connection[model.Case] {
	c := &model.Connection[model.Case]{Nodes: cases, PageInfo: model.PageInfo{HasNextPage: page.More, HasPreviousPage: hasPrevious}}
	for _, one := range cases {
		c.Edges = append(c.Edges, model.Edge[model.Case]{Cursor: caseCursor(one), Node: one})
	}
	c.PageInfo.StartCursor, c.PageInfo.EndCursor = ends(c.Edges)
	if page.Total != nil {
		total := int(*page.Total)
		c.TotalCount = &total
	}
	return c
}

// caseCursor is the place after a case. It holds the case's id, which is no secret to whoever has the case; that it looks
// like nothing keeps clients from making their own.
func caseCursor(c model.Case) string { return base64.RawURLEncoding.EncodeToString([]byte(c.ID())) }

func caseAfter(cursor *string) (models.CaseID, error) {
	if cursor == nil {
		return "", nil
	}
	id, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil || models.CaseID(id).Origin().ID == "" {
		return "", fault.At(fault.Invalid, "value", "after", "The cursor is not one of this list; start the list again.")
	}
	return models.CaseID(id), nil
}
