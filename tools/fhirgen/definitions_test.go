package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestDefinitionsAreAsCommitted(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	pkg := filepath.Join(cache, "medbill", packageSpec, "package")
	if _, err := os.Stat(filepath.Join(pkg, "package.json")); err != nil {
		fmt.Println("SKIPPED", t.Name()+": the package is not in the cache; run go generate ./fhir")
		t.SkipNow()
	}
	got, err := definitions(os.DirFS(pkg))
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../fhir/definitions.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("fhir/definitions.txt differs from what the package gives; run go generate ./fhir")
	}
}
