package fhir

import (
	"reflect"
	"strings"
	"testing"

	"medbill/models/fault"
)

func TestBundleIsReadEntryByEntry(t *testing.T) {
	d := mustParse(t, `{"resourceType":"Bundle","type":"transaction","entry":[
		{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=a"}},
		{"resource":{"resourceType":"Basic","id":"b"},"request":{"method":"PUT","url":"Basic/b","ifMatch":"W/\"2\""}},
		{"request":{"method":"GET","url":"Basic/c","ifNoneMatch":"W/\"3\""}},
		{"request":{"method":"DELETE","url":"Basic/d"}}]}`)
	b, err := BundleOf(d)
	if err != nil {
		t.Fatal(err)
	}
	entries := d.Root().Get("entry")
	want := Bundle{Type: "transaction", Entries: []BundleEntry{
		{FullURL: "urn:uuid:1", Resource: entries.At(0).Get("resource"), Method: "POST", URL: "Patient", IfNoneExist: "identifier=a"},
		{Resource: entries.At(1).Get("resource"), Method: "PUT", URL: "Basic/b", IfMatch: `W/"2"`},
		{Method: "GET", URL: "Basic/c", IfNoneMatch: `W/"3"`},
		{Method: "DELETE", URL: "Basic/d"},
	}}
	if !reflect.DeepEqual(b, want) {
		t.Errorf("got %+v, want %+v", b, want)
	}
	if b, err := BundleOf(mustParse(t, `{"resourceType":"Bundle","type":"batch"}`)); err != nil || len(b.Entries) != 0 {
		t.Errorf("an empty batch: got %v, %v", b, err)
	}
}

func TestBundleRefusalsComeAllAtOnce(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"not a Bundle", `{"resourceType":"Patient"}`, "value resourceType"},
		{"other type", `{"resourceType":"Bundle","type":"searchset","entry":[{}]}`, "value Bundle.type, required Bundle.entry[0].request"},
		{"no type", `{"resourceType":"Bundle"}`, "value Bundle.type"},
		{"entry is no array", `{"resourceType":"Bundle","type":"batch","entry":{}}`, "structure Bundle.entry"},
		{"one fullUrl twice", `{"resourceType":"Bundle","type":"batch","entry":[
			{"fullUrl":"urn:uuid:1","request":{"method":"GET","url":"Patient"}}, {"request":{"method":"GET","url":"Patient"}}, {"request":{"method":"GET","url":"Patient"}},
			{"fullUrl":"urn:uu\u0069d:1","request":{"method":"GET","url":"Patient"}}]}`, "invalid Bundle.entry[3].fullUrl"},
		{"all of it", `{"resourceType":"Bundle","type":"batch","entry":[
			{"request":{"method":"POST","url":"Patient"}},
			{"request":{"method":"PUT"},"resource":{"resourceType":"Patient"}},
			{"request":{"method":"FETCH","url":"Patient"}},
			{"request":{"url":"Patient"}},
			{"request":[]}, 7,
			{"request":{"method":"PATCH","url":"Patient/1"},"resource":"x"}]}`,
			"required Bundle.entry[0].resource, required Bundle.entry[1].request.url, code-invalid Bundle.entry[2].request.method, " +
				"required Bundle.entry[3].request.method, required Bundle.entry[4].request, required Bundle.entry[5].request, required Bundle.entry[6].resource"},
	} {
		_, err := BundleOf(mustParse(t, c.src))
		var got []string
		for _, issue := range issuesOf(err) {
			got = append(got, issue.Code+" "+issue.Path)
		}
		if strings.Join(got, ", ") != c.want || !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %s, want %s", c.name, strings.Join(got, ", "), c.want)
		}
	}
}

func TestBundleIsBounded(t *testing.T) {
	bundle := func(entry string, count int) *Document {
		return mustParse(t, `{"resourceType":"Bundle","type":"batch","entry":[`+strings.Repeat(entry+",", count-1)+entry+`]}`)
	}
	get := `{"request":{"method":"GET","url":"Patient/1"}}`
	if b, err := BundleOf(bundle(get, BundleEntriesMax)); err != nil || len(b.Entries) != BundleEntriesMax {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := BundleOf(bundle(get, BundleEntriesMax+1)); !fault.Is(err, fault.TooLarge) {
		t.Errorf("over the limit: %v", err)
	}
	if _, err := BundleOf(bundle(`{"request":{}}`, 200)); len(issuesOf(err)) != issuesMax {
		t.Errorf("got %d issues", len(issuesOf(err)))
	}
}
