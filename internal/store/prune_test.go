package store_test

import (
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
		relay(t, db)
		hand.Advance(23 * time.Hour)
		use(ours, "second")
		relay(t, db)
		if got := known(); got != "other first, zzyzx first, zzyzx second" {
			t.Errorf("after 23 hours %s are known", got)
		}
		hand.Advance(2 * time.Hour)
		relay(t, db)
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
		relay(t, db)
		keys, changes := hand.Text("SELECT count(*) FROM idempotency_keys"), hand.Text("SELECT count(*) || ' up to ' || max(sequence) FROM outbox")
		if keys != "0" || changes != "1 up to 12345" {
			t.Errorf("%s keys and %s changes are left", keys, changes)
		}
	})
}
