package store_test

import (
	"errors"
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

// A statement that the database refuses in the end, with the commit behind it, leaves no doubt either.
func TestARefusalBeforeTheCommitIsBusy(t *testing.T) {
	url := storetest.URL(t, "postgres")
	s := storetest.Session(storetest.Open(t, url))
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.Write("SET TRANSACTION READ ONLY"), tx.InsertRows("case_locks", "subject, taken", [][]any{{"v", int64(1)}}, ""))
	})
	if f := fault.From(err); !fault.Is(err, fault.Busy) || strings.Contains(f.Issues[0].Text, "done or not") {
		t.Errorf("it gives %v", err)
	}
}

// What touched other rows than it should have is not kept, though nobody read anything after it.
func TestWhatIsJudgedIsNotCommittedBefore(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		refused := fault.New(fault.BusinessRule, "test", "The statement touched other rows than it should have.")
		err := storetest.Session(storetest.Open(t, url)).Update(t.Context(), func(tx *store.Tx) error {
			return tx.WriteJudged(func(int64) error { return refused }, "INSERT INTO case_locks (tenant_id, subject, taken) VALUES (?, ?, ?)", tx.Tenant(), "v", 1)
		})
		if kept := storetest.ByHand(t, url).Text("SELECT count(*) FROM case_locks"); !errors.Is(err, refused) || kept != "0" {
			t.Errorf("%s rows are kept, and it gives %v", kept, err)
		}
	})
}
