package search_test

import (
	"slices"
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
)

// Reading the table builds the walkers, so this also holds that each path has a reader.
func TestEveryServedTypeHasItsParameters(t *testing.T) {
	count := 0
	for _, served := range fhir.Types() {
		params := search.Params(served.Name)
		count += len(params)
		var names []string
		for _, p := range params {
			names = append(names, p.Name)
			if got, found := search.Lookup(served.Name, p.Name); !found || got.Kind != p.Kind {
				t.Errorf("Lookup(%s, %s) = %v, %v", served.Name, p.Name, got, found)
			}
			if p.Kind != search.KindReference && len(p.Targets) > 0 {
				t.Errorf("%s.%s has targets without being a reference", served.Name, p.Name)
			}
		}
		if !slices.IsSorted(names) || len(slices.Compact(names)) != len(params) {
			t.Errorf("%s: the parameters are not sorted or repeat: %v", served.Name, names)
		}
		for _, common := range []string{"_id", "_lastUpdated", "_profile", "_security", "_source", "_tag"} {
			if !slices.Contains(names, common) {
				t.Errorf("%s lacks %s", served.Name, common)
			}
		}
		if len(params) < 7 {
			t.Errorf("%s has no parameter of its own", served.Name)
		}
	}
	t.Logf("%d parameters of %d served types compile", count, len(fhir.Types()))
}

func TestParametersHaveKindAndTargets(t *testing.T) {
	for _, row := range []struct {
		resourceType, name string
		want               search.Param
	}{
		{"Claim", "claim-state", search.Param{Name: "claim-state", Kind: search.KindToken}},
		{"Claim", "patient", search.Param{Name: "patient", Kind: search.KindReference, Targets: []string{"Patient"}}},
		{"Encounter", "patient", search.Param{Name: "patient", Kind: search.KindReference, Targets: []string{"Patient"}}},
		{"Encounter", "subject", search.Param{Name: "subject", Kind: search.KindReference, Targets: []string{"Group", "Patient"}}},
		{"Contract", "subject", search.Param{Name: "subject", Kind: search.KindReference}},
		{"Invoice", "totalnet", search.Param{Name: "totalnet", Kind: search.KindQuantity}},
		{"Patient", "birthdate", search.Param{Name: "birthdate", Kind: search.KindDate}},
		{"ChargeItem", "factor-override", search.Param{Name: "factor-override", Kind: search.KindNumber}},
		{"InsurancePlan", "name", search.Param{Name: "name", Kind: search.KindString}},
		{"ChargeItemDefinition", "url", search.Param{Name: "url", Kind: search.KindURI}},
	} {
		got, found := search.Lookup(row.resourceType, row.name)
		if !found || got.Name != row.want.Name || got.Kind != row.want.Kind || !slices.Equal(got.Targets, row.want.Targets) {
			t.Errorf("Lookup(%s, %s) = %v, %v; want %v", row.resourceType, row.name, got, found, row.want)
		}
	}
	for _, name := range []string{"", "Patient", "phonetic", "near", "_text", ":patient"} {
		if _, found := search.Lookup("Patient", name); found {
			t.Errorf("Patient has a parameter %q", name)
		}
	}
}

// A document leaves one key at most of a parameter that IsSingle.
func TestSingleParametersAreThoseOfOneElement(t *testing.T) {
	for _, row := range []struct {
		typ, name string
		want      bool
	}{
		{"Claim", "created", true},
		{"Claim", "status", true},
		{"Encounter", "date", true},
		{"Encounter", "class", true},
		{"Invoice", "totalnet", true},
		{"Patient", "birthdate", true},
		{"Patient", "family", false},     // a list above it
		{"Patient", "identifier", false}, // a list
		{"Encounter", "reason-code", false},
		{"Observation", "date", false}, // a Timing leaves two
		{"Observation", "code", false}, // a concept leaves one of each coding
		{"Patient", "deceased", false},
		{"Claim", "_id", false},
	} {
		if p, found := search.Lookup(row.typ, row.name); !found || p.IsSingle != row.want {
			t.Errorf("%s %s: IsSingle is %v, found %v", row.typ, row.name, p.IsSingle, found)
		}
	}
}
