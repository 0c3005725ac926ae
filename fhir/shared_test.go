package fhir

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
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
