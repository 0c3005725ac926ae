package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"medbill/internal/store/storetest"
)

// The commands of the page on backup and restore are run as they stand, beside a server that works.
func TestThePageOnBackupAndRestoreHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the binary; run without -short")
	}
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, part, _ := strings.Cut(string(page), "\n## Backup and restore\n")
	part, _, _ = strings.Cut(part, "\n## ")
	blocks := regexp.MustCompile("(?s)```bash\n(.*?)```").FindAllStringSubmatch(part, -1)
	if len(blocks) != len(storetest.Databases) {
		t.Fatalf("the page has %d blocks of commands, want one for each database", len(blocks))
	}
	binary := built(t)
	for i, name := range storetest.Databases {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
			defer cancel()
			url, dir := storetest.URL(t, name), t.TempDir()
			env := []string{"PATH=" + filepath.Dir(binary) + ":" + os.Getenv("PATH")}
			if name == "postgres" {
				if _, err := exec.LookPath("pg_dump"); err != nil {
					fmt.Println("SKIPPED", t.Name()+": pg_dump is not installed")
					t.SkipNow()
				}
				env = append(env, "SOURCE="+url, "EMPTY="+storetest.BareURL(t, name))
			} else {
				env = append(env, "DATA="+filepath.Dir(strings.TrimPrefix(url, "sqlite://")), "COPY="+filepath.Join(dir, "copy"))
			}
			played, out := demo(ctx, binary, dir, url)
			if err := played.Run(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			served(ctx, t, demoCommand{Data: dir, Database: url, Addr: "127.0.0.1:0"})
			cmd := exec.CommandContext(ctx, "sh", "-e", "-c", blocks[i][1])
			cmd.Dir, cmd.Env = dir, env
			text, err := cmd.CombinedOutput()
			if err != nil || !strings.HasSuffix(string(text), "7 journal entries\nclean\n") {
				t.Errorf("%v\n%s", err, text)
			}
		})
	}
}

// A copy goes over no other one.
func TestABackupGoesOverNothing(t *testing.T) {
	url, dir := storetest.URL(t, "sqlite"), filepath.Join(t.TempDir(), "copy")
	var out bytes.Buffer
	args := []string{"backup", "--database", url, "--to", dir}
	if err := run(t.Context(), args, &out, &out); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), args, &out, &out); err == nil || !strings.Contains(explain(err), "has a database already") {
		t.Errorf("the second copy into the same folder gives %v", err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "medbill.db"): 0o600, filepath.Join(dir, "medbill-audit.db"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s is for others too: %v, %v", path, info, err)
		}
	}
}
