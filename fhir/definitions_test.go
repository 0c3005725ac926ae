package fhir

import (
	"testing"
)

func TestDefinitionsAreLoadedAsR4HasThem(t *testing.T) {
	resources := 0
	for _, d := range definitions() {
		if d.IsResource() {
			resources++
		}
	}
	if resources != 146 {
		t.Errorf("got %d resources, want the 146 of R4", resources)
	}
	for _, c := range []struct {
		of, key, name, of2 string
		isList, isRequired bool
	}{
		{"Claim", "id", "id", "id", false, false},
		{"Claim", "status", "status", "code", false, true},
		{"Claim", "item", "item", "Claim.item", true, false},
		{"Claim", "insurance", "insurance", "Claim.insurance", true, true},
		{"Claim.item", "servicedPeriod", "serviced", "Period", false, false},
		{"Claim.item", "modifierExtension", "modifierExtension", "Extension", true, false},
		{"ExplanationOfBenefit.addItem.detail", "adjudication", "adjudication", "ExplanationOfBenefit.item.adjudication", true, false},
		{"Bundle.entry", "link", "link", "Bundle.link", true, false},
		{"Bundle.entry", "resource", "resource", "Resource", false, false},
		{"Age", "comparator", "comparator", "code", false, false},
		{"Narrative", "div", "div", "xhtml", false, true},
		{"Extension", "url", "url", "uri", false, true},
		{"Element", "id", "id", "string", false, false},
	} {
		d := Define(c.of)
		e := d.Element([]byte(c.key))
		if e == nil {
			t.Errorf("%s.%s is missing", c.of, c.key)
			continue
		}
		if e.Name != c.name || e.Type != Define(c.of2) || e.IsList != c.isList || d.Required&(1<<e.Slot) != 0 != c.isRequired {
			t.Errorf("%s.%s: got %s %s list %v, required slots %b", c.of, c.key, e.Name, e.Type.Name, e.IsList, d.Required)
		}
	}
	if codes := Define("Claim").Element([]byte("use")).Codes; codes == nil || !codes.Contains([]byte("preauthorization")) || codes.Contains([]byte("x")) {
		t.Error("Claim.use is not bound to its codes")
	}
	if Define("Money").Element([]byte("currency")).Codes != nil {
		t.Error("currencies are listed, though the list is ISO's")
	}
	for _, name := range []string{"", "DomainResource", "Resource", "Element", "Money", "Claim.item", "claim"} {
		if DefineResource([]byte(name)) != nil {
			t.Errorf("%q passes as a resource", name)
		}
	}
}

func BenchmarkDefinitionsLoad(b *testing.B) {
	for b.Loop() {
		if _, err := parseDefinitions(definitionsText); err != nil {
			b.Fatal(err)
		}
	}
}

func TestBrokenDefinitionsAreRefused(t *testing.T) {
	for _, text := range []string{"primitive nothing\n", "type A -\n\tx\n", "type A -\n\tx 0..1 B\n\tx 0..1 B\n", "what is this\n"} {
		if _, err := parseDefinitions(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}
