package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models/fault"
)

// endless are statements that would run for hours, of which the second is one that a connection keeps prepared.
var endless = map[string]string{
	"WITH": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n",
	"kept": "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT i FROM n) x",
}

// soon is much longer than it takes to break a statement off, and much less than the statement takes.
const soon = 5 * time.Second

func read(v *store.View, statement string) error {
	return v.Rows(func(row store.Row) error {
		var n int64
		return row.Scan(&n)
	}, statement)
}

// TestReadEndsWithItsTime reads what takes hours, with one connection: it ends, and the connection is free again.
func TestReadEndsWithItsTime(t *testing.T) {
	ways := map[string]func(*store.DB, func(context.Context) error) error{
		"the read takes too long": func(db *store.DB, read func(context.Context) error) error {
			store.Hurry(db, 50*time.Millisecond)
			defer store.Hurry(db, store.ReadTimeout)
			return read(context.Background())
		},
		"the client is gone": func(_ *store.DB, read func(context.Context) error) error {
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(50*time.Millisecond, cancel)
			return read(ctx)
		},
	}
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, err := store.Open(t.Context(), store.Config{URL: url, Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		s := storetest.Session(db)
		for way, begin := range ways {
			for kind, statement := range endless {
				start := time.Now()
				err := begin(db, func(ctx context.Context) error {
					return s.View(ctx, func(v *store.View) error { return read(v, statement) })
				})
				if !fault.Is(err, fault.Busy) && !errors.Is(err, context.Canceled) {
					t.Errorf("%s, %s: %v", way, kind, err)
				}
				storetest.View(t, s, func(v *store.View) error { return read(v, "SELECT 1") })
				if took := time.Since(start); took > soon {
					t.Errorf("%s, %s: the connection was free after %v", way, kind, took)
				}
			}
		}
		if !db.IsEmbedded() {
			nothingRuns(t, db)
		}
	})
}

// nothingRuns waits until PostgreSQL itself works on none of the statements any more.
func nothingRuns(t *testing.T, db *store.DB) {
	t.Helper()
	for start := time.Now(); time.Since(start) < soon; time.Sleep(20 * time.Millisecond) {
		var running int64
		storetest.View(t, storetest.Session(db), func(v *store.View) error {
			return v.Rows(func(row store.Row) error { return row.Scan(&running) },
				"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%RECURSIVE n(i)%' AND pid <> pg_backend_pid()")
		})
		if running == 0 {
			return
		}
	}
	t.Error("a statement that nobody waits for goes on")
}

// TestWriteEndsWithItsRequest shows that a transaction has the time of who asks for it, and no other.
func TestWriteEndsWithItsRequest(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		store.Hurry(db, time.Millisecond) // is not about writes
		write := func(ctx context.Context) error {
			return storetest.Session(db).Update(ctx, func(tx *store.Tx) error {
				return read(tx.View, endless["kept"])
			})
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		if err := write(ctx); !fault.Is(err, fault.Busy) {
			t.Errorf("the write: %v", err)
		}
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
			_, err := tx.Exec("DELETE FROM documents WHERE tenant_id = ''")
			return err
		})
		if took := time.Since(start); took > soon {
			t.Errorf("the writer was free after %v", took)
		}
	})
}
