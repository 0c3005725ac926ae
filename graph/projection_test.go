package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"medbill/fhir"
	"medbill/graph/generated"
	"medbill/graph/model"
	"medbill/models"
)

// TestAProjectionWritesWhatTheFieldsGive holds the answer of the door against that of the executor which resolves each field by
// itself, byte by byte, for what may be selected of documents as they may be sent.
func TestAProjectionWritesWhatTheFieldsGive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		drawn := &drawing{T: t}
		root := rapid.SampledFrom(slices.Sorted(maps.Keys(shownRoots))).Draw(t, "root")
		d, err := fhir.Parse([]byte(drawn.document(schema.Types[shownRoots[root]])))
		if err != nil {
			t.Fatal(err)
		}
		variables := map[string]any{"yes": true, "no": false}
		for range queriesPerDocument {
			query := drawn.query(root)
			plain, _ := ask(t, shown{d: d}, query, variables, nil)
			projected, _ := ask(t, shown{d: d}, query, variables, tell)
			if plain != projected {
				t.Fatalf("of %s\n%s\nis %s\nnot %s", d.Bytes(), query, projected, plain)
			}
		}
	})
}

const queriesPerDocument = 3

// TestWhatADocumentHoldsIsWrittenAtOnce holds that a field which needs no resolver is never resolved by itself, but for those
// that stand in several places or are not told as they stand.
func TestWhatADocumentHoldsIsWrittenAtOnce(t *testing.T) {
	var alone []string
	for root, typ := range shownRoots {
		for _, f := range schema.Types[typ].Fields {
			if strings.HasPrefix(f.Name, "__") || hasResolver(typ, f.Name) {
				continue
			}
			d, _ := fhir.Parse([]byte(`{"careTeam":[{}]}`))
			_, resolved := ask(t, shown{d: d}, fmt.Sprintf(root, "{"+f.Name+allOf(f.Type)+"}"), nil, tell)
			if slices.Contains(resolved, typ+"."+f.Name) {
				alone = append(alone, typ+"."+f.Name)
			}
		}
	}
	slices.Sort(alone)
	if want := []string{"ChargeItem.modifier", "Claim.pdf", "Condition.isEstablished", "Encounter.superbill", "Invoice.pdf", "WorkItem.amount", "WorkItem.assignee", "WorkItem.decisions", "WorkItem.deposit", "WorkItem.labels"}; !slices.Equal(slices.Compact(alone), want) {
		t.Errorf("resolved alone: %v, want %v", alone, want)
	}
}

// TestAnAnswerOfTooMuchTextIsRefused holds the bound for what is written at once, at the field that it is written for.
func TestAnAnswerOfTooMuchTextIsRefused(t *testing.T) {
	d, err := fhir.Parse([]byte(`{"resourceType":"Claim","use":"` + strings.Repeat("x", 1<<20) + `"}`))
	if err != nil {
		t.Fatal(err)
	}
	use := ""
	for i := range 40 {
		use += fmt.Sprintf(" u%d:use", i)
	}
	query := `{a:claim(id:"1"){id} claim(id:"1"){` + use + `}}`
	answer, _ := ask(t, shown{d: d}, query, nil, tell)
	want := `[{"message":"` + errTold.Issues[0].Text + `","path":["claim"],"extensions":{"code":"BAD_USER_INPUT","issues":[{"code":"too-costly","text":"` + errTold.Issues[0].Text + `"}]}}]{"a":{"id":""},"claim":null}`
	if answer != want {
		t.Errorf("says %.400s, want %s", answer, want)
	}
}

// ask executes a query over one document with the executor of the door, around whose fields is what is given. It gives errors and
// data, and the fields that were resolved.
func ask(t interface{ Fatal(...any) }, resolvers shown, query string, variables map[string]any, around graphql.FieldMiddleware) (string, []string) {
	exec := executor.New(generated.NewExecutableSchema(generated.Config{Resolvers: resolvers}))
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	exec.SetErrorPresenter(presenter(log))
	exec.SetRecoverFunc(recoverer(log))
	resolved := make(chan string, 1<<16)
	if around != nil {
		exec.AroundFields(around)
	}
	exec.AroundFields(func(ctx context.Context, next graphql.Resolver) (any, error) {
		f := graphql.GetFieldContext(ctx)
		resolved <- f.Object + "." + f.Field.Name
		return next(ctx)
	})
	ctx := context.WithValue(graphql.StartOperationTrace(context.Background()), askingKey{}, &asking{})
	operation, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if errs != nil {
		t.Fatal(query, errs)
	}
	next, ctx := exec.DispatchOperation(ctx, operation)
	response := next(ctx)
	close(resolved)
	told := ""
	for _, e := range response.Errors {
		e.Locations = nil
	}
	if response.Errors != nil {
		text, err := json.Marshal(response.Errors)
		if err != nil {
			t.Fatal(err)
		}
		told = string(text)
	}
	var names []string
	for name := range resolved {
		names = append(names, name)
	}
	return told + string(response.Data), names
}

