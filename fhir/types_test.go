package fhir_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
)

func TestRegisterIsSortedAndWithoutRepetition(t *testing.T) {
	types := fhir.Types()
	for i, row := range types {
		if i > 0 && types[i-1].Name >= row.Name {
			t.Errorf("%s does not stand after %s", row.Name, types[i-1].Name)
		}
		if got, found := fhir.TypeOf(row.Name); !found || got != row {
			t.Errorf("TypeOf(%s) = %v, %v", row.Name, got, found)
		}
		if !row.IsChanged() && row.Owner != fhir.Booked {
			t.Errorf("%s is the EHR's, so clients must be able to change it", row.Name)
		}
	}
	for _, name := range []string{"", "patient", "Patients", "Resource", "Binary"} {
		if _, found := fhir.TypeOf(name); found {
			t.Errorf("%q is served", name)
		}
	}
}

// A type without a sample is a type that nothing has ever been tried on.
func TestEveryTypeHasASample(t *testing.T) {
	var missing []string
	for _, row := range fhir.Types() {
		missing = append(missing, row.Name)
	}
	found := func(name string) { missing = slices.DeleteFunc(missing, func(m string) bool { return m == name }) }
	dir := shared(t)
	folders := []string{filepath.Join(dir, "data", "fhir-r4-examples")}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	unpacked := filepath.Join(cache, "medbill", "hl7.fhir.r4.examples@4.0.1", "package")
	_, err = os.Stat(unpacked)
	hasPackage := err == nil
	if hasPackage {
		folders = append(folders, unpacked)
	}
	for _, folder := range folders {
		names, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			resourceType, _, _ := strings.Cut(name.Name(), "-")
			found(resourceType)
		}
	}
	if len(missing) > 0 {
		sampleTypes(t, filepath.Join(dir, "data", "synthea"), found)
	}
	switch {
	case len(missing) > 0 && hasPackage:
		t.Errorf("no sample of %v", missing)
	case len(missing) > 0:
		t.Skipf("skipped: the official package is not unpacked (go generate does it), so these are not looked at: %v", missing)
	}
}

// sampleTypes reports the types in one Synthea bundle after the other.
func sampleTypes(t *testing.T, folder string, found func(string)) {
	names, err := filepath.Glob(filepath.Join(folder, "*.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names[:min(len(names), 5)] {
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
		d, err := fhir.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for entry := range d.Root().Get("entry").Children() {
			found(entry.Get("resource").Get("resourceType").Text())
		}
	}
}

// shared gives the folder of the test data, or skips.
func shared(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MEDBILL_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err != nil {
		t.Skip("skipped: the shared test data is absent; set MEDBILL_SHARED")
	}
	return dir
}
