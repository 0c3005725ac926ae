package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"medbill/internal/build"
)

// said runs a command line in this process and gives what it prints or why it refuses.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	err := run(context.Background(), args, &out, &out)
	if err != nil {
		return out.String() + explain(err)
	}
	return out.String()
}

func TestEverySettingThatIsWrongIsNamedAtOnce(t *testing.T) {
	t.Setenv("MEDBILL_ADDR", "nonsense")
	got := said(t, "serve", "--data", t.TempDir(), "--database", "mysql://secret-user:secret-word@host/x", "--keep-audit-days=-1")
	for _, want := range []string{"--keep-audit-days (MEDBILL_KEEP_AUDIT_DAYS)", "--addr (MEDBILL_ADDR)", "--issuer", "--audience", "--jwks", "--database"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not named in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "secret") {
		t.Errorf("the password is printed:\n%s", got)
	}
}

func TestTheCommandLineSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct {
		name, want string
		args       []string
	}{
		{"a token without development keys", "medbill serve --dev", []string{"token", "--data", dir, "--tenant", "t", "--role", "ehr"}},
		{"workers beside SQLite", "medbill serve", []string{"work", "--data", dir}},
		{"a time zone that is none", "IANA", []string{"tenant", "t", "--data", dir, "--time-zone", "Mars/Phobos"}},
		{"a tenant", "due days 14", []string{"tenant", "t", "--data", dir, "--due-days", "14"}},
		{"a tenant keeps what is not given", "due days 14, self-pay hours 24, review share 0, write-off max 0, closed through \"\", auto-submit true", []string{"tenant", "t", "--data", dir, "--auto-submit"}},
		{"verify of an empty practice", "clean", []string{"verify", "--data", dir}},
		{"a role that is none", "frontdesk", []string{"token", "--data", dir, "--tenant", "t", "--role", "root"}},
		{"a tenant that no token could name", "1 to 64 letters, digits and hyphens", []string{"tenant", "bad name!", "--data", dir}},
		{"a token for it", "1 to 64 letters, digits and hyphens", []string{"token", "--data", dir, "--tenant", "bad name!", "--role", "ehr"}},
		{"its schedules", "1 to 64 letters, digits and hyphens", []string{"fees", "list", "--data", dir, "--tenant", "bad name!"}},
		{"its books", "1 to 64 letters, digits and hyphens", []string{"verify", "--data", dir, "--tenant", "t", "--tenant", "bad name!"}},
		{"the schedules of a tenant that nobody made", "medbill tenant", []string{"fees", "list", "--data", dir, "--tenant", "typo"}},
		{"a flag of another program", "unknown flag --port; write --addr 127.0.0.1:8080", []string{"serve", "--port", "8080"}},
		{"a flag of another program, with its value", "write --database postgres://", []string{"verify", "--db=x"}},
		{"a flag of another program that the command lacks", "unknown flag --db", []string{"token", "--db", "x"}},
		{"a misspelt flag", "did you mean \"--database\"?\n'medbill verify --help' lists what there is", []string{"verify", "--databse", "x"}},
		{"a command that is none", "'medbill --help' lists", []string{"migrat"}},
		{"a flag of a command's command", "'medbill fees load --help' lists", []string{"fees", "load", "--nonsense"}},
		{"no schedule", "no fee schedule of tenant t was loaded yet", []string{"fees", "list", "--data", dir, "--tenant", "t"}},
		{"a file that is no database", "no SQLite database", []string{"verify", "--data", dir, "--database", "sqlite:" + feeFile(t, "")}},
		{"a server that is not there", "PostgreSQL cannot be reached; start it", []string{"migrate", "--data", dir, "--database", "postgres://127.0.0.1:1/x"}},
		{"the version", build.Version() + "\n", []string{"version"}},
		{"help", "Usage: medbill", []string{"--help"}},
		{"nothing", "Usage: medbill", nil},
	} {
		if got := said(t, row.args...); !strings.Contains(got, row.want) {
			t.Errorf("%s: %q is missing in:\n%s", row.name, row.want, got)
		}
	}
}

