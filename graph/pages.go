package graph

import (
	"context"
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"medbill/fhir/search"
	"medbill/graph/model"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/models/fault"
)

const (
	pageDefault = 20
	pageMax     = 100
)

// page gives one page of a list: the search that REST offers, under the same guard, with the same audit. The total is
// counted only where it is selected.
func page[T model.Resource](ctx context.Context, r *Resolver, typ string, first *int, after *string, filter query) (*model.Connection[T], error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	size, err := pageSize(first)
	if err != nil {
		return nil, err
	}
	if err := fault.Of(fault.Invalid, filter.issues); err != nil {
		return nil, err
	}
	pairs := slices.Concat(filter.pairs, []search.Pair{{Name: "_count", Value: strconv.Itoa(size)}})
	if slices.Contains(graphql.CollectAllFields(ctx), "totalCount") {
		pairs = append(pairs, search.Pair{Name: "_total", Value: "accurate"})
	}
	if after != nil {
		pairs = append(pairs, search.Pair{Name: records.CursorParam, Value: *after})
	}
	found, err := loadersOf(ctx).records.Search(ctx, p, typ, pairs, false)
	if err != nil {
		return nil, err
	}
	return connection[T](ctx, found, after != nil)
}

func pageSize(first *int) (int, error) {
	if first == nil {
		return pageDefault, nil
	}
	if *first < 1 || *first > pageMax {
		return 0, fault.At(fault.Invalid, "value", "first", "A page has 1 to 100 nodes; ask for the next one with after.")
	}
	return *first, nil
}

// connection shows what was found. Cursors are sealed, each by itself, so they are made only where some are selected.
func connection[T model.Resource](ctx context.Context, found records.Found, hasPrevious bool) (*model.Connection[T], error) {
	c := &model.Connection[T]{PageInfo: model.PageInfo{HasNextPage: found.Next != "", HasPreviousPage: hasPrevious}}
	documents, err := loadersOf(ctx).read(found.Matches...)
	if err != nil {
		return nil, err
	}
	c.Nodes = viewsOf[T](documents)
	selected := graphql.CollectAllFields(ctx)
	if slices.Contains(selected, "edges") || slices.Contains(selected, "pageInfo") {
		for i, node := range c.Nodes {
			c.Edges = append(c.Edges, model.Edge[T]{Cursor: found.Cursor(i), Node: node})
		}
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = ends(c.Edges)
	}
	if found.Total != nil {
		total := int(*found.Total)
		c.TotalCount = &total
	}
	return c, nil
}

// ends gives the cursors of the first and the last edge; nil where there is none.
func ends[N any](edges []model.Edge[N]) (start, end *string) {
	if len(edges) == 0 {
		return nil, nil
	}
	return &edges[0].Cursor, &edges[len(edges)-1].Cursor
}

// keyedPage gives a page of what read gives: one more than it shows tells whether there is another page.
func keyedPage[T interface{ ID() string }](ctx context.Context, first *int, after *string, read func(p auth.Principal, from string, count int) ([]T, error)) (*model.Connection[T], error) {
	p, err := auth.From(ctx)
	if err != nil {
		return nil, err
	}
	size, err := pageSize(first)
	if err != nil {
		return nil, err
	}
	from, err := keyAfter(after)
	if err != nil {
		return nil, err
	}
	list, err := read(p, from, size+1)
	if err != nil {
		return nil, err
	}
	c := &model.Connection[T]{Nodes: list[:min(size, len(list))], PageInfo: model.PageInfo{HasNextPage: len(list) > size, HasPreviousPage: after != nil}}
	for _, one := range c.Nodes {
		c.Edges = append(c.Edges, model.Edge[T]{Cursor: base64.RawURLEncoding.EncodeToString([]byte(one.ID())), Node: one})
	}
	c.PageInfo.StartCursor, c.PageInfo.EndCursor = ends(c.Edges)
	return c, nil
}

var keyID = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)

func keyAfter(cursor *string) (string, error) {
	if cursor == nil {
		return "", nil
	}
	id, err := base64.RawURLEncoding.DecodeString(*cursor)
	if err != nil || !keyID.Match(id) {
		return "", fault.At(fault.Invalid, "value", "after", "The cursor is not one of this list; start the list again.")
	}
	return string(id), nil
}
