package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// readAudit opens the database in which reads are recorded.
func readAudit(t *testing.T, url string) storetest.Hand {
	if strings.HasPrefix(url, "sqlite://") {
		url = strings.TrimSuffix(url, ".db") + "-audit.db"
	}
	return storetest.ByHand(t, url)
}

func TestEveryReadIsInTheAuditBeforeItsAnswer(t *testing.T) {
	const readers = 64
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, hand := storetest.Session(storetest.Open(t, url)), readAudit(t, url)
		errs := storetest.Together(readers, func(i int) error {
			id := fmt.Sprintf("p%d", i)
			if err := s.RecordRead(t.Context(), models.AuditRead, "Patient", id); err != nil {
				return err
			}
			if n := hand.Text("SELECT count(*) FROM audit_events WHERE tenant_id = 'zzyzx' AND subject = 'tester' AND action = 'read' AND type = 'Patient' AND record = '" + id + "'"); n != "1" {
				return fmt.Errorf("%s is %s times in the audit", id, n)
			}
			return nil
		})
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		err := s.RecordReads(t.Context(), models.AuditRead, []models.Ref{{Type: "Claim", ID: "a"}, {Type: "Claim", ID: "b"}})
		if n := hand.Text("SELECT count(*) FROM audit_events WHERE type = 'Claim'"); err != nil || n != "2" {
			t.Errorf("of two reads at once %s are in the audit: %v", n, err)
		}
	})
}

func TestWriteAndItsAuditStandOrFallTogether(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, hand := storetest.Session(storetest.Open(t, url)), storetest.ByHand(t, url)
		audit := func() string {
			return strings.Join(hand.Texts("SELECT action || ' ' || type || '/' || record || ' ' || CAST(version AS TEXT) || ' ' || subject FROM audit_events ORDER BY version, action"), "; ")
		}
		refused := errors.New("refused")
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx"))), refused)
		})
		if err == nil || audit() != "" {
			t.Errorf("after a rollback the audit says %q: %v", audit(), err)
		}
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
		storetest.Save(t, s, storetest.Indexed(t, 2, storetest.Patient("p", "Canary")))
		storetest.Update(t, s, func(tx *store.Tx) error {
			tx.RecordRead(models.AuditRead, "Patient", "p")
			return documents.Put(tx, documents.Indexed{Document: models.Document{Type: "Patient", ID: "p", Version: 3, Deleted: true}})
		})
		want := "read Patient/p 0 tester; create Patient/p 1 tester; update Patient/p 2 tester; delete Patient/p 3 tester"
		if got := audit(); got != want {
			t.Errorf("the audit says\n %s, want\n %s", got, want)
		}
	})
}

func TestWhatCannotBeAuditedDoesNotHappen(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Session(storetest.Open(t, url))
		readAudit(t, url).Do("DROP TABLE audit_events")
		if strings.HasPrefix(url, "sqlite://") {
			storetest.ByHand(t, url).Do("DROP TABLE audit_events")
		}
		if err := s.RecordRead(t.Context(), models.AuditRead, "Patient", "p"); !fault.Is(err, fault.Busy) {
			t.Errorf("a read that is not recorded gives %v, want Busy", err)
		}
		err := s.Update(t.Context(), func(tx *store.Tx) error {
			return documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
		})
		if err == nil {
			t.Error("a write that is not recorded succeeds")
		}
		if got := storetest.Found(t, s, documents.Guard{}, "Patient", ""); got != "" {
			t.Errorf("a write that is not recorded left %q", got)
		}
	})
}

