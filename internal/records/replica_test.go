package records_test

import (
	"fmt"
	"testing"
	"time"

	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// A page that follows one of the primary is no older, whoever asks for it: what was there when the first was read is on one of them.
func TestThePageAfterOneOfThePrimaryIsNoOlder(t *testing.T) {
	primary, replica := storetest.Replicated(t)
	db, err := store.Open(t.Context(), store.Config{URL: primary.URL("medbill"), ReadURL: replica.URL("medbill")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	machine, err := records.New(db, records.Config{BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		t.Fatal(err)
	}
	as := func(subject string) auth.Principal {
		return auth.Principal{Tenant: "zzyzx", Subject: subject, Scopes: auth.ParseScopes("system/*.cruds")}
	}
	save := func(id string) {
		t.Helper()
		if _, err := machine.Update(t.Context(), as("writer"), models.Ref{Type: "Patient", ID: id}, []byte(storetest.Patient(id, "Zzyzx")), 0); err != nil {
			t.Fatal(err)
		}
	}
	find := func(subject, cursor string) records.Found {
		t.Helper()
		pairs := []search.Pair{{Name: "_sort", Value: "_id"}, {Name: "_count", Value: "2"}}
		if cursor != "" {
			pairs = append(pairs, search.Pair{Name: records.CursorParam, Value: cursor})
		}
		found, err := machine.Search(t.Context(), as(subject), "Patient", pairs, false)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	save("a")
	for tries := 0; ; tries++ {
		before, _ := db.Replica()
		if found := find("reader", ""); len(found.Matches) == 1 {
			if after, _ := db.Replica(); after.Reads > before.Reads {
				break
			}
		}
		if tries == 600 {
			t.Fatal("the replica does not catch up")
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := replica.Exec("SELECT pg_wal_replay_pause()"); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"b", "c", "d"} {
		save(id)
	}
	if found := find("reader", ""); len(found.Matches) != 1 {
		t.Fatalf("the reader finds %d at the replica, want 1", len(found.Matches))
	}
	first := find("writer", "")
	second := find("reader", first.Next)
	if got := fmt.Sprint(patientsOf(first), patientsOf(second)); got != "[a b] [c d]" {
		t.Errorf("the pages are %s", got)
	}
}

func patientsOf(found records.Found) (ids []string) {
	for _, d := range found.Matches {
		ids = append(ids, d.ID)
	}
	return ids
}
