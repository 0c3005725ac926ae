package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Tenant is whose data the tests of the store write, where they need no second one.
const Tenant = models.TenantID("zzyzx")

// Session gives the database as a tester of Tenant sees it.
func Session(db *store.DB) *store.Session {
	return db.As(models.Actor{Tenant: Tenant, Subject: "tester"})
}

// View reads or fails the test.
func View(t testing.TB, s *store.Session, do func(v *store.View) error) {
	t.Helper()
	if err := s.View(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// Update writes or fails the test.
func Update(t testing.TB, s *store.Session, do func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// Indexed gives the version of a document with the keys that its body leaves.
func Indexed(t testing.TB, version int64, body string) documents.Indexed {
	t.Helper()
	d, err := fhir.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return documents.Indexed{
		Document: models.Document{Type: d.Type(), ID: d.ID(), Version: version, Updated: models.Instant(1_700_000_000_000_000 + version), Body: []byte(body)},
		Keys:     search.Extract(d, nil),
	}
}

// Save puts documents in one transaction.
func Save(t testing.TB, s *store.Session, puts ...documents.Indexed) {
	t.Helper()
	Update(t, s, func(tx *store.Tx) error { return documents.Put(tx, puts...) })
}

// Patient gives the body of a Patient with a number of its own.
func Patient(id, family string) string {
	return fmt.Sprintf(`{"resourceType":"Patient","id":%q,"name":[{"family":%q}],"identifier":[{"system":"urn:mrn","value":%q}]}`, id, family, "MRN-"+id)
}

// Observation gives the body of an Observation about a subject.
func Observation(id, subject string) string {
	return fmt.Sprintf(`{"resourceType":"Observation","id":%q,"status":"final","code":{"text":"x"},"subject":{"reference":%q}}`, id, subject)
}

// Query reads a search or fails the test.
func Query(t testing.TB, typ, raw string) search.Query {
	t.Helper()
	pairs, err := search.Pairs(raw)
	if err != nil {
		t.Fatal(err)
	}
	q, err := search.Parse(typ, pairs, search.Options{})
	if err != nil {
		t.Fatalf("%s?%s: %v", typ, raw, err)
	}
	return q
}

// Found gives the ids that a search finds, in order, with a space between them.
func Found(t testing.TB, s *store.Session, guard documents.Guard, typ, raw string) string {
	t.Helper()
	var found []string
	View(t, s, func(v *store.View) error {
		page, err := documents.Search(v, Query(t, typ, raw), guard, nil)
		for _, d := range page.Documents {
			found = append(found, d.ID)
		}
		return err
	})
	return strings.Join(found, " ")
}

// Together runs do in n goroutines that start at the same moment and gives their errors.
func Together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wait.Wait()
	return errs
}

// Shared gives a folder of the test data that lies beside the source tree, or MEDBILL_SHARED; "" where it is absent.
func Shared(folder string) string {
	root := os.Getenv("MEDBILL_SHARED")
	for dir := "."; root == ""; dir = filepath.Join(dir, "..") {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			root = filepath.Join(dir, "..", "shared")
		}
	}
	dir := filepath.Join(root, "data", folder)
	if _, err := os.Stat(dir); err != nil {
		fmt.Println("the shared test data is absent; set MEDBILL_SHARED to test with " + folder)
		return ""
	}
	return dir
}
