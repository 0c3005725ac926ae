// Package storetest gives tests real databases: a SQLite file, and a database of its own on a real PostgreSQL. There are no
// mocks. PostgreSQL is MEDBILL_TEST_POSTGRES, else a throwaway cluster started from the binaries on this machine; where
// there are none, one line says so, and REQUIRE_POSTGRES=1 makes that a failure.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/internal/store/throwaway"
)

// Main runs a package's tests and ends what they started. Every package that opens databases calls it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	shared.stop()
	if err := leave(); err != nil {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

// Databases names what Each runs on.
var Databases = []string{"sqlite", "postgres"}

// Each runs a test on SQLite and on PostgreSQL, each time with an empty migrated database.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	EachURL(t, func(t *testing.T, url string) {
		test(t, Open(t, url))
	})
}

// EachURL runs a test on both databases with the URL of an empty migrated database that nobody has open.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	for _, name := range Databases {
		t.Run(name, func(t *testing.T) { test(t, URL(t, name)) })
	}
}

// isTwice makes every function given to Update run twice, the first run rolled back. A function that changes its input or
// the world then fails the test it is part of.
var isTwice = os.Getenv("MEDBILL_TEST_TWICE") != ""

// CountsRuns skips a test that counts what Update runs, where that runs everything twice.
func CountsRuns(t testing.TB) {
	t.Helper()
	if isTwice {
		t.Skip("MEDBILL_TEST_TWICE is set, and this test counts what runs")
	}
}

// Open opens a database until the test ends.
func Open(t testing.TB, url string) *store.DB {
	t.Helper()
	return OpenAt(t, url, clock.System())
}

// OpenAt opens a database that tells the time by a clock of the test's.
func OpenAt(t testing.TB, url string, c clock.Clock) *store.DB {
	t.Helper()
	return openWith(t, url, c, tellAll(url))
}

func openWith(t testing.TB, url string, c clock.Clock, told func(string)) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), store.Config{URL: url, Clock: c, TestTwice: isTwice, TestTold: told})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// URL makes an empty migrated database, sqlite or postgres, and gives its URL.
func URL(t testing.TB, name string) string {
	t.Helper()
	return reachable(t, func() (string, error) {
		if name == "sqlite" {
			return shared.sqlite(t.TempDir())
		}
		return shared.postgres(t, true)
	})
}

// BareURL gives the URL of a database without any table, for tests of the migrations.
func BareURL(t testing.TB, name string) string {
	t.Helper()
	return reachable(t, func() (string, error) {
		if name == "sqlite" {
			return "sqlite://" + filepath.Join(t.TempDir(), "medbill.db"), nil
		}
		return shared.postgres(t, false)
	})
}

// reachable skips the test where there is no PostgreSQL and none is required.
func reachable(t testing.TB, open func() (string, error)) string {
	t.Helper()
	url, err := open()
	if errors.Is(err, throwaway.ErrNoPostgres) && os.Getenv("REQUIRE_POSTGRES") == "" {
		shared.sayOnce.Do(func() { fmt.Println("PostgreSQL skipped: neither MEDBILL_TEST_POSTGRES nor its binaries are there") })
		t.Skip("PostgreSQL is not reachable")
	}
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// shared is what the tests of one process have in common: a migrated SQLite file to copy, a cluster with a template.
var shared machine

type machine struct {
	sayOnce sync.Once

	fileOnce sync.Once
	fileDir  string
	fileErr  error

	clusterOnce sync.Once
	cluster     *throwaway.Cluster
	clusterErr  error
	made        atomic.Int64
}

func (m *machine) sqlite(dir string) (string, error) {
	m.fileOnce.Do(func() {
		m.fileDir, m.fileErr = os.MkdirTemp("", "medbill-sqlite-")
		if m.fileErr == nil {
			m.fileErr = migrate("sqlite://" + filepath.Join(m.fileDir, "medbill.db"))
		}
	})
	if m.fileErr != nil {
		return "", m.fileErr
	}
	for _, name := range []string{"medbill.db", "medbill-audit.db", "medbill-codes.db"} {
		content, err := os.ReadFile(filepath.Join(m.fileDir, name))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return "", err
		}
	}
	return "sqlite://" + filepath.Join(dir, "medbill.db"), nil
}

func (m *machine) postgres(t testing.TB, migrated bool) (string, error) {
	m.clusterOnce.Do(m.startCluster)
	if m.clusterErr != nil {
		return "", m.clusterErr
	}
	name, from := fmt.Sprintf("medbill_test_%d_%d", os.Getpid(), m.made.Add(1)), "template0"
	if migrated {
		from = template()
	}
	if err := m.cluster.Exec("CREATE DATABASE " + name + " TEMPLATE " + from); err != nil {
		return "", err
	}
	t.Cleanup(func() { _ = m.cluster.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") })
	return m.cluster.URL(name), nil
}

// template is the migrated database that tests get copies of.
func template() string { return fmt.Sprintf("medbill_template_%d", os.Getpid()) }

func (m *machine) startCluster() {
	if given := os.Getenv("MEDBILL_TEST_POSTGRES"); given != "" {
		m.cluster = throwaway.At(given)
	} else if m.cluster, m.clusterErr = throwaway.Start(false); m.clusterErr != nil {
		return
	}
	if m.clusterErr = m.cluster.Exec("CREATE DATABASE " + template()); m.clusterErr == nil {
		m.clusterErr = migrate(m.cluster.URL(template()))
	}
}

func (m *machine) stop() {
	if m.fileDir != "" {
		_ = os.RemoveAll(m.fileDir)
	}
	if m.cluster != nil {
		_ = m.cluster.Exec("DROP DATABASE IF EXISTS " + template() + " WITH (FORCE)")
		m.cluster.Stop()
	}
}

func migrate(url string) error {
	db, err := store.Open(context.Background(), store.Config{URL: url})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(context.Background()), db.Close())
}

// Cluster starts a PostgreSQL of the test's own until it ends, which may be stopped and set up; the test is skipped where there
// are no binaries.
func Cluster(t testing.TB, settings ...string) *throwaway.Cluster {
	t.Helper()
	cluster, err := throwaway.Start(false, settings...)
	if errors.Is(err, throwaway.ErrNoPostgres) && os.Getenv("REQUIRE_POSTGRES") == "" {
		fmt.Println("SKIPPED", t.Name()+": no PostgreSQL on this machine")
		t.SkipNow()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	return cluster
}

// Replicated starts a PostgreSQL of the test's own, in which a database called medbill is made, and a streaming replica that has it.
func Replicated(t testing.TB) (primary, replica *throwaway.Cluster) {
	t.Helper()
	primary = Cluster(t)
	err := primary.Exec("CREATE DATABASE medbill")
	if err == nil {
		replica, err = primary.Replica()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(replica.Stop)
	return primary, replica
}

// Pooler starts a PgBouncer before a cluster until the test ends, which is skipped where there is none.
func Pooler(t testing.TB, of *throwaway.Cluster, connections int, more ...string) *throwaway.Cluster {
	t.Helper()
	through, err := throwaway.StartPooler(of, connections, more...)
	if errors.Is(err, throwaway.ErrNoPooler) && os.Getenv("REQUIRE_PGBOUNCER") == "" {
		fmt.Println("SKIPPED", t.Name()+": no PgBouncer on this machine")
		t.SkipNow()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(through.Stop)
	return through
}
