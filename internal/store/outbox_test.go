package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// outbox gives the rows of the tenant as "sequence changes", in the order of their numbers.
func outbox(t *testing.T, s *store.Session) string {
	t.Helper()
	var changes []string
	storetest.View(t, s, func(v *store.View) error {
		var err error
		changes, err = store.Column[string](v, "SELECT CAST(coalesce(sequence, 0) AS TEXT) || ' ' || changes FROM outbox WHERE tenant_id = ? ORDER BY sequence, id", v.Tenant())
		return err
	})
	return strings.Join(changes, ", ")
}

func relay(t *testing.T, db *store.DB) {
	t.Helper()
	if err := db.Relay(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestEveryVersionIsToldOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")), storetest.Indexed(t, 1, storetest.Patient("q", "Zzyzx")))
		if got := outbox(t, s); got != "0 Patient/p/1 Patient/q/1" {
			t.Errorf("before the relay the outbox says %s", got)
		}
		relay(t, db)
		storetest.Save(t, s, storetest.Indexed(t, 2, storetest.Patient("p", "Canary")))
		storetest.Save(t, s, documents.Indexed{Document: models.Document{Type: "Patient", ID: "q", Version: 2, Deleted: true}})
		relay(t, db)
		relay(t, db)
		if got := outbox(t, s); got != "1 Patient/p/1 Patient/q/1, 2 Patient/p/2, 3 Patient/q/2/deleted" {
			t.Errorf("the outbox says %s", got)
		}
	})
}

func TestWhatIsRolledBackIsNotTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		refused := errors.New("refused")
		_ = s.Update(t.Context(), func(tx *store.Tx) error {
			return errors.Join(documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx"))), refused)
		})
		relay(t, db)
		if got := outbox(t, s); got != "" {
			t.Errorf("the outbox says %s", got)
		}
	})
}

// Writers and relays beside each other leave every change with its own number, and none is left out.
func TestNumbersHaveNoGaps(t *testing.T) {
	const writers, each = 2, 30
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		errs := storetest.Together(writers+2, func(i int) error {
			for n := range each {
				if i >= writers {
					if err := db.Relay(context.Background()); err != nil {
						return err
					}
					continue
				}
				p := storetest.Indexed(t, 1, storetest.Patient(fmt.Sprintf("p%d-%d", i, n), "Zzyzx"))
				if err := s.Update(context.Background(), func(tx *store.Tx) error { return documents.Put(tx, p) }); err != nil {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		relay(t, db)
		var numbers []int64
		storetest.View(t, s, func(v *store.View) error {
			var err error
			numbers, err = store.Column[int64](v, "SELECT sequence FROM outbox WHERE tenant_id = ? ORDER BY sequence", v.Tenant())
			return err
		})
		want := make([]int64, writers*each)
		for i := range want {
			want[i] = int64(i + 1)
		}
		if !slices.Equal(numbers, want) {
			t.Errorf("the numbers are %v", numbers)
		}
	})
}

// A great import is numbered in parts, in the order in which it was written, and each tenant by itself.
func TestManyChangesAreNumberedInTheirOrder(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, hand := storetest.Open(t, url), storetest.ByHand(t, url)
		for _, tenant := range []string{"zzyzx", "other"} {
			hand.Do("WITH RECURSIVE n (i) AS (SELECT 100001 UNION ALL SELECT i + 1 FROM n WHERE i < 112345) INSERT INTO outbox (tenant_id, id, at, changes)" +
				" SELECT '" + tenant + "', CAST(i AS TEXT), " + fmt.Sprint(int64(db.Now())) + ", 'Patient/p/1' FROM n")
		}
		relay(t, db)
		for _, tenant := range []string{"zzyzx", "other"} {
			of := " FROM outbox WHERE tenant_id = '" + tenant + "'"
			if n := hand.Text("SELECT count(*)" + of + " AND sequence = CAST(id AS BIGINT) - 100000"); n != "12345" {
				t.Errorf("%s of 12345 changes of %s have their number", n, tenant)
			}
		}
	})
}

func TestOutboxIsKeptShort(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, hand := openAt(t, url, noon)
		s := storetest.Session(db)
		write := func(id string) {
			p := storetest.Indexed(t, 1, storetest.Patient(id, "Zzyzx"))
			p.Document.Updated = db.Now()
			storetest.Save(t, s, p)
			relay(t, db)
		}
		write("a")
		write("b")
		hand.Advance(8 * 24 * time.Hour)
		prune(t, db, store.Keep{OutboxDays: 7})
		if got := outbox(t, s); got != "2 Patient/b/1" {
			t.Errorf("after eight days the outbox says %s", got)
		}
		write("c")
		prune(t, db, store.Keep{OutboxDays: 7})
		if got := outbox(t, s); got != "3 Patient/c/1" {
			t.Errorf("after the next change the outbox says %s", got)
		}
	})
}
