package render_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
)

// TestWhatIsWrittenIsDefined walks every document that the renderers write: each extension of ours stands where the table of
// extensions says, with a value of the type it says.
func TestWhatIsWrittenIsDefined(t *testing.T) {
	written := map[string]bool{}
	for name, body := range documents() {
		root := parsed(t, body).Root()
		walk(root, root.Get("resourceType").Text(), func(owner string, e fhir.Node) {
			url := e.Get("url").Text()
			if url == fhir.ExtensionGFEDisclaimer {
				return // of Da Vinci PCT
			}
			at := slices.IndexFunc(fhir.Extensions, func(f fhir.ExtensionFacts) bool { return f.URL == url })
			if at < 0 {
				t.Errorf("%s: %s is in no table", name, url)
				return
			}
			written[url] = true
			facts := fhir.Extensions[at]
			if !slices.Contains(facts.On, owner) {
				t.Errorf("%s: %s stands on %s, want %v", name, url, owner, facts.On)
			}
			if !slices.ContainsFunc(facts.Types, func(typ string) bool { return e.Get("value" + strings.ToUpper(typ[:1]) + typ[1:]).Exists() }) {
				t.Errorf("%s: %s, want a value of %v", name, e.Raw(), facts.Types)
			}
		})
	}
	for _, facts := range fhir.Extensions {
		if !written[facts.URL] {
			t.Errorf("%s is written nowhere", facts.URL)
		}
	}
}

// walk gives every extension in n with the element it stands on.
func walk(n fhir.Node, path string, found func(owner string, e fhir.Node)) {
	for child := range n.Children() {
		switch {
		case n.Kind() == fhir.KindArray:
			walk(child, path, found)
		case child.Key() == "extension":
			for e := range child.Children() {
				found(path, e)
			}
		default:
			walk(child, path+"."+child.Key(), found)
		}
	}
}
