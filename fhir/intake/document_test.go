package intake_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/models/fault"
)

// document parses FHIR written with single quotes, so that tests stay readable.
func document(t testing.TB, text string) *fhir.Document {
	t.Helper()
	d, err := fhir.Parse([]byte(strings.ReplaceAll(text, "'", `"`)))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return d
}

// refused compares a refusal with its kind and its issues, written `code path`.
func refused(t *testing.T, name string, err error, kind fault.Kind, want ...string) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) {
		t.Errorf("%s: got %v, want a refusal with %v", name, err, want)
		return
	}
	var got []string
	for _, issue := range f.Issues {
		got = append(got, issue.Code+" "+issue.Path)
		if !strings.HasSuffix(issue.Text, ".") || strings.ToUpper(issue.Text[:1]) != issue.Text[:1] {
			t.Errorf("%s: %q is no sentence", name, issue.Text)
		}
		if strings.Contains(issue.Text+issue.Path+issue.Code, "CANARY") {
			t.Errorf("%s: a value of the input stands in the refusal: %+v", name, issue)
		}
	}
	if f.Kind != kind || !slices.Equal(got, want) {
		t.Errorf("%s: kind %d with\n%s\nwant kind %d with\n%s", name, f.Kind, strings.Join(got, "\n"), kind, strings.Join(want, "\n"))
	}
}

// change replaces what stands once in text.
func change(t *testing.T, text, old, with string) string {
	t.Helper()
	if old == "" {
		return text
	}
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q stands %d times in the document", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, with, 1)
}
