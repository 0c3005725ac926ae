package search_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/fhir"
)

// shared gives the folder of the test data, or skips.
func shared(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MEDBILL_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		for err == nil {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil || root == filepath.Dir(root) {
				break
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err != nil {
		t.Skip("skipped: the shared test data is absent; set MEDBILL_SHARED")
	}
	return dir
}

// examples gives the official R4 examples of served types by file name.
func examples(t testing.TB) map[string]*fhir.Document {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared(t), "data", "fhir-r4-examples", "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	out := map[string]*fhir.Document{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d := parse(t, string(text))
		if _, served := fhir.TypeOf(d.Type()); served {
			out[strings.TrimSuffix(filepath.Base(name), ".json")] = d
		}
	}
	return out
}

// bundles calls yield with each Synthea bundle until it returns false.
func bundles(t testing.TB, yield func(*fhir.Document) bool) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared(t), "data", "synthea", "*.json.gz"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no bundles: %v", err)
	}
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(unzipped)
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
		if !yield(parse(t, string(text))) {
			return
		}
	}
}

func parse(t testing.TB, text string) *fhir.Document {
	t.Helper()
	d, err := fhir.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
