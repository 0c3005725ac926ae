package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/store/storetest"
	"medbill/internal/store/throwaway"
)

// TestSoak lets a crowd of clients work against a server process that is killed again and again, and its PostgreSQL with it. In
// the end nothing that was acknowledged is lost or there twice, and verify is clean.
func TestSoak(t *testing.T) {
	text := os.Getenv("SOAK")
	if text == "" {
		fmt.Println("SKIPPED", t.Name()+": set SOAK to how long it is to take, or run make soak")
		t.SkipNow()
	}
	long, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	binary := built(t)
	for _, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			url, cluster := "sqlite://"+filepath.Join(dir, "medbill.db"), (*throwaway.Cluster)(nil)
			if name == "postgres" {
				cluster = ownCluster(t)
				url = cluster.URL("medbill")
			}
			soak(t, &process{t: t, binary: binary, dir: dir, url: url, addr: freeAddr(t)}, cluster, time.Now().Add(long/time.Duration(len(storetest.Databases))))
		})
	}
}

const (
	soakQuietLeast = 2 * time.Second // between two breakdowns
	soakQuietMost  = 6 * time.Second
	soakDownMost   = 2 * time.Second // a database is away at most
)

func soak(t *testing.T, p *process, cluster *throwaway.Cluster, until time.Time) {
	story, out := demo(t.Context(), p.binary, p.dir, p.url)
	if err := story.Run(); err != nil {
		t.Fatalf("the story fails: %v\n%s", err, out)
	}
	keys, err := auth.CreateDevKeys(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := roleTokens(keys)
	if err != nil {
		t.Fatal(err)
	}
	p.start()
	crowd := gather(t, "http://"+p.addr, tokens, true)
	kills, restarts := 0, 0
	for time.Now().Before(until) {
		time.Sleep(soakQuietLeast + rand.N(soakQuietMost-soakQuietLeast))
		if cluster == nil || rand.IntN(2) == 0 {
			kills++
			p.kill()
			p.start()
			continue
		}
		restarts++
		cluster.Halt(rand.IntN(2) == 0)
		time.Sleep(rand.N(soakDownMost))
		if err := cluster.Resume(); err != nil {
			t.Fatal(err)
		}
		p.await("/readyz", `"database":true`)
	}
	crowd.leave()
	p.await("/metrics", "medbill_jobs_waiting 0\n")
	p.await("/metrics", "medbill_jobs_lost_total 0\n")
	p.stop()
	t.Logf("%d times the server was killed, %d times the database restarted", kills, restarts)
	if got := said(t, "verify", "--data", p.dir, "--database", p.url); !strings.HasSuffix(got, "clean\n") {
		t.Errorf("verify: %s", got)
	}
	crowd.check(p.url)
}

// process is a server that is started at one address again and again.
type process struct {
	t                      *testing.T
	binary, dir, url, addr string
	more                   []string // flags
	log                    lockedBuffer
	cmd                    *exec.Cmd
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(p.binary, "serve", "--dev", "--addr", p.addr, "--data", p.dir, "--database", p.url)
	p.cmd.Args = append(p.cmd.Args, p.more...)
	p.cmd.Stdout, p.cmd.Stderr = io.Discard, &p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
	p.await("/readyz", `"database":true`)
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // or it is gone
	_ = p.cmd.Wait()
}

func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("stopped by SIGTERM it ends with %v", err)
	}
}

// await asks until the answer holds a text.
func (p *process) await(path, want string) {
	p.t.Helper()
	got := ""
	for range 1800 {
		if response, err := http.Get("http://" + p.addr + path); err == nil {
			content, _ := io.ReadAll(response.Body) // half an answer does not hold it
			_ = response.Body.Close()
			if got = string(content); strings.Contains(got, want) {
				return
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	log := p.log.String()
	p.t.Fatalf("%s does not say %q: %.500s\nlog: %s", path, want, got, log[max(0, len(log)-2000):])
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// ownCluster is a PostgreSQL of the test's own, with an empty database called medbill, that may be stopped.
func ownCluster(t *testing.T) *throwaway.Cluster {
	t.Helper()
	cluster, err := throwaway.Start(false)
	if errors.Is(err, throwaway.ErrNoPostgres) && os.Getenv("REQUIRE_POSTGRES") == "" {
		fmt.Println("SKIPPED", t.Name()+": no PostgreSQL on this machine")
		t.SkipNow()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	if err := cluster.Exec("CREATE DATABASE medbill"); err != nil {
		t.Fatal(err)
	}
	return cluster
}
