package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"medbill/internal/clock/clocktest"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// openAt opens a database whose clock a test moves.
func openAt(t *testing.T, url string, at time.Time) (*store.DB, *clocktest.Hand) {
	t.Helper()
	hand := clocktest.At(at)
	db, err := store.Open(t.Context(), store.Config{URL: url, Clock: hand.Clock()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, hand
}

func prune(t *testing.T, db *store.DB, keep store.Keep) store.Pruned {
	t.Helper()
	gone, err := db.Prune(t.Context(), keep)
	if err != nil {
		t.Fatal(err)
	}
	return gone
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// A client may send a call again for a day; in which tenant it did says nothing.
func TestUsedKeysAreForgottenAfterADay(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, hand := openAt(t, url, noon)
		ours, other := storetest.Session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		use := func(s *store.Session, key string) {
			storetest.Update(t, s, func(tx *store.Tx) error { return books.UseKey(tx, models.UsedKey{Caller: "desk", Key: key}) })
		}
		known := func() string {
			return strings.Join(storetest.ByHand(t, url).Texts("SELECT tenant_id || ' ' || key FROM idempotency_keys ORDER BY tenant_id, key"), ", ")
		}
		use(ours, "first")
		use(other, "first")
		prune(t, db, store.Keep{})
		hand.Advance(23 * time.Hour)
		use(ours, "second")
		prune(t, db, store.Keep{})
		if got := known(); got != "other first, zzyzx first, zzyzx second" {
			t.Errorf("after 23 hours %s are known", got)
		}
		hand.Advance(2 * time.Hour)
		prune(t, db, store.Keep{})
		if got := known(); got != "zzyzx second" {
			t.Errorf("after 25 hours %s are known", got)
		}
		use(ours, "first") // for another call, maybe
	})
}

// What has passed goes however much it is, and what has not stays.
func TestMuchThatHasPassedIsTakenAway(t *testing.T) {
	const many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12345) "
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, _ := openAt(t, url, noon)
		hand := storetest.ByHand(t, url)
		hand.Do(many + "INSERT INTO idempotency_keys (tenant_id, caller, key, entry, operation, input_hash, status, type, record, version, created) SELECT 'zzyzx', 'desk', CAST(i AS TEXT), 0, '', '', 0, '', '', 0, 1 FROM n")
		hand.Do(many + "INSERT INTO outbox (tenant_id, id, sequence, at, changes) SELECT 'zzyzx', CAST(i AS TEXT), i, 1, 'Patient/p/1' FROM n")
		if gone := prune(t, db, store.Keep{OutboxDays: 7}); gone != (store.Pruned{Outbox: 12344, Keys: 12345}) {
			t.Errorf("it says that %+v are gone", gone)
		}
		keys, changes := hand.Text("SELECT count(*) FROM idempotency_keys"), hand.Text("SELECT count(*) || ' up to ' || max(sequence) FROM outbox")
		if keys != "0" || changes != "1 up to 12345" {
			t.Errorf("%s keys and %s changes are left", keys, changes)
		}
	})
}

// Nothing goes of the audit unless somebody said for how long it is kept.
func TestTheAuditAndTheOutboxAreKeptForGood(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, hand := openAt(t, url, noon)
		storetest.Save(t, storetest.Session(db), storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
		storetest.Save(t, storetest.Session(db), storetest.Indexed(t, 2, storetest.Patient("p", "Canary")))
		relay(t, db)
		hand.Advance(20 * 365 * 24 * time.Hour)
		if gone := prune(t, db, store.Keep{}); gone != (store.Pruned{}) {
			t.Errorf("%+v are gone", gone)
		}
	})
}

