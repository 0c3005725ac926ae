package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/internal/store/throwaway"
	"medbill/models"
)

// pair is a database with a replica that is read, and two callers.
type pair struct {
	*testing.T
	db               *store.DB
	primary, replica *throwaway.Cluster
	writer, other    *store.Session
}

// paired starts a primary and its replica, which have had time to meet.
func paired(t *testing.T, open func(*store.Config)) *pair {
	t.Helper()
	p := &pair{T: t}
	p.primary, p.replica = storetest.Replicated(t)
	c := store.Config{URL: p.primary.URL("medbill"), ReadURL: p.replica.URL("medbill")}
	if open != nil {
		open(&c)
	}
	var err error
	if p.db, err = store.Open(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.db.Close() })
	if err := p.db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.writer = p.db.As(models.Actor{Tenant: storetest.Tenant, Subject: "writer"})
	p.other = p.db.As(models.Actor{Tenant: storetest.Tenant, Subject: "other"})
	p.awaitReplica(p.other)
	return p
}

func (p *pair) replicaHas(database string) bool {
	names, err := p.replica.Texts(p.Context(), "postgres", "SELECT datname::text FROM pg_database")
	return err == nil && strings.Contains(fmt.Sprint(names), database)
}

// await asks until something holds.
func (p *pair) await(what string, holds func() bool) {
	p.Helper()
	for range 600 {
		if holds() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.Fatalf("it never is so that %s", what)
}

// awaitReplica waits until a caller reads the replica.
func (p *pair) awaitReplica(s *store.Session) {
	p.Helper()
	p.await("the replica is read", func() bool { return p.isReplica(s) })
}

// isReplica reports whether a caller reads the replica, and fails the test where it cannot read.
func (p *pair) isReplica(s *store.Session) bool {
	p.Helper()
	var answer []bool
	storetest.View(p, s, func(v *store.View) (err error) {
		answer, err = store.Column[bool](v, "SELECT pg_is_in_recovery()")
		return err
	})
	return len(answer) == 1 && answer[0]
}

// save writes a patient as a caller does.
func (p *pair) save(s *store.Session, id string) {
	p.Helper()
	storetest.Save(p, s, storetest.Indexed(p, 1, storetest.Patient(id, "Zzyzx")))
}

// finds gives the patients whom a caller finds.
func (p *pair) finds(s *store.Session) string {
	p.Helper()
	return storetest.Found(p, s, documents.Guard{}, "Patient", "_sort=_id")
}

func (p *pair) pause(how string) {
	p.Helper()
	if err := p.replica.Exec("SELECT pg_wal_replay_" + how + "()"); err != nil {
		p.Fatal(err)
	}
}

// While the replica stands still, a caller finds what it wrote, and another one finds what the replica has; once it goes on both read
// it again.
func TestACallerReadsWhatItWroteThoughTheReplicaStandsStill(t *testing.T) {
	p := paired(t, nil)
	p.save(p.writer, "old")
	p.awaitReplica(p.writer)
	p.await("the replica has the patient", func() bool { return p.finds(p.other) == "old" })
	p.pause("pause")
	p.save(p.writer, "new")
	for range 3 {
		if got := p.finds(p.writer); got != "new old" || p.isReplica(p.writer) {
			t.Fatalf("the writer finds %q", got)
		}
		if got := p.finds(p.other); got != "old" || !p.isReplica(p.other) {
			t.Fatalf("the other one finds %q", got)
		}
	}
	reads, _ := p.db.Replica()
	if !reads.Used || reads.Reads == 0 || reads.Passed == 0 {
		t.Errorf("the replica is said to fare like %+v", reads)
	}
	// What a transaction reads it reads of the primary.
	storetest.Update(t, p.other, func(tx *store.Tx) error {
		answer, err := store.Column[bool](tx.View, "SELECT pg_is_in_recovery()")
		if err == nil && answer[0] {
			err = errors.New("a transaction is at the replica")
		}
		return err
	})
	if got := p.finds(p.other); got != "new old" {
		t.Errorf("after a transaction the other one finds %q", got)
	}
	long := "SELECT pg_is_in_recovery() WHERE '" + strings.Repeat("x", 9000) + "' <> 'y'"
	for _, s := range []*store.Session{p.writer, p.db.As(models.Actor{Tenant: storetest.Tenant, Subject: "third"})} {
		storetest.View(t, s, func(v *store.View) error {
			for range 2 {
				answer, err := store.Column[bool](v, long)
				if err != nil || answer[0] == (s == p.writer) {
					return fmt.Errorf("a long statement gives %v, %w", answer, err)
				}
			}
			return nil
		})
	}
	// What belongs to one request is not older than what was shown before.
	request, _ := store.Gather(t.Context())
	fourth := p.db.As(models.Actor{Tenant: storetest.Tenant, Subject: "fourth"})
	for i, s := range []*store.Session{fourth, p.writer, fourth} {
		err := s.View(request, func(v *store.View) error {
			answer, err := store.Column[bool](v, "SELECT pg_is_in_recovery()")
			if err == nil && answer[0] != (i == 0) {
				err = fmt.Errorf("read %d of a request is at the wrong server", i)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	p.pause("resume")
	p.awaitReplica(p.writer)
	if got := p.finds(p.writer); got != "new old" {
		t.Errorf("at the replica the writer finds %q", got)
	}
}

// A replica that falls too far behind is used by nobody until it has caught up.
func TestAReplicaThatIsFarBehindIsNotRead(t *testing.T) {
	p := paired(t, nil)
	p.pause("pause")
	written := 0
	p.await("the replica is not used", func() bool {
		written++
		p.save(p.writer, fmt.Sprint("p", written))
		return !p.isReplica(p.other)
	})
	if got, want := len(strings.Fields(p.finds(p.other))), written; got < min(written, 10) {
		t.Errorf("the other one finds %d of %d", got, want)
	}
	if reads, _ := p.db.Replica(); reads.Used {
		t.Error("it is said to be used")
	}
	p.pause("resume")
	p.awaitReplica(p.other)
}

// A replica that is gone, and one that breaks a read off, are no failures of a read; it is used again when it is back.
func TestReadsGoOnWhileTheReplicaIsGone(t *testing.T) {
	for _, isFast := range []bool{true, false} {
		p := paired(t, nil)
		p.save(p.writer, "a")
		p.await("the replica has the patient", func() bool { return p.finds(p.other) == "a" && p.isReplica(p.other) })
		end := make(chan struct{})
		read := make(chan error)
		go func() {
			for {
				var err error
				for i := 0; i < 8 && err == nil; i++ {
					err = p.other.View(t.Context(), func(v *store.View) error {
						for range 3 {
							if found, err := store.Column[string](v, "SELECT id FROM documents WHERE tenant_id = ?", v.Tenant()); err != nil || len(found) != 1 {
								return fmt.Errorf("%v, %w", found, err)
							}
						}
						return nil
					})
				}
				select {
				case <-end:
					read <- nil
					return
				default:
				}
				if err != nil {
					<-end
					read <- err
					return
				}
			}
		}()
		p.replica.Halt(isFast)
		for range 20 {
			if p.isReplica(p.other) || p.finds(p.other) != "a" {
				t.Fatal("a replica that is gone is read")
			}
		}
		if err := p.db.Ping(t.Context()); err != nil {
			t.Errorf("the database is said to be away: %v", err)
		}
		if err := p.replica.Resume(); err != nil {
			t.Fatal(err)
		}
		p.awaitReplica(p.other)
		close(end)
		if err := <-read; err != nil {
			t.Errorf("a read fails: %v", err)
		}
	}
}

// A read database that is another one is refused, and one that is away is waited for.
func TestAReadDatabaseIsAReplicaOfTheDatabase(t *testing.T) {
	p := paired(t, nil)
	if err := p.primary.Exec("CREATE DATABASE another"); err != nil {
		t.Fatal(err)
	}
	p.await("the replica has the other database", func() bool { return p.replicaHas("another") })
	for name, url := range map[string]string{
		"the primary itself": p.primary.URL("medbill"), "another database of the replica": p.replica.URL("another"),
	} {
		db, err := store.Open(t.Context(), store.Config{URL: p.primary.URL("medbill"), ReadURL: url})
		if err == nil {
			_ = db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "--read-database") {
			t.Errorf("%s: %v, want a word about it", name, err)
		}
	}
	p.replica.Halt(true)
	db, err := store.Open(t.Context(), store.Config{URL: p.primary.URL("medbill"), ReadURL: p.replica.URL("medbill")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	late := *p
	late.db, late.other = db, db.As(models.Actor{Tenant: storetest.Tenant, Subject: "other"})
	if late.isReplica(late.other) {
		t.Error("a replica that is away is read")
	}
	if err := p.replica.Resume(); err != nil {
		t.Fatal(err)
	}
	late.awaitReplica(late.other)
}

// Behind a pooler the same holds, and it is named where nobody said that it is there.
func TestAReplicaIsReadThroughAPooler(t *testing.T) {
	through := ""
	p := paired(t, func(c *store.Config) {
		through = storetest.Pooler(t, throwaway.At(c.ReadURL), 4).URL("medbill")
		c.Pooled, c.URL, c.ReadURL = true, storetest.Pooler(t, throwaway.At(c.URL), 4).URL("medbill"), through
	})
	if _, err := store.Open(t.Context(), store.Config{URL: p.primary.URL("medbill"), ReadURL: through}); err == nil || !strings.Contains(err.Error(), "--pool transaction") {
		t.Errorf("without a word of the pooler Open gives %v", err)
	}
	for i := range 20 {
		id := fmt.Sprint("p", i)
		p.save(p.writer, id)
		if got := p.finds(p.writer); !strings.Contains(got+" ", id+" ") {
			t.Fatalf("the writer does not find %s in %s", id, got)
		}
	}
	p.awaitReplica(p.writer)
}

// Without a replica a commit asks for nothing more, and with one it costs no round trip more.
func TestAReplicaCostsAWriterNoRoundTrip(t *testing.T) {
	storetest.CountsRuns(t)
	p := paired(t, nil)
	alone := storetest.Open(t, p.primary.URL("medbill"))
	trips := func(db *store.DB) int64 {
		s := storetest.Session(db)
		before := db.Trips()
		storetest.Update(t, s, func(tx *store.Tx) error {
			return tx.Write("UPDATE tenants SET name = name WHERE tenant_id = ?", tx.Tenant())
		})
		return db.Trips() - before
	}
	if with, without := trips(p.db), trips(alone); with != without || with != 1 {
		t.Errorf("a commit takes %d round trips with a replica and %d without", with, without)
	}
}
