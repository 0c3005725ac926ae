package validate_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/fhir/validate"
	"medbill/models/fault"
)

// sharedDir gives the folder of sample data: MEDBILL_SHARED, else `shared` beside the project's root.
func sharedDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MEDBILL_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			if root == filepath.Dir(root) {
				t.Fatal("no go.mod above the test")
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err != nil {
		fmt.Println("SKIPPED", t.Name()+": no sample data; set MEDBILL_SHARED to their folder")
		t.SkipNow()
	}
	return dir
}

func TestOfficialExamplesAreValid(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedDir(t), "data/fhir-r4-examples/*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := fhir.Parse(src)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		if got := places(validate.Resource(d)); got != "" {
			t.Errorf("%s: %s", filepath.Base(file), got)
		}
	}
}

func TestSyntheaBundlesAreValid(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedDir(t), "data/synthea/*.json.gz"))
	if err != nil || len(files) == 0 {
		t.Fatal("no bundles", err)
	}
	for _, file := range files {
		d := unzipped(t, file)
		if got := places(validate.Resource(d)); got != "" {
			t.Errorf("%s: %s", filepath.Base(file), got)
		}
		for entry := range d.Root().Get("entry").Children() {
			if got := places(validate.Node(entry.Get("resource"), "Bundle.entry.resource")); got != "" {
				t.Errorf("%s: %s", filepath.Base(file), got)
			}
		}
	}
}

func unzipped(t testing.TB, file string) *fhir.Document {
	t.Helper()
	packed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	src, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	d, err := fhir.Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(file), err)
	}
	return d
}

// places lists codes and paths, so that a table can name every issue in one string.
func places(issues []fault.Issue) string {
	list := make([]string, len(issues))
	for i, issue := range issues {
		list[i] = issue.Code + " at " + issue.Path
	}
	return strings.Join(list, "; ")
}

// BenchmarkClaim is the write path's share of a Claim of 4 KB: index it and check it.
func BenchmarkClaim(b *testing.B) {
	src, err := os.ReadFile(filepath.Join(sharedDir(b), "data/fhir-r4-examples/Claim-960151.json"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := fhir.Parse(src)
		if err != nil {
			b.Fatal(err)
		}
		if issues := validate.Resource(d); len(issues) > 0 {
			b.Fatal(issues)
		}
	}
}

// BenchmarkClaimCheck is BenchmarkClaim without the parse.
func BenchmarkClaimCheck(b *testing.B) {
	src, err := os.ReadFile(filepath.Join(sharedDir(b), "data/fhir-r4-examples/Claim-960151.json"))
	if err != nil {
		b.Fatal(err)
	}
	d, err := fhir.Parse(src)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if issues := validate.Resource(d); len(issues) > 0 {
			b.Fatal(issues)
		}
	}
}