// Each proposal is a flag of some command, so that a flag that is renamed takes its other names along.
func TestEveryOtherNameMeansAFlag(t *testing.T) {
	var c commands
	parser, err := kong.New(&c, kong.Vars{"roles": roleNames()})
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]bool{}
	for _, command := range parser.Model.Leaves(false) {
		for _, group := range command.AllFlags(false) {
			for _, flag := range group {
				ours[flag.Name] = true
			}
		}
	}
	for typed, name := range otherNames {
		if !ours[name] || ours[strings.TrimLeft(typed, "-")] {
			t.Errorf("%s is to mean --%s, which is no flag, or is a flag itself", typed, name)
		}
	}
}

func TestATokenNeedsWhoItIsLimitedTo(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	s, _ := served(ctx, t, demoCommand{Data: dir, Addr: "127.0.0.1:0"})
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for role, want := range map[string]string{"payer": "organization", "patient": "patient", "admin": "ey"} {
		if got := said(t, "token", "--data", dir, "--tenant", "demo", "--role", role); !strings.Contains(got, want) {
			t.Errorf("role %s: %q is missing in:\n%s", role, want, got)
		}
	}
}

// TestABinaryKnowsItsVersion builds what is committed, as whoever installs medbill does: Go writes the commit into no test and
// into nothing that lies in a linked worktree.
func TestABinaryKnowsItsVersion(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary; run without -short")
	}
	commit, err := exec.CommandContext(t.Context(), "git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		fmt.Println("SKIPPED", t.Name()+": the source is in no git repository")
		t.SkipNow()
	}
	clone, binary := filepath.Join(t.TempDir(), "medbill"), filepath.Join(t.TempDir(), "medbill")
	if out, err := exec.CommandContext(t.Context(), "git", "clone", "--quiet", "--shared", filepath.Join("..", ".."), clone).CombinedOutput(); err != nil {
		t.Fatalf("git clone: %v\n%s", err, out)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=true", "-trimpath", "-o", binary, "./cmd/medbill")
	build.Dir = clone
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), binary, "version").CombinedOutput()
	if err != nil || !strings.Contains(string(out), strings.TrimSpace(string(commit))) {
		t.Errorf("version: %v\n%s, want one of commit %s", err, out, commit)
	}
}

// TestAReleaseIsWhatItsBuilderSays builds as a packager does, who has the files of a release without their history.
func TestAReleaseIsWhatItsBuilderSays(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary; run without -short")
	}
	binary := filepath.Join(t.TempDir(), "medbill")
	args := []string{"build", "-ldflags", "-s -w -X medbill/internal/build.release=v9.8.7", "-o", binary, "."}
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), binary, "version").CombinedOutput(); err != nil || string(out) != "v9.8.7\n" {
		t.Errorf("version: %v\n%s, want v9.8.7", err, out)
	}
}

func TestAStoppedServerLetsItsWorkFinish(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a process; run without -short")
	}
	binary, dir := built(t), t.TempDir()
	cmd := exec.CommandContext(t.Context(), binary, "demo", "--addr", "127.0.0.1:0", "--data", dir)
	var out lockedBuffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := 600; !strings.Contains(out.String(), "Ctrl-C") && deadline > 0; deadline-- {
		time.Sleep(50 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("stopped by SIGTERM it ends with %v:\n%s", err, out.String())
	}
	if got := said(t, "verify", "--data", dir); !strings.HasSuffix(got, "clean\n") {
		t.Errorf("verify: %s", got)
	}
}

func TestATenantThatIsRefusedLeavesNoDataFolder(t *testing.T) {
	for _, args := range [][]string{{"bad name!"}, {"t", "--time-zone", "Mars/Phobos"}, {"t", "--connection", "acme=folder"}} {
		dir := filepath.Join(t.TempDir(), "data")
		if got := said(t, append([]string{"tenant", "--data", dir}, args...)...); strings.Contains(got, "due days") {
			t.Errorf("%v is made: %s", args, got)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%v: the data folder was made", args)
		}
	}
}