// shownRoots are queries that lead to views of the document of shown, with %s for what is selected of the type.
var shownRoots = map[string]string{
	`{claim(id:"1")%s}`:                         "Claim",
	`{claims{nodes%s}}`:                         "Claim",
	`{claims{edges{cursor node%s}}}`:            "Claim",
	`{claim(id:"1"){responses%s}}`:              "ClaimResponse",
	`{patient(id:"1")%s}`:                       "Patient",
	`{patient(id:"1"){coverages%s}}`:            "Coverage",
	`{patient(id:"1"){coverages{payor%s}}}`:     "Organization",
	`{encounter(id:"1")%s}`:                     "Encounter",
	`{encounter(id:"1"){conditions%s}}`:         "Condition",
	`{encounter(id:"1"){procedures%s}}`:         "Procedure",
	`{encounter(id:"1"){chargeItems%s}}`:        "ChargeItem",
	`{claim(id:"1"){careTeam{npi provider%s}}}`: "Practitioner",
	`{invoice(id:"1")%s}`:                       "Invoice",
	`{account(patient:"1")%s}`:                  "Account",
	`{workItems{nodes%s}}`:                      "WorkItem",
}

// shown resolves, in place of what the store holds, to one document, seen as whatever is asked for.
type shown struct {
	*Resolver
	d *fhir.Document
}

type (
	shownQuery struct {
		generated.QueryResolver
		of shown
	}
	shownPatient struct {
		generated.PatientResolver
		of shown
	}
	shownCoverage struct {
		generated.CoverageResolver
		of shown
	}
	shownEncounter struct {
		generated.EncounterResolver
		of shown
	}
	shownClaim struct {
		generated.ClaimResolver
		of shown
	}
	shownMember struct {
		generated.ClaimCareTeamResolver
		of shown
	}
)

func (s shown) Query() generated.QueryResolver                 { return shownQuery{nil, s} }
func (s shown) Patient() generated.PatientResolver             { return shownPatient{nil, s} }
func (s shown) Coverage() generated.CoverageResolver           { return shownCoverage{nil, s} }
func (s shown) Encounter() generated.EncounterResolver         { return shownEncounter{nil, s} }
func (s shown) Claim() generated.ClaimResolver                 { return shownClaim{nil, s} }
func (s shown) ClaimCareTeam() generated.ClaimCareTeamResolver { return shownMember{nil, s} }

func twice[T model.Resource](s shown) []T { return []T{model.Of[T](s.d), model.Of[T](s.d)} }

func connected[T model.Resource](s shown) *model.Connection[T] {
	c := &model.Connection[T]{Nodes: twice[T](s)}
	for _, node := range c.Nodes {
		c.Edges = append(c.Edges, model.Edge[T]{Cursor: "here", Node: node})
	}
	return c
}

func (q shownQuery) Patient(context.Context, string) (*model.Patient, error) {
	return viewOf[model.Patient](q.of.d), nil
}

func (q shownQuery) Encounter(context.Context, string) (*model.Encounter, error) {
	return viewOf[model.Encounter](q.of.d), nil
}

func (q shownQuery) Claim(context.Context, string) (*model.Claim, error) {
	return viewOf[model.Claim](q.of.d), nil
}

func (q shownQuery) Invoice(context.Context, string) (*model.Invoice, error) {
	return viewOf[model.Invoice](q.of.d), nil
}

func (q shownQuery) Account(context.Context, string) (*model.Account, error) {
	return viewOf[model.Account](q.of.d), nil
}

func (q shownQuery) Claims(context.Context, *int, *string, *model.ClaimFilter) (*model.Connection[model.Claim], error) {
	return connected[model.Claim](q.of), nil
}

func (q shownQuery) WorkItems(context.Context, *int, *string, *model.WorkFilter, *models.WorkOrder) (*model.WorkItemConnection, error) {
	return &model.WorkItemConnection{Connection: *connected[model.WorkItem](q.of)}, nil
}

