package records

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/fhir/validate"
	"medbill/internal/auth"
)

// FuzzBundleIsPlannedOrRefused holds that what is planned of a Bundle is whole, entry by entry, and that nothing panics: not the
// reading, not the plan, not the judgement of what the resources are.
func FuzzBundleIsPlannedOrRefused(f *testing.F) {
	for _, entry := range []string{
		`{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","active":true},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=a"}}`,
		`{"resource":{"resourceType":"Patient","id":"p"},"request":{"method":"PUT","url":"Patient/p","ifMatch":"W/\"2\""}}`,
		`{"resource":{"resourceType":"Patient","id":"p"},"request":{"method":"PUT","url":"http://test/fhir/R4/Patient?identifier=a"}}`,
		`{"request":{"method":"DELETE","url":"Patient/p"}},{"request":{"method":"GET","url":"Patient/p?_summary=text"}}`,
		`{"request":{"method":"GET","url":"Patient?name=a"}},{"request":{"method":"HEAD","url":"/Patient/p","ifMatch":"*"}}`,
		`{"request":{"method":"PATCH","url":"Patient/p"},"resource":{"resourceType":"Patient"}}`,
		`{"fullUrl":"urn:uuid:1","request":{"method":"GET","url":"Patient/p/_history/1"}},{"fullUrl":"urn:uuid:1","request":{"method":"GET","url":"?"}}`,
	} {
		for _, kind := range []string{"transaction", "batch"} {
			f.Add([]byte(`{"resourceType":"Bundle","type":"` + kind + `","entry":[` + entry + `]}`))
		}
	}
	if files, _ := filepath.Glob(filepath.Join(os.Getenv("MEDBILL_SHARED"), "data/fhir-r4-examples/Bundle-bundle-*.json")); len(files) > 0 {
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	machine := &Records{bases: []string{"http://test/fhir/R4"}}
	all := auth.Principal{Tenant: "zzyzx", Subject: "fuzz", Scopes: auth.ParseScopes("system/*.cruds")}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := fhir.Parse(src)
		if err != nil {
			return
		}
		bundle, err := fhir.BundleOf(d)
		if err != nil {
			return
		}
		_ = validate.Resource(d) // it judges what is planned too
		actions, err := machine.plan(all, bundle)
		if err != nil {
			return
		}
		if len(actions) != d.Root().Get("entry").Len() {
			t.Fatalf("%d actions of %d entries", len(actions), d.Root().Get("entry").Len())
		}
		names := map[string]bool{}
		for i, a := range actions {
			if a.index != i || a.fullURL != "" && names[a.fullURL] {
				t.Errorf("action %d stands at %d under a name of another: %+v", i, a.index, a)
			}
			names[a.fullURL] = true
			planned(t, a)
		}
	})
}

// planned holds what an action must be to be done.
func planned(t *testing.T, a *action) {
	t.Helper()
	if _, err := Type(a.typ); err != nil {
		t.Errorf("an action on no served type: %+v", a)
	}
	if _, known := methodOrder[a.method]; !known || a.ifMatch < AnyVersion {
		t.Errorf("an action that cannot be ordered or conditioned: %+v", a)
	}
	writes := a.method == "POST" || a.method == "PUT"
	switch {
	case writes != (a.sent != nil), a.sent != nil && a.sent.Type() != a.typ:
		t.Errorf("an action without its resource, or with another: %+v", a)
	case a.method == "PUT" && a.id != "" && a.sent.ID() != a.id, a.method == "POST" && a.id != "":
		t.Errorf("an action whose address is another than its resource's: %+v", a)
	case strings.Contains(a.id, "/"), a.id != "" && a.query != "":
		t.Errorf("an action of an address that names no one record: %+v", a)
	}
}
