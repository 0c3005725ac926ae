package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"medbill/cmd/medbill/story"
)

// A database that goes away and comes back while clients of every role work: each answer is success or "come again", the probe
// tells, nothing that was acknowledged is lost, and the process goes on by itself.

// outage is a server that is about to lose its database.
type outage struct {
	*crowd
	s   *server
	log lockedBuffer
	dir string
	url string
}

// lasting plays the story on a server over url and lets the crowd in.
func lasting(t *testing.T, dir, url string) *outage {
	t.Helper()
	o := &outage{dir: dir, url: url}
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	t.Cleanup(cancel)
	serve := serveCommand{place: place{Data: dir, Database: url}, Addr: "127.0.0.1:0", Dev: true}
	s, err := serve.start(ctx, streams{}, logger(streams{&o.log, &o.log}, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	o.s = s
	demo := demoCommand{Data: dir, Patience: time.Minute}
	tokens, err := demo.prepare(ctx, s)
	if err == nil {
		err = demo.play(ctx, s, tokens, func(int, int, story.Step) {})
	}
	if err != nil {
		t.Fatal(err)
	}
	o.crowd = gather(t, s.base, tokens, false)
	o.await(payments, 1)
	return o
}

// await waits until n more of a kind were acknowledged.
func (o *outage) await(kind string, n int) {
	o.t.Helper()
	n += o.count(kind)
	for range 1200 {
		if o.count(kind) >= n {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	o.t.Fatalf("%s do not go on: %d, want %d; log:\n%.3000s", kind, o.count(kind), n, o.warnings())
}

// probed waits until the probe gives a status.
func (o *outage) probed(status int) {
	o.t.Helper()
	last := 0
	for range 400 {
		response, err := http.Get(o.s.base + "/readyz")
		if err != nil {
			o.t.Fatal(err)
		}
		_ = response.Body.Close()
		if last = response.StatusCode; last == status && (status == 200) == (response.Header.Get("Retry-After") == "") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	o.t.Fatalf("the probe says %d, want %d", last, status)
}

// finish lets the clients go and the work end, and looks at what is left.
func (o *outage) finish() {
	o.t.Helper()
	o.leave()
	for range 1200 {
		if n, err := o.s.office.CountWaiting(context.Background()); err == nil && n == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if n, err := o.s.office.CountWaiting(context.Background()); n > 0 || err != nil {
		o.t.Errorf("%d steps are left: %v", n, err)
	}
	if n, err := o.s.office.CountFailed(context.Background()); n > 0 || err != nil {
		o.t.Errorf("%d steps are lost: %v", n, err)
	}
	if err := o.s.stop(); err != nil {
		o.t.Error(err)
	}
	if got := said(o.t, "verify", "--data", o.dir, "--database", o.url); !strings.HasSuffix(got, "clean\n") {
		o.t.Errorf("verify: %s", got)
	}
	o.check(o.url)
	if o.busy["REST"] == 0 || o.busy["GraphQL"] == 0 {
		o.t.Errorf("nobody was told to come again: %v", o.busy)
	}
	if lines := strings.Count(o.warnings(), "\n"); lines > 60 {
		o.t.Errorf("the log has %d warnings:\n%.3000s", lines, o.warnings())
	}
}

// warnings are the lines of the log that are no request's.
func (o *outage) warnings() string {
	var b strings.Builder
	for line := range strings.Lines(o.log.String()) {
		if !strings.Contains(line, `"level":"INFO"`) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestPostgresGoesAwayAndComesBack(t *testing.T) {
	if testing.Short() {
		t.Skip("stops a PostgreSQL three times; run without -short")
	}
	cluster := ownCluster(t)
	do := func(statements ...string) {
		t.Helper()
		for _, s := range statements {
			if err := cluster.Exec(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	o := lasting(t, t.TempDir(), cluster.URL("medbill"))
	for _, isFast := range []bool{true, false} {
		cluster.Halt(isFast)
		o.probed(503)
		time.Sleep(2 * time.Second)
		if err := cluster.Resume(); err != nil {
			t.Fatal(err)
		}
		o.probed(200)
		o.await(payments, 3)
	}
	// Another server writes, this one only reads: the state after a failover until the address leads to the new one.
	do("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
	o.probed(503)
	do("ALTER SYSTEM SET default_transaction_read_only = off", "SELECT pg_reload_conf()")
	o.probed(200)
	o.await(payments, 3)
	o.finish()
}

func TestSQLiteRunsOutOfSpace(t *testing.T) {
	if testing.Short() {
		t.Skip("fills a file system; run without -short")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		fmt.Println("SKIPPED", t.Name()+": no small file system can be mounted here:", err)
		t.SkipNow()
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	o := lasting(t, dir, "sqlite://"+filepath.Join(dir, "medbill.db"))
	for range 2 {
		filler := filepath.Join(dir, "filler")
		if err := fill(filler); err == nil {
			t.Fatal("the file system does not fill")
		}
		o.probed(503)
		time.Sleep(2 * time.Second)
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		o.probed(200)
		o.await(payments, 3)
	}
	o.finish()
}

// fill writes until there is no space left.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	part := make([]byte, 4096)
	for {
		if _, err := f.Write(part); err != nil {
			return err
		}
	}
}
