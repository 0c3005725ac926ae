package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheScenariosOfPayersAreListed(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(said(t, "payer", "--list")), "\n")
	if len(lines) != 1+36+10+4 {
		t.Errorf("%d lines are printed, want a head and 50 scenarios", len(lines))
	}
	for _, want := range []string{"2    DED     ACME  96.00 paid", "22   COBBAD  BETA", "E10  E10     any"} {
		if !strings.Contains(strings.Join(lines, "\n"), want) {
			t.Errorf("%q is missing in\n%s", want, strings.Join(lines, "\n"))
		}
	}
}

func TestAPayerSaysWhatItNeeds(t *testing.T) {
	dir := t.TempDir()
	empty, key := filepath.Join(dir, "empty"), filepath.Join(dir, "acme.token")
	for path, content := range map[string]string{empty: "\n", key: "token\n"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, args := range map[string][]string{
		"--token for its file":     {},
		"is empty":                 {"--token", empty},
		"ORGANIZATION=TOKENFILE":   {"--data", dir, "--plays", "acme"},
		"a plan after a comma":     {"--data", dir, "--plays", "acme=" + key, "--plays", "beta=" + key},
		"choose one of ACME, BETA": {"--data", dir, "--plays", "acme=" + key + ",GAMMA"},
		"medbill token":            {"--data", dir, "--plays", "acme=" + filepath.Join(dir, "none")},
	} {
		if got := said(t, append([]string{"payer", "--addr", "127.0.0.1:0"}, args...)...); !strings.Contains(got, want) {
			t.Errorf("%v: %q is missing in:\n%s", args, want, got)
		}
	}
}

func TestAPayerKeepsItsOwnToken(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "payer")
	var first []byte
	for range 2 {
		ctx, stop := context.WithCancel(context.Background())
		stop()
		var out bytes.Buffer
		if err := run(ctx, []string{"payer", "--addr", "127.0.0.1:0", "--data", dir}, &out, &out); err != nil && !strings.Contains(err.Error(), "canceled") {
			t.Fatal(err)
		}
		token, err := os.ReadFile(filepath.Join(dir, "token"))
		if err != nil {
			t.Fatal(err)
		}
		if first != nil && !bytes.Equal(first, token) {
			t.Error("a payer that starts again has another token")
		}
		first = token
		if strings.Contains(out.String(), strings.TrimSpace(string(token))) {
			t.Error("the token is logged")
		}
	}
	if facts, err := os.Stat(filepath.Join(dir, "token")); err != nil || facts.Mode().Perm() != 0o600 {
		t.Errorf("the token's file may be read by others: %v %v", facts.Mode(), err)
	}
}
