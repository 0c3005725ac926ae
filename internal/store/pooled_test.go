package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/internal/store/throwaway"
)

// pooler starts a PgBouncer before a cluster of the test's own that has a database called medbill.
func pooler(t *testing.T, more ...string) *throwaway.Cluster {
	t.Helper()
	cluster := storetest.Cluster(t)
	through := storetest.Pooler(t, cluster, 4, more...)
	if err := cluster.Exec("CREATE DATABASE medbill"); err != nil {
		t.Fatal(err)
	}
	return through
}

// Who does not say that there is a pooler is told to, whether it refuses the settings of a session or swallows them.
func TestAPoolerThatKeepsNoSessionIsRefusedByName(t *testing.T) {
	for name, more := range map[string][]string{
		"it refuses settings": nil,
		"it swallows them":    {"ignore_startup_parameters = lock_timeout,jit,plan_cache_mode,enable_seqscan,tcp_keepalives_idle,tcp_keepalives_interval,tcp_keepalives_count"},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(t.Context(), store.Config{URL: pooler(t, more...).URL("medbill")})
			if err == nil {
				_ = db.Close()
			}
			if err == nil || !strings.Contains(err.Error(), "--pool transaction") || strings.Contains(err.Error(), "\n") {
				t.Errorf("Open gives %v, want one sentence that names the setting", err)
			}
		})
	}
}

// Through a pooler each transaction, and each read by itself, has the settings that a session has, more sessions than it has
// connections work at once, and none leaves anything behind on the connection of the next one.
func TestEachTransactionThroughAPoolerHasItsSettings(t *testing.T) {
	through := pooler(t)
	db, err := store.Open(t.Context(), store.Config{URL: through.URL("medbill"), Pooled: true, Connections: 24})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := errors.Join(storetest.Together(3, func(int) error { return db.Migrate(t.Context()) })...); err != nil {
		t.Fatal(err)
	}
	const query = "SELECT current_setting('lock_timeout') || ' ' || current_setting('plan_cache_mode') || ' ' || current_setting('jit') || ' ' || current_setting('enable_seqscan')"
	const want = "200ms force_generic_plan off off"
	long := query + " WHERE '" + strings.Repeat("x", 9000) + "' <> ?"
	asked := func(v *store.View, query string, args ...any) error {
		for range 2 {
			got, err := store.Column[string](v, query, args...)
			if err != nil || len(got) != 1 || got[0] != want {
				return fmt.Errorf("%.40s… gives %v, %w", query, got, err)
			}
		}
		return nil
	}
	s := storetest.Session(db)
	errs := storetest.Together(24, func(i int) error {
		for range 10 {
			err := errors.Join(
				s.View(t.Context(), func(v *store.View) error { return asked(v, query) }),
				s.View(t.Context(), func(v *store.View) error { return asked(v, long, "y") }),
				s.Snapshot(t.Context(), func(v *store.View) error { return errors.Join(asked(v, query), asked(v, long, "y")) }),
				s.Update(t.Context(), func(tx *store.Tx) error {
					if err := documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient(tx.NewID(), "Zzyzx"))); err != nil {
						return err
					}
					return errors.Join(asked(tx.View, query), asked(tx.View, long, "y"))
				}),
			)
			if err != nil {
				return fmt.Errorf("session %d: %w", i, err)
			}
		}
		return nil
	})
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	err = s.Moment(t.Context(), 3, func(views []*store.View) error {
		for _, v := range views {
			n, _, err := documents.Count(v)
			if err == nil && n != 240 {
				err = fmt.Errorf("%d documents, want 240", n)
			}
			if err := errors.Join(err, asked(v, query)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	if left, err := through.Texts(t.Context(), "medbill", "SELECT name FROM pg_prepared_statements UNION ALL SELECT current_setting('plan_cache_mode')"); err != nil || fmt.Sprint(left) != "[auto]" {
		t.Errorf("a connection is left with %v, %v", left, err)
	}
}
