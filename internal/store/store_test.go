package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

const tenant = models.TenantID("zzyzx")

func session(db *store.DB) *store.Session {
	return db.As(models.Actor{Tenant: tenant, Subject: "tester"})
}

func view(t *testing.T, s *store.Session, do func(v *store.View) error) {
	t.Helper()
	if err := s.View(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func update(t *testing.T, s *store.Session, do func(tx *store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// put gives the version of a document with the keys that its body leaves.
func put(t testing.TB, version int64, body string) store.Put {
	t.Helper()
	d, err := fhir.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return store.Put{
		Document: models.Document{Type: d.Type(), ID: d.ID(), Version: version, Updated: models.Instant(1_700_000_000_000_000 + version), Body: []byte(body)},
		Keys:     search.Extract(d),
	}
}

func save(t *testing.T, s *store.Session, puts ...store.Put) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error { return tx.PutDocuments(puts...) })
}

func patient(id, family string) string {
	return fmt.Sprintf(`{"resourceType":"Patient","id":%q,"name":[{"family":%q}],"identifier":[{"system":"urn:mrn","value":%q}]}`, id, family, "MRN-"+id)
}

func observation(id, subject string) string {
	return fmt.Sprintf(`{"resourceType":"Observation","id":%q,"status":"final","code":{"text":"x"},"subject":{"reference":%q}}`, id, subject)
}

// query reads a search or fails.
func query(t testing.TB, typ, raw string) search.Query {
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

// ids gives what a search finds, in order.
func ids(t *testing.T, s *store.Session, guard store.Guard, typ, raw string) string {
	t.Helper()
	var found []string
	view(t, s, func(v *store.View) error {
		page, err := v.Search(query(t, typ, raw), guard, nil)
		for _, d := range page.Documents {
			found = append(found, d.ID)
		}
		return err
	})
	return strings.Join(found, " ")
}

// together runs do in n goroutines that start at the same moment and gives their errors.
func together(n int, do func(i int) error) []error {
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

// shared gives a folder of the test data, or "" where it is absent.
func shared(folder string) string {
	root := os.Getenv("MEDBILL_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	dir := filepath.Join(root, "data", folder)
	if _, err := os.Stat(dir); err != nil {
		fmt.Println("the shared test data is absent; set MEDBILL_SHARED to test with " + folder)
		return ""
	}
	return dir
}

var background = context.Background()
