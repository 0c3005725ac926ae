package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"medbill/internal/store/storetest"
)

const moveKills = 5

// Whoever kills a move and starts it again has the practice whole on the other side, in the same books, both ways.
func TestAKilledMoveGoesOnWhereItStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("kills 10 processes; run without -short")
	}
	binary := built(t)
	for i, name := range storetest.Databases {
		t.Run("from "+name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
			defer cancel()
			from, to, spare := storetest.URL(t, name), storetest.BareURL(t, storetest.Databases[1-i]), storetest.BareURL(t, storetest.Databases[1-i])
			played, out := demo(ctx, binary, t.TempDir(), from)
			if err := played.Run(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			start := time.Now()
			moved(ctx, t, binary, from, spare)
			undisturbed := time.Since(start)
			killed := 0
			for range moveKills {
				cmd := exec.CommandContext(ctx, binary, "move", "--from", from, "--to", to)
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				timer := time.AfterFunc(rand.N(undisturbed), func() { _ = cmd.Process.Kill() })
				err := cmd.Wait()
				timer.Stop()
				switch {
				case err == nil:
				case strings.Contains(err.Error(), "killed"):
					killed++
				default:
					t.Fatalf("the move fails by itself: %v\n%s", err, &out)
				}
				waitForBackends(t, to)
			}
			t.Logf("undisturbed %s, %d of %d killed", undisturbed.Round(time.Millisecond), killed, moveKills)
			moved(ctx, t, binary, from, to)
			source, target := storetest.ByHand(t, from), storetest.ByHand(t, to)
			for _, table := range []string{"documents", "document_history", "outbox", "idempotency_keys", "postings", "cases", "reference_keys"} {
				count := "SELECT count(*) FROM " + table
				if a, b := source.Text(count), target.Text(count); a != b || a == "0" {
					t.Errorf("%s has %s rows in the source and %s in the target", table, a, b)
				}
			}
		})
	}
}

// waitForBackends waits until PostgreSQL knows that a killed process is gone.
func waitForBackends(t *testing.T, url string) {
	t.Helper()
	if !strings.HasPrefix(url, "postgres") {
		return
	}
	hand := storetest.ByHand(t, url)
	for hand.Text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'medbill%'") != "0" {
		time.Sleep(10 * time.Millisecond)
	}
}

func moved(ctx context.Context, t *testing.T, binary, from, to string) {
	t.Helper()
	out, err := exec.CommandContext(ctx, binary, "move", "--from", from, "--to", to).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "moved; serve the target") {
		t.Fatalf("move: %v\n%s", err, out)
	}
}

// A move refuses a database on which a server works, a source that is not there, and one side for both.
func TestAMoveNeedsBothSidesForItself(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
		defer cancel()
		other := "sqlite://" + filepath.Join(t.TempDir(), "other", "medbill.db")
		served(ctx, t, demoCommand{Data: t.TempDir(), Database: url, Addr: "127.0.0.1:0"})
		for _, row := range []struct{ from, to, want string }{
			{url, other, "medbill process"},
			{other, url, "no medbill database yet"},
			{"mysql://x/y", url, "database URL cannot be used"},
			{other, other, "the same database"},
		} {
			var out bytes.Buffer
			if err := run(ctx, []string{"move", "--from", row.from, "--to", row.to}, &out, &out); err == nil || !strings.Contains(explain(err), row.want) {
				t.Errorf("move from %s to %s gives %v, want %q", row.from, row.to, fmt.Sprint(err), row.want)
			}
		}
	})
}