// Reads that meet the end of the server are recorded or refused, and none is left waiting.
func TestReadsEndWithTheServer(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, err := store.Open(t.Context(), store.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		s := storetest.Session(db)
		const readers = 100
		recorded := make([]bool, readers+1)
		storetest.Together(readers+1, func(i int) error {
			if i == readers/2 {
				return db.Close()
			}
			err := s.RecordRead(context.Background(), models.AuditRead, "Patient", fmt.Sprint(i))
			if err != nil && !fault.Is(err, fault.Busy) {
				t.Errorf("a read at the end gives %v", err)
			}
			recorded[i] = err == nil
			return err
		})
		if err := s.RecordRead(context.Background(), models.AuditRead, "Patient", "late"); !fault.Is(err, fault.Busy) {
			t.Errorf("a read after the end gives %v, want Busy", err)
		}
		hand := readAudit(t, url)
		for i, was := range recorded {
			if n := hand.Text(fmt.Sprintf("SELECT count(*) FROM audit_events WHERE record = '%d'", i)); was && n != "1" {
				t.Errorf("read %d was let through and is %s times in the audit", i, n)
			}
		}
	})
}

// A request of many reads is recorded in one commit, and nothing of it before.
func TestReadsOfOneRequestAreRecordedTogether(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s, hand := storetest.Session(storetest.Open(t, url)), readAudit(t, url)
		count := func() string { return hand.Text("SELECT count(*) FROM audit_events") }
		inside, record := store.Gather(t.Context())
		errs := storetest.Together(20, func(i int) error {
			return s.RecordRead(inside, models.AuditRead, "Patient", fmt.Sprint(i))
		})
		if err := errors.Join(errs...); err != nil || count() != "0" {
			t.Errorf("before the record %s reads are in the audit: %v", count(), err)
		}
		if err := errors.Join(record(), record()); err != nil || count() != "20" {
			t.Errorf("after it %s of 20 are: %v", count(), err)
		}
		if err := s.RecordRead(inside, models.AuditRead, "Patient", "more"); err != nil {
			t.Error(err)
		}
		hand.Do("DROP TABLE audit_events")
		if err := record(); !fault.Is(err, fault.Busy) {
			t.Errorf("reads that cannot be recorded give %v, want Busy", err)
		}
	})
}

// A row that cannot be written fails its own request, and of those that are written with it none.
func TestARowThatCannotBeAuditedFailsNobodyElse(t *testing.T) {
	const readers, bad = 64, 37
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, hand := storetest.Open(t, url), readAudit(t, url)
		if db.IsEmbedded() { // which takes any text, so that a row has to be refused by hand
			hand.Do("CREATE TRIGGER refuse BEFORE INSERT ON audit_events WHEN NEW.record = '37' BEGIN SELECT RAISE(ABORT, 'refused'); END")
		}
		for round := range 5 {
			errs := storetest.Together(readers, func(i int) error {
				subject := "tester"
				if i == bad {
					subject += "\x00"
				}
				s := db.As(models.Actor{Tenant: models.TenantID(fmt.Sprint("t", i%3)), Subject: subject})
				return s.RecordRead(t.Context(), models.AuditRead, "Patient", fmt.Sprint(i))
			})
			for i, err := range errs {
				if i == bad && !fault.Is(err, fault.Busy) || i != bad && err != nil {
					t.Errorf("round %d: read %d gives %v", round, i, err)
				}
			}
			if n, want := hand.Text("SELECT count(*) FROM audit_events"), fmt.Sprint((round+1)*(readers-1)); n != want {
				t.Errorf("round %d: %s reads are in the audit, want %s", round, n, want)
			}
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Errorf("after a row that cannot be written the database is not ready: %v", err)
		}
	})
}

// An audit that cannot be written at all is seen by the probe, and seen to be mended.
func TestAnAuditThatFailsIsNotReady(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, hand := storetest.Open(t, url), readAudit(t, url)
		s := storetest.Session(db)
		hand.Do("ALTER TABLE audit_events RENAME TO elsewhere")
		if err := s.RecordRead(t.Context(), models.AuditRead, "Patient", "p"); !fault.Is(err, fault.Busy) {
			t.Errorf("a read that is not recorded gives %v, want Busy", err)
		}
		if err := db.Ping(t.Context()); err == nil {
			t.Error("the database is ready without an audit")
		}
		hand.Do("ALTER TABLE elsewhere RENAME TO audit_events")
		if err := errors.Join(db.Ping(t.Context()), s.RecordRead(t.Context(), models.AuditRead, "Patient", "p")); err != nil {
			t.Errorf("mended, it gives %v", err)
		}
	})
}