// What goes of the audit by policy is what is older, of reads and of writes, in every tenant, and the audit tells which span it was.
func TestTheAuditTellsWhatWasTakenFromIt(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, hand := openAt(t, url, noon)
		ours, other := storetest.Session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		do := func(id string) {
			for _, s := range []*store.Session{ours, other} {
				storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient(id, "Zzyzx")))
				if err := s.RecordRead(t.Context(), models.AuditRead, "Patient", id); err != nil {
					t.Fatal(err)
				}
			}
		}
		do("old")
		hand.Advance(24 * time.Hour)
		do("new")
		hand.Advance(29 * 24 * time.Hour)
		keep := store.Keep{AuditDays: 30}
		if gone := prune(t, db, keep); gone.Audit != 0 {
			t.Errorf("after 30 days, of which the last is not over, %d are gone", gone.Audit)
		}
		hand.Advance(12 * time.Hour)
		gone := prune(t, db, keep)
		left := func(h storetest.Hand, of string) string {
			return strings.Join(h.Texts("SELECT tenant_id || ' ' || action || ' ' || record FROM audit_events WHERE subject "+of+" ORDER BY tenant_id, action"), ", ")
		}
		books, reads := storetest.ByHand(t, url), readAudit(t, url)
		if got := left(books, "= 'tester' AND action = 'create'") + ", " + left(reads, "= 'tester' AND action = 'read'"); gone.Audit != 4 ||
			got != "other create new, zzyzx create new, other read new, zzyzx read new" {
			t.Errorf("%d are gone, left are %s", gone.Audit, got)
		}
		const told = "SELECT tenant_id || ' ' || action || ' ' || type || ' ' || record || ' ' || sum(version) FROM audit_events WHERE subject = 'retention'" +
			" GROUP BY tenant_id, action, type, record ORDER BY tenant_id"
		const span = "delete AuditEvent 2026-03-02T12:00:00.000000Z/2026-03-02T12:00:00.000000Z 2"
		if got := strings.Join(books.Texts(told), ", "); got != "other "+span+", zzyzx "+span {
			t.Errorf("the audit tells %s", got)
		}
		if again := prune(t, db, keep); again.Audit != 0 {
			t.Errorf("%d more are gone", again.Audit)
		}
	})
}

// However much is kept, to prune is to read what goes.
func TestPruningGoesDownAnIndex(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, told := storetest.OpenTold(t, url)
		hand := storetest.ByHand(t, url)
		hand.Do("INSERT INTO idempotency_keys (tenant_id, caller, key, entry, operation, input_hash, status, type, record, version, created) VALUES ('zzyzx', 'desk', 'k', 0, '', '', 0, '', '', 0, 1)")
		hand.Do("INSERT INTO outbox (tenant_id, id, sequence, at, changes) VALUES ('zzyzx', 'a', 1, 1, 'Patient/p/1'), ('zzyzx', 'b', 2, 1, 'Patient/p/2')")
		hand.Do("INSERT INTO audit_events (tenant_id, id, at, subject, action, type, record, version) VALUES ('zzyzx', 'a', 1, 'tester', 'read', 'Patient', 'p', 0)")
		if gone := prune(t, db, store.Keep{AuditDays: 1, OutboxDays: 1}); gone != (store.Pruned{Audit: 1, Outbox: 1, Keys: 1}) {
			t.Errorf("%+v are gone", gone)
		}
		for _, wide := range storetest.Wides(t, db, url, told.Texts()) {
			t.Error(wide)
		}
	})
}

// A great backlog goes in parts, and two who prune at once take each row away once.
func TestManyPruneAtOnce(t *testing.T) {
	const many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12345) "
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, _ := openAt(t, url, noon)
		hand := storetest.ByHand(t, url)
		hand.Do(many + "INSERT INTO audit_events (tenant_id, id, at, subject, action, type, record, version) SELECT 'zzyzx', CAST(i AS TEXT), i, 'tester', 'create', 'Patient', 'p', i FROM n")
		var gone [2]store.Pruned
		errs := storetest.Together(len(gone), func(i int) (err error) {
			gone[i], err = db.Prune(t.Context(), store.Keep{AuditDays: 1})
			return err
		})
		told := hand.Text("SELECT sum(version) || ' in ' || count(*) FROM audit_events WHERE subject = 'retention'")
		if err := errors.Join(errs...); err != nil || gone[0].Audit+gone[1].Audit != 12345 || told != "12345 in 3" {
			t.Errorf("%v: %+v are gone; told are %s", err, gone, told)
		}
	})
}