func (p shownPatient) Coverages(context.Context, *model.Patient) ([]model.Coverage, error) {
	return twice[model.Coverage](p.of), nil
}

func (c shownCoverage) Payor(context.Context, *model.Coverage) ([]model.Organization, error) {
	return twice[model.Organization](c.of), nil
}

func (e shownEncounter) Conditions(context.Context, *model.Encounter) ([]model.Condition, error) {
	return twice[model.Condition](e.of), nil
}

func (e shownEncounter) Procedures(context.Context, *model.Encounter) ([]model.Procedure, error) {
	return []model.Procedure{}, nil
}

func (e shownEncounter) ChargeItems(context.Context, *model.Encounter) ([]model.ChargeItem, error) {
	return twice[model.ChargeItem](e.of), nil
}

func (c shownClaim) Responses(context.Context, *model.Claim) ([]model.ClaimResponse, error) {
	return twice[model.ClaimResponse](c.of), nil
}

func (m shownMember) Provider(context.Context, *model.ClaimCareTeam) (*model.Practitioner, error) {
	return viewOf[model.Practitioner](m.of.d), nil
}

// resolvable are the resolvers of shown.
var resolvable = []string{"Patient.coverages", "Coverage.payor", "Encounter.conditions", "Encounter.procedures", "Encounter.chargeItems", "Claim.responses", "ClaimCareTeam.provider"}

// hasResolver reports whether a field is answered by a resolver and not by the document.
func hasResolver(typ, field string) bool {
	of, ok := reflect.TypeFor[generated.ResolverRoot]().MethodByName(typ)
	if !ok {
		return false
	}
	found := false
	for i := range of.Type.Out(0).NumMethod() {
		found = found || strings.EqualFold(of.Type.Out(0).Method(i).Name, field)
	}
	return found
}

// allOf selects everything that the documents hold of a type.
func allOf(typ *ast.Type) string {
	definition := schema.Types[typ.Name()]
	if definition.Kind != ast.Object {
		return ""
	}
	text := "{__typename"
	for _, f := range definition.Fields {
		if !hasResolver(definition.Name, f.Name) {
			text += " " + f.Name + allOf(f.Type)
		}
	}
	return text + "}"
}

// drawing makes up queries and documents.
type drawing struct {
	*rapid.T
	fragments []string
	aliases   int
}

const drawnDepth = 4

func (d *drawing) chance(percent int) bool {
	return rapid.IntRange(1, 100).Draw(d.T, "chance") <= percent
}

// query selects something of the type that a root leads to.
func (d *drawing) query(root string) string {
	d.fragments = nil
	selected := d.selection(schema.Types[shownRoots[root]], drawnDepth)
	return "query($yes:Boolean!,$no:Boolean!){a:__typename@include(if:$yes) b:__typename@skip(if:$no) " + strings.TrimPrefix(fmt.Sprintf(root, selected), "{") + strings.Join(d.fragments, " ")
}

// selection selects fields of a type, some twice, some in fragments, some under other names, some not after all.
func (d *drawing) selection(typ *ast.Definition, depth int) string {
	var parts []string
	for range rapid.IntRange(2, 9).Draw(d.T, "fields") {
		switch {
		case d.chance(10):
			parts = append(parts, "__typename")
		case d.chance(20) && depth > 0:
			parts = append(parts, d.fragment(typ, depth-1))
		default:
			parts = append(parts, d.field(typ, depth))
		}
	}
	return "{" + strings.Join(parts, " ") + "}"
}

// fragment selects fields of a type by a fragment, with a name of its own or none.
func (d *drawing) fragment(typ *ast.Definition, depth int) string {
	inside := d.selection(typ, depth)
	if d.chance(50) {
		return "..." + d.condition(typ) + d.directive() + inside
	}
	name := fmt.Sprintf("f%d", len(d.fragments))
	d.fragments = append(d.fragments, "fragment "+name+" on "+typ.Name+inside)
	return "..." + name + d.directive()
}

func (d *drawing) condition(typ *ast.Definition) string {
	if d.chance(50) {
		return " on " + typ.Name
	}
	return ""
}

func (d *drawing) directive() string {
	return rapid.SampledFrom([]string{"", "", "", "@include(if:$yes)", "@include(if:$no)", "@skip(if:$yes)", "@skip(if:$no)", "@skip(if:false)@include(if:true)"}).Draw(d.T, "directive")
}

