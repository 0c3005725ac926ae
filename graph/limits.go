package graph

import (
	"context"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"medbill/graph/model"
	"medbill/internal/records"
	"medbill/models/fault"
)

// What one request may ask for.
const (
	bodyBytesMax        = 1 << 20
	queryTokensMax      = 2000 // comparing fields with each other takes the square of it
	depthMax            = 15
	costMax             = 50_000
	listCost            = 5  // nodes that a list without a size is taken to have
	schemaListCost      = 10 // the same of the schema's own lists
	introspectionsMax   = 2  // of __schema and __type
	introspectionFields = "__schema and __type"
)

// refuse gives the fault of an operation that asks for too much (TooLarge), or nil. It is judged before anything is read.
func refuse(operation *graphql.OperationContext) error {
	if len(operation.Doc.Operations) != 1 {
		return fault.New(fault.Invalid, "graphql.operations", "The document must hold exactly one operation.")
	}
	m := meter{variables: operation.Variables, spreads: map[spread]size{}}
	measured := m.selections(operation.Operation.SelectionSet, 0)
	switch {
	case measured.depth > depthMax:
		return fault.New(fault.TooLarge, "graphql.depth", "The query is nested more than 15 fields deep; ask for the rest in another query.")
	case measured.cost > costMax:
		return fault.New(fault.TooLarge, "graphql.cost", "The query asks for too much at once; choose a smaller first or fewer lists in lists.")
	case m.introspections > introspectionsMax:
		return fault.New(fault.TooLarge, "graphql.introspection", "The query asks for "+introspectionFields+" more than twice; once tells all.")
	}
	return nil
}

// tell resolves a field, and writes what is selected of it at once where documents hold it all. It refuses where the texts of
// the answer are more bytes than it may hold: however few documents are read, a query may ask for their texts over and over.
func tell(ctx context.Context, resolve graphql.Resolver) (any, error) {
	value, err := resolve(ctx)
	if err != nil {
		return value, err
	}
	if json, ok, err := written(ctx, value); ok || err != nil {
		return json, err
	}
	bytes := 0
	switch value := value.(type) {
	case string:
		bytes = len(value)
	case *string:
		bytes = len(deref(value))
	case []string:
		for _, text := range value {
			bytes += len(text)
		}
	case [][]string:
		for _, texts := range value {
			for _, text := range texts {
				bytes += len(text)
			}
		}
	case model.JSON:
		bytes = len(value)
	}
	if bytes > 0 && !askingOf(ctx).tells(bytes) {
		return nil, errTold
	}
	return value, nil
}

var errTold = fault.New(fault.TooLarge, "too-costly", "The answer is as large as it may be, 32 MiB of text; ask for the rest in another query.")

// tells counts bytes of text that the answer is to hold, and reports whether it may.
func (a *asking) tells(bytes int) bool { return a.told.Add(int64(bytes)) <= records.AnswerBytesMax }

// size is how deep a selection goes, and how many fields it may fill: a list counts its nodes as many times as first says,
// or listCost.
type size struct{ depth, cost int }

// spread is a fragment at a place where lists have page nodes, 0 where they name no number.
type spread struct {
	fragment *ast.FragmentDefinition
	page     int
}

// meter measures each fragment once per page size, so that fragments in fragments cannot make the measuring itself long.
type meter struct {
	variables      map[string]any
	spreads        map[spread]size
	introspections int
}

// selections measures a selection set; page is the number of nodes that lists in it have.
func (m *meter) selections(set ast.SelectionSet, page int) size {
	var total size
	for _, selection := range set {
		var s size
		switch selection := selection.(type) {
		case *ast.Field:
			s = m.field(selection, page)
		case *ast.InlineFragment:
			s = m.selections(selection.SelectionSet, page)
		case *ast.FragmentSpread:
			at := spread{selection.Definition, page}
			known, ok := m.spreads[at]
			if !ok {
				known = m.selections(selection.Definition.SelectionSet, page)
				m.spreads[at] = known
			}
			s = known
		}
		total.depth = max(total.depth, s.depth)
		total.cost = min(total.cost+s.cost, costMax+1)
	}
	return total
}

func (m *meter) field(f *ast.Field, page int) size {
	inner := m.selections(f.SelectionSet, m.first(f))
	times := 1
	if f.Definition != nil && f.Definition.Type.Elem != nil {
		switch {
		case page > 0:
			times = page
		case f.ObjectDefinition != nil && strings.HasPrefix(f.ObjectDefinition.Name, "__"):
			times = schemaListCost
		default:
			times = listCost
		}
	}
	s := size{depth: inner.depth + 1, cost: min(1+times*inner.cost, costMax+1)}
	if f.Name == "__schema" || f.Name == "__type" {
		m.introspections++
		s.depth = 1 // how deep a client may look into the schema the validator decides
	}
	return s
}

// first gives how many nodes the lists of a connection have, 0 where the field is none. Sizes that the resolver refuses
// count as the nearest it takes.
func (m *meter) first(f *ast.Field) int {
	if f.Definition == nil || f.Definition.Arguments.ForName("first") == nil {
		return 0
	}
	value, ok := f.ArgumentMap(m.variables)["first"]
	if !ok || value == nil {
		return pageDefault
	}
	n, err := model.UnmarshalInt(value)
	if err != nil {
		return pageMax
	}
	return min(max(n, 1), pageMax)
}
