package graph

import (
	"context"
	"io"
	"reflect"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"medbill/fhir"
	"medbill/graph/model"
)

// view is what shows a part of a document.
type view interface{ Node() fhir.Node }

// projections remembers, for one request, what its selections ask of documents; nil where a selection asks for more than the document
// holds. A selection of an object stands for the same at every element of a list.
type projections struct {
	mu    sync.Mutex
	known map[selection]*model.Projection
}

// selection is one as the executor collected it: fields that stand at one place in several parts of a query are one.
type selection struct {
	first *ast.Selection
	count int
}

// written gives the JSON of a field's value, where that is views of documents and all that the query selects of it stands in
// them; false where the fields inside have to be resolved one by one. It is an error where it would tell too much.
func written(ctx context.Context, value any) (graphql.Marshaler, bool, error) {
	field := graphql.GetFieldContext(ctx)
	if len(field.Field.Selections) == 0 || !isDocuments(value) {
		return nil, false, nil
	}
	a := askingOf(ctx)
	projection := a.projections.of(ctx, field)
	if projection == nil {
		return nil, false, nil
	}
	json, ok := appendViews(nil, projection, reflect.ValueOf(value), a.tells)
	if !ok {
		return nil, false, errTold
	}
	return raw(json), true, nil
}

// raw is JSON that is written already.
type raw []byte

// MarshalGQL writes it.
func (r raw) MarshalGQL(w io.Writer) { _, _ = w.Write(r) }

var viewType = reflect.TypeFor[view]()

// isDocuments reports whether a value is a view that is there, or a list of views.
func isDocuments(value any) bool {
	typ := reflect.TypeOf(value)
	switch {
	case typ == nil:
		return false
	case typ.Kind() == reflect.Slice:
		return typ.Elem().Implements(viewType)
	case typ.Kind() == reflect.Pointer:
		return typ.Implements(viewType) && !reflect.ValueOf(value).IsNil()
	}
	return typ.Implements(viewType)
}

func appendViews(dst []byte, p *model.Projection, value reflect.Value, told func(int) bool) ([]byte, bool) {
	if value.Kind() != reflect.Slice {
		return p.Append(dst, value.Interface().(view).Node(), told)
	}
	dst = append(dst, '[')
	for i := range value.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		var ok bool
		if dst, ok = p.Append(dst, value.Index(i).Addr().Interface().(view).Node(), told); !ok {
			return dst, false
		}
	}
	return append(dst, ']'), true
}

// of gives what the selection of a field asks of each document or part that the field gives.
func (p *projections) of(ctx context.Context, field *graphql.FieldContext) *model.Projection {
	at := selection{&field.Field.Selections[0], len(field.Field.Selections)}
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.known[at]
	if !ok {
		if members, ok := membersOf(ctx, field); ok {
			known = &model.Projection{Shape: model.ObjectShape, NonNull: true, Members: members}
		}
		if p.known == nil {
			p.known = map[selection]*model.Projection{}
		}
		p.known[at] = known
	}
	return known
}

// membersOf gives what is selected of the object or the objects of a field; false where a resolver has to answer some of it.
func membersOf(ctx context.Context, field *graphql.FieldContext) ([]model.Member, bool) {
	typ := schema.Types[field.Field.Definition.Type.Name()]
	if typ.Kind != ast.Object {
		return nil, false
	}
	satisfied := []string{typ.Name}
	for _, abstract := range schema.GetImplements(typ) {
		satisfied = append(satisfied, abstract.Name)
	}
	var members []model.Member
	for _, selected := range graphql.CollectFields(graphql.GetOperationContext(ctx), field.Field.Selections, satisfied) {
		if slices.ContainsFunc(members, func(m model.Member) bool { return m.Name == selected.Alias }) {
			continue
		}
		member, ok := memberOf(ctx, field, typ.Name, selected)
		if !ok {
			return nil, false
		}
		members = append(members, member)
	}
	return members, true
}

// memberOf gives one member. The types of FHIR are in the schema as FHIR has them, so the type of a field says how it is read.
func memberOf(ctx context.Context, of *graphql.FieldContext, typ string, selected graphql.CollectedField) (model.Member, bool) {
	if selected.Name == "__typename" {
		itself := func(n fhir.Node) fhir.Node { return n }
		return model.Member{Name: selected.Alias, Place: itself, Projection: model.Projection{Shape: model.TypenameShape, Typename: typ}}, true
	}
	field, err := of.Child(ctx, selected)
	place, isOne := model.PlaceOf(typ, selected.Name)
	if err != nil || field.IsResolver || !isOne {
		return model.Member{}, false
	}
	given := selected.Definition.Type
	m := model.Member{Name: selected.Alias, Place: place, Projection: model.Projection{NonNull: given.NonNull, List: given.Elem != nil}}
	switch name := given.Name(); {
	case typ == "Money" && selected.Name == "currency":
		m.Shape = model.CurrencyShape
	case shapes[name] != 0:
		m.Shape = shapes[name]
	case schema.Types[name].Kind == ast.Object:
		m.Shape = model.ObjectShape
		if name == "Money" {
			m.Shape = model.MoneyShape
		}
		m.Members, isOne = membersOf(ctx, field)
	}
	if m.List {
		m.NonNull = false // an element that is none is left out
	}
	return m, isOne && m.Shape != 0
}

// shapes says how values of the scalars are read; those of others are never the document's own.
var shapes = map[string]model.Shape{
	"ID": model.TextShape, "String": model.TextShape, "Date": model.TextShape, "DateTime": model.TextShape, "Decimal": model.TextShape,
	"Int": model.IntegerShape, "Boolean": model.BooleanShape,
}