func (d *drawing) field(typ *ast.Definition, depth int) string {
	f := rapid.SampledFrom(typ.Fields).Draw(d.T, "field")
	inner := schema.Types[f.Type.Name()]
	if hasResolver(typ.Name, f.Name) && !slices.Contains(resolvable, typ.Name+"."+f.Name) || strings.HasPrefix(f.Name, "__") || inner.Kind == ast.Object && depth == 0 {
		return "__typename"
	}
	text := f.Name
	if d.chance(20) {
		d.aliases++
		text = fmt.Sprintf("a%d:%s", d.aliases, f.Name)
	}
	text += d.directive()
	if inner.Kind == ast.Object {
		text += d.selection(inner, depth-1)
	}
	return text
}

// document is JSON of what a type has, mostly of the kinds that it should be.
func (d *drawing) document(typ *ast.Definition) string {
	var members []string
	add := func(key, value string) { members = append(members, fmt.Sprintf("%q:%s", key, value)) }
	for _, f := range typ.Fields {
		if d.chance(75) && !strings.HasPrefix(f.Name, "__") && f.Name != "extension" {
			add(f.Name, d.value(f.Type))
		}
	}
	switch typ.Name {
	case "Claim", "ChargeItem", "Invoice":
		add("extension", d.extensions())
		if !slices.ContainsFunc(members, func(m string) bool { return strings.HasPrefix(m, `"meta"`) }) && d.chance(30) {
			add("meta", `{"tag":{"system":"`+fhir.SystemOrigin+`"}}`)
		}
	case "ClaimItem":
		add("careTeamSequence", "["+strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2", `"1"`, "null"}), 0, 3).Draw(d.T, "members"), ",")+"]")
	case "WorkItem":
		add("code", `{"coding":[{"code":`+d.text()+`}]}`)
	}
	return "{" + strings.Join(members, ",") + "}"
}

func (d *drawing) extensions() string {
	urls := []string{fhir.ExtensionClaimState, fhir.ExtensionModifier, fhir.ExtensionUnitPrice, fhir.ExtensionDueDate, fhir.ExtensionAmountDue}
	var list []string
	for range rapid.IntRange(0, 4).Draw(d.T, "extensions") {
		list = append(list, fmt.Sprintf(`{"url":%q,"valueCode":%s,"valueDate":%s,"valueMoney":{"value":%s}}`, rapid.SampledFrom(urls).Draw(d.T, "url"), d.text(), d.text(), d.text()))
	}
	return "[" + strings.Join(list, ",") + "]"
}

func (d *drawing) value(typ *ast.Type) string {
	if d.chance(20) {
		return rapid.SampledFrom([]string{"null", "true", "12", "-0", "-3.50", `"7"`, `"+7"`, `""`, "[]", "{}", `[["x"],null,2]`, `{"value":false,"currency":7}`, `{"coding":{"code":"x"}}`}).Draw(d.T, "odd")
	}
	if typ.Elem != nil {
		var list []string
		for range rapid.IntRange(0, 3).Draw(d.T, "elements") {
			list = append(list, d.value(typ.Elem))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	switch name := typ.Name(); {
	case name == "Int":
		return rapid.SampledFrom([]string{"1", "2", "3", "99999999999999999999"}).Draw(d.T, "number")
	case name == "Boolean":
		return rapid.SampledFrom([]string{"true", "false"}).Draw(d.T, "boolean")
	case name == "Practitioner":
		return rapid.SampledFrom([]string{`{"reference":"Practitioner/1"}`, `{"identifier":{"system":"` + models.SystemNPI + `","value":"1999999984"}}`}).Draw(d.T, "provider")
	case schema.Types[name].Kind == ast.Object && isPart(name):
		return d.document(schema.Types[name])
	}
	return d.text()
}

// isPart reports whether values of a type are inside documents and no documents of their own.
func isPart(typ string) bool {
	return schema.Types[typ].Fields.ForName("meta") == nil && typ != "Case" && typ != "Finding"
}

func (d *drawing) text() string {
	return rapid.SampledFrom([]string{`"plain"`, `""`, `"2026-03-02"`, `12.50`, `1e3`, `"é 漢 \ud83d\ude00 \u00e9"`, `"a\"b\\c\/d\b\f\n\r\t"`, `"\u001f\u007f</script>\u2028"`, `"\u0041"`, `"` + strings.Repeat("long ", 20) + `"`}).Draw(d.T, "text")
}
