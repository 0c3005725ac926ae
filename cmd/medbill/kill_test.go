package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"medbill/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

const (
	killRuns     = 20
	killsMax     = 3 // per run, before the story may end
	killParallel = 5 // PostgreSQL runs at once
	runTimeout   = 4 * time.Minute
)

// build compiles the binary that the tests run and kill.
func built(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "medbill")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// demo gives the command that plays the story and ends. It waits as long as that takes on a busy machine.
func demo(ctx context.Context, binary, dir, url string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.CommandContext(ctx, binary, "demo", "--exit", "--addr", "127.0.0.1:0", "--data", dir, "--database", url, "--patience", "3m")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	return cmd, &out
}

func TestAKilledProcessEndsInTheSameBooks(t *testing.T) {
	if testing.Short() {
		t.Skip("kills 40 processes; run without -short")
	}
	binary := built(t)
	for _, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			undisturbed := measure(t, binary, storetest.URL(t, name))
			slots := make(chan struct{}, map[string]int{"sqlite": 2, "postgres": killParallel}[name])
			for run := range killRuns {
				t.Run(fmt.Sprintf("run-%d", run+1), func(t *testing.T) {
					t.Parallel()
					slots <- struct{}{}
					defer func() { <-slots }()
					killAndFinish(t, binary, storetest.URL(t, name), undisturbed, 1+run%killsMax)
				})
			}
		})
	}
}

// measure plays the story once without a kill and says how long it takes.
func measure(t *testing.T, binary, url string) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	start := time.Now()
	cmd, out := demo(ctx, binary, t.TempDir(), url)
	if err := cmd.Run(); err != nil {
		t.Fatalf("the story fails undisturbed: %v\n%s", err, out)
	}
	took := time.Since(start)
	t.Logf("undisturbed: %s", took)
	return took
}

// killAndFinish kills the process at random moments, then lets it finish: the story itself holds every account and the
// invoice to the cent, and verify holds every document and entry.
func killAndFinish(t *testing.T, binary, url string, undisturbed time.Duration, kills int) {
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	dir := t.TempDir()
	for range kills {
		cmd, out := demo(ctx, binary, dir, url)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(rand.N(undisturbed), func() { _ = cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if err != nil && !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the story fails by itself: %v\n%s", err, out)
		}
	}
	start := time.Now()
	cmd, out := demo(ctx, binary, dir, url)
	if err := cmd.Run(); err != nil {
		t.Fatalf("after %d kills the story does not end: %v\n%s", kills, err, out)
	}
	took := time.Since(start)
	verify, err := exec.CommandContext(ctx, binary, "verify", "--data", dir, "--database", url).CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(verify)), "clean") {
		t.Errorf("verify after %d kills: %v\n%s", kills, err, verify)
	}
	t.Logf("%d kills, then the end in %s", kills, took.Round(time.Millisecond))
	_ = os.RemoveAll(dir)
}
