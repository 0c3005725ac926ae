package operation_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"medbill/models/operation"
)

// TestEveryRowIsWhole holds what the readers of the table rely on.
func TestEveryRowIsWhole(t *testing.T) {
	ids := map[string]bool{}
	for _, o := range operation.All() {
		if ids[o.ID()] {
			t.Errorf("%s stands twice", o.ID())
		}
		ids[o.ID()] = true
		if o.Code == "" || (o.Scope == "") != (o.OnType || o.ByReading != nil || o.ByCreating) || o.Name == "" || o.Title == "" || !strings.HasSuffix(o.Text, ".") || len(o.Methods) == 0 {
			t.Errorf("%s leaves something out: %+v", o.ID(), o)
		}
		for _, method := range o.Methods {
			if method != http.MethodGet && method != http.MethodPost {
				t.Errorf("%s is run by %s", o.ID(), method)
			}
		}
		if o.NeedsKey && (!o.AffectsState || o.Has(http.MethodGet)) {
			t.Errorf("%s needs a key and changes nothing", o.ID())
		}
		if !operation.Offers(o.Code) || o.Scope != "" && !slices.Contains(operation.Scopes(), o.Scope) {
			t.Errorf("%s is not found by its code or its scope", o.ID())
		}
		wholeParameters(t, o.ID(), o.Parameters)
	}
	if operation.Offers("invoice") || operation.Offers("") {
		t.Error("an operation is offered that does not exist")
	}
}

func wholeParameters(t *testing.T, id string, parameters []operation.Parameter) {
	t.Helper()
	for _, p := range parameters {
		if p.Name == "" || p.Max == "" || p.Text == "" || (p.Type == "") == (len(p.Part) == 0) {
			t.Errorf("%s: parameter %q leaves something out", id, p.Name)
		}
		wholeParameters(t, id, p.Part)
	}
}
