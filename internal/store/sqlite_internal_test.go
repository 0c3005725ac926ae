package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"medbill/models"
)

func openFresh(t *testing.T) *DB { return openFreshWith(t, 0) }

func openFreshWith(t *testing.T, connections int) *DB {
	t.Helper()
	db, err := Open(t.Context(), Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "medbill.db"), Connections: connections})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestDataFolderHasOneOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with space & more")
	url := "sqlite://" + filepath.Join(dir, "medbill.db")
	first, err := Open(t.Context(), Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(t.Context(), Config{URL: url})
	if err == nil {
		_ = second.Close()
		t.Fatal("a second process opens the same folder")
	}
	if !strings.Contains(err.Error(), "in use by another medbill process") {
		t.Errorf("the refusal says %q", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	third, err := Open(t.Context(), Config{URL: url})
	if err != nil {
		t.Fatalf("after the first has closed: %v", err)
	}
	if err := third.Close(); err != nil {
		t.Error(err)
	}
}

// The driver passes over a setting it does not know, so each one that counts is asked for.
func TestSettingsOfSQLiteAreHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "medbill.db")
	for _, pragma := range []string{"synchronous(OFF)", "foreign_keys(OFF)"} {
		pool, err := openSQLiteFile(t.Context(), path, "_pragma="+pragma, 1, companionCacheBytes, nil)
		if err == nil {
			_ = pool.Close()
			t.Errorf("%s is let through", pragma)
		}
	}
	db := openFresh(t)
	for name, pool := range map[string]*sql.DB{"write": db.write, "read": db.read} {
		var values []string
		for _, pragma := range []string{"journal_mode", "synchronous", "foreign_keys", "busy_timeout"} {
			var value string
			if err := pool.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&value); err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		if got := strings.Join(values, " "); got != "wal 2 1 10000" {
			t.Errorf("the %s connection runs with %s", name, got)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := openFresh(t)
	err := db.As(models.Actor{Tenant: "zzyzx"}).View(t.Context(), func(v *View) error {
		_, err := Column[string](v, "INSERT INTO case_locks (tenant_id, subject, taken) VALUES (?, ?, 0) RETURNING subject", "zzyzx", "v")
		return err
	})
	if err == nil {
		t.Error("a view writes")
	}
}

// A reader does not wait for a writer, nor sees what is not committed.
func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	db := openFresh(t)
	s := db.As(models.Actor{Tenant: "zzyzx", Subject: "tester"})
	err := s.Update(t.Context(), func(tx *Tx) error {
		if _, err := tx.Exec("INSERT INTO case_locks (tenant_id, subject, taken) VALUES (?, ?, 0)", tx.Tenant(), "v"); err != nil {
			return err
		}
		if err := s.RecordRead(t.Context(), models.AuditRead, "Patient", "p"); err != nil {
			return err
		}
		return s.View(t.Context(), func(v *View) error {
			if seen, err := Column[string](v, "SELECT subject FROM case_locks WHERE tenant_id = ?", v.Tenant()); len(seen) > 0 || err != nil {
				t.Errorf("a reader sees what is not committed: %v %v", seen, err)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A statement is kept once per connection, is never shared by two open readings, and an unknown one is not kept.
func TestStatementsAreKept(t *testing.T) {
	db := openFresh(t)
	ctx := context.Background()
	conn, err := db.write.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	idle := func() (n int) {
		err := conn.Raw(func(c any) error {
			kept, ok := c.(*statementConn)
			if !ok {
				return fmt.Errorf("the connection is a %T", c)
			}
			n = len(kept.idle)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := idle()
	const text = "SELECT subject FROM case_locks WHERE tenant_id = ? ORDER BY subject"
	for i := range 3 {
		if _, err := conn.ExecContext(ctx, "INSERT INTO case_locks (tenant_id, subject, taken) VALUES (?, ?, 0)", "zzyzx", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	read := func(each func()) (rows int) {
		found, err := conn.QueryContext(ctx, text, "zzyzx")
		if err != nil {
			t.Fatal(err)
		}
		defer found.Close()
		for ; found.Next(); rows++ {
			each()
		}
		if err := found.Err(); err != nil {
			t.Error(err)
		}
		return rows
	}
	outer := read(func() {
		if inner := read(func() {}); inner != 3 {
			t.Errorf("the inner reading gives %d rows", inner)
		}
	})
	if outer != 3 {
		t.Errorf("the outer reading gives %d rows", outer)
	}
	if kept := idle() - before; kept != 2 {
		t.Errorf("%d statements are kept, want 2", kept)
	}
	// A statement that fails is not kept, and the next one is sound.
	for range 2 {
		if _, err := conn.ExecContext(ctx, "INSERT INTO case_locks (tenant_id, subject, taken) VALUES (?, ?, 0)", "zzyzx", "1"); err == nil {
			t.Error("the same key is written twice")
		}
	}
	for i := range statementsMax + 50 {
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("UPDATE case_locks SET subject = subject WHERE subject = '%d'", i)); err != nil {
			t.Fatal(err)
		}
	}
	if idle() != statementsMax {
		t.Errorf("%d statements are kept, want at most %d", idle(), statementsMax)
	}
}
