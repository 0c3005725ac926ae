package store_test

import (
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models/fault"
)

// What went out to be kept when the connection broke off may be kept: to do it again is the caller's to decide.
func TestACommitWithoutAnAnswerIsNotRunAgain(t *testing.T) {
	storetest.CountsRuns(t)
	url := storetest.URL(t, "postgres")
	db, hand := storetest.Open(t, url), storetest.ByHand(t, url)
	s := storetest.Session(db)
	runs := 0
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		runs++
		if err := documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx"))); err != nil {
			return err
		}
		hand.Texts("SELECT pg_terminate_backend(pid, 10000)::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		return nil
	})
	if f := fault.From(err); !fault.Is(err, fault.Busy) || runs != 1 || !strings.Contains(f.Issues[0].Text, "done or not") {
		t.Errorf("after %d runs it gives %v", runs, err)
	}
	storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("q", "Zzyzx")))
	if got := storetest.Found(t, s, documents.Guard{}, "Patient", ""); got != "q" {
		t.Errorf("afterwards %q are there", got)
	}
}

// A break before the commit leaves no doubt.
func TestABreakBeforeTheCommitIsBusy(t *testing.T) {
	url := storetest.URL(t, "postgres")
	db, hand := storetest.Open(t, url), storetest.ByHand(t, url)
	err := storetest.Session(db).Update(t.Context(), func(tx *store.Tx) error {
		hand.Texts("SELECT pg_terminate_backend(pid, 10000)::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		return documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
	})
	if f := fault.From(err); !fault.Is(err, fault.Busy) || strings.Contains(f.Issues[0].Text, "done or not") {
		t.Errorf("it gives %v", err)
	}
}
