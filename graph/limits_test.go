package graph

import (
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"medbill/models"
)

// measured measures a query.
func measured(t *testing.T, query string, variables map[string]any) size {
	t.Helper()
	d, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	m := meter{variables: variables, spreads: map[spread]size{}}
	return m.selections(d.Operations[0].SelectionSet, 0)
}

// TestAListCostsAsManyTimesAsItHasNodes holds how a query is measured.
func TestAListCostsAsManyTimesAsItHasNodes(t *testing.T) {
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		want        size
	}{
		{"a record and a scalar", `{patient(id:"1"){id}}`, nil, size{2, 2}},
		{"a page of twenty unless it says more", `{patients{nodes{id}}}`, nil, size{3, 1 + 1 + 20}},
		{"a page of seven", `{patients(first:7){nodes{id gender}}}`, nil, size{3, 1 + 1 + 7*2}},
		{"a page of a variable", `query($n:Int){patients(first:$n){nodes{id}}}`, map[string]any{"n": int64(9)}, size{3, 1 + 1 + 9}},
		{"a page that will be refused", `{patients(first:100000){nodes{id}}}`, nil, size{3, 1 + 1 + 100}},
		{"edges as nodes", `{patients(first:7){edges{node{id}} pageInfo{hasNextPage} totalCount}}`, nil, size{4, 1 + 1 + 7*2 + 2 + 1}},
		{"a list in a list", `{patient(id:"1"){name{given} coverages{payor{id}}}}`, nil, size{4, 1 + 1 + 5*1 + 1 + 5*(1+5*1)}},
		{"a fragment counts where it stands", `{a:patient(id:"1"){...f} b:patient(id:"2"){...f}} fragment f on Patient{id gender}`, nil, size{2, 2 * (1 + 2)}},
		{"an inline fragment too", `{workItems(first:2){nodes{subject{...on Claim{id} ...on Encounter{id}}}}}`, nil, size{4, 1 + 1 + 2*(1+2)}},
	} {
		if got := measured(t, c.query, c.variables); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestTheSchemaNamesEveryWordOfItsLists holds descriptions of lists that filters take against the tables of the words.
func TestTheSchemaNamesEveryWordOfItsLists(t *testing.T) {
	states := strings.Join(strings.Fields(schema.Types["ClaimFilter"].Fields.ForName("claimState").Description), " ")
	for _, facts := range models.ClaimStates {
		if !strings.Contains(states, " "+string(facts.State)) {
			t.Errorf("ClaimFilter.claimState does not name %s", facts.State)
		}
	}
	kinds := strings.Join(strings.Fields(schema.Query.Fields.ForName("workItems").Description), " ")
	for _, facts := range models.WorkKinds {
		if !strings.Contains(kinds, " "+string(facts.Kind)) {
			t.Errorf("workItems does not name %s", facts.Kind)
		}
	}
}

// TestFragmentsOfFragmentsAreMeasuredOnce would not end in a lifetime otherwise.
func TestFragmentsOfFragmentsAreMeasuredOnce(t *testing.T) {
	query := `{patient(id:"1"){...f0}}`
	for i := range 60 {
		query += fmt.Sprintf(" fragment f%d on Patient{a%d:coverages{beneficiary{...f%d}} b%d:coverages{beneficiary{...f%d}}}", i, i, i+1, i, i+1)
	}
	query += " fragment f60 on Patient{id}"
	d, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		t.Fatal(err)
	}
	// The validator would walk it for long, too: only its links are needed here.
	for _, f := range d.Fragments {
		link(schema, d, f.SelectionSet, schema.Types["Patient"])
	}
	link(schema, d, d.Operations[0].SelectionSet, schema.Query)
	operation := &graphql.OperationContext{Doc: d, Operation: d.Operations[0]}
	if refuse(operation) == nil {
		t.Error("it is not refused")
	}
}

func link(s *ast.Schema, d *ast.QueryDocument, set ast.SelectionSet, on *ast.Definition) {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			selection.Definition = on.Fields.ForName(selection.Name)
			link(s, d, selection.SelectionSet, s.Types[selection.Definition.Type.Name()])
		case *ast.FragmentSpread:
			selection.Definition = d.Fragments.ForName(selection.Name)
		}
	}
}

// FuzzEveryValidQueryIsMeasured holds that measuring ends within its bounds on whatever passes the validator.
func FuzzEveryValidQueryIsMeasured(f *testing.F) {
	f.Add(`{claims(first:3){nodes{item{net{value}}}}}`)
	f.Add(`query Q($n:Int=4){patients(first:$n){...p}} fragment p on PatientConnection{nodes{id}}`)
	f.Add(`{__schema{types{name fields{name}}}}`)
	f.Add(`{__typename workItems(first:null){nodes{subject{__typename}}}}`)
	f.Add(strings.Repeat("{patient(id:1)", 30) + strings.Repeat("}", 30))
	s := schema
	f.Fuzz(func(t *testing.T, query string) {
		d, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, queryTokensMax)
		if err != nil || len(d.Operations) == 0 || len(validator.ValidateWithRules(s, d, rules.NewDefaultRules())) > 0 {
			return
		}
		m := meter{spreads: map[spread]size{}}
		got := m.selections(d.Operations[0].SelectionSet, 0)
		if got.cost < 1 || got.cost > costMax+1 || got.depth < 1 {
			t.Errorf("%s measures %+v", query, got)
		}
	})
}
