package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serving runs `medbill serve --dev` until what it writes holds every text, and gives what it wrote. meanwhile is done before it
// is stopped.
func serving(t *testing.T, dir string, out streams, read func() string, texts []string, meanwhile func(said string)) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), runTimeout)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"serve", "--dev", "--data", dir, "--addr", "127.0.0.1:0"}, out.out, out.err)
	}()
	for !containsAll(read(), texts) {
		select {
		case err := <-ended:
			t.Fatalf("the server ends with %v:\n%s", err, read())
		case <-time.After(20 * time.Millisecond):
		}
	}
	meanwhile(read())
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return read()
}

func containsAll(text string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

func TestADevelopmentServerTellsAPersonWhereItsDoorsAre(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Ann's data")
	screen, read := terminal(t)
	said := serving(t, dir, streams{io.Discard, screen}, read, []string{"Ctrl-C"}, func(said string) {
		_, rest, _ := strings.Cut(said, "serves at ")
		base, _, _ := strings.Cut(rest, ",")
		for _, door := range []string{"/", "/fhir/R4/metadata", "/playground", "/readyz", "/healthz", "/metrics"} {
			if !strings.Contains(said, base+door) {
				t.Errorf("%s is not told in:\n%s", door, said)
			}
			if got := statusOf(t.Context(), t, base+door); got != http.StatusOK {
				t.Errorf("%s answers %d", door, got)
			}
		}
		firstSteps(t, said)
	})
	for _, step := range []string{"opening the database sqlite:" + dir, "bringing its schema up", "the keys of the tokens"} {
		if at := strings.Index(said, step); at < 0 || at > strings.Index(said, "serves at ") {
			t.Errorf("%q is not told before the server serves:\n%s", step, said)
		}
	}
	if before, _, _ := strings.Cut(said, "Ctrl-C"); strings.Contains(before, `"level"`) {
		t.Errorf("log lines stand between the words:\n%s", before)
	}
}

// firstSteps does what the words say, in a shell, with this test in place of the binary's name.
func firstSteps(t *testing.T, said string) {
	t.Helper()
	_, lines, found := strings.Cut(said, "TOKEN=$("+program()) // how this process was called
	lines, _, ended := strings.Cut(lines, "\n\n")
	if !found || !ended {
		t.Fatalf("no command lines in:\n%s", said)
	}
	if _, err := exec.LookPath("curl"); err != nil {
		fmt.Println("SKIPPED the printed command lines of", t.Name()+": this machine has no curl")
		return
	}
	script := "TOKEN=$(" + quoted(built(t)) + lines
	out, err := exec.CommandContext(t.Context(), "sh", "-euc", script).CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"id":"first"`) || !strings.Contains(string(out), `"versionId"`) {
		t.Errorf("%s\n%v\n%s", script, err, out)
	}
}

func TestAPipeGetsLogLinesOnly(t *testing.T) {
	var log lockedBuffer
	var out bytes.Buffer
	said := serving(t, t.TempDir(), streams{&out, &log}, log.String, []string{`"msg":"serving"`}, func(string) {})
	for line := range strings.Lines(said) {
		if !strings.HasPrefix(line, `{"time":`) {
			t.Errorf("no log line: %s", line)
		}
	}
	if out.Len() > 0 {
		t.Errorf("written besides the log: %s", &out)
	}
}
