package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"medbill/cmd/medbill/bench"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/store/throwaway"
	"medbill/models"
)

// neighboursCommand is `medbill neighbours`.
type neighboursCommand struct {
	Span  time.Duration `help:"Length of each measurement." default:"5s"`
	Only  string        `help:"sqlite or postgres alone." enum:"sqlite,postgres,both" default:"both"`
	Match string        `help:"Only attacks whose name contains this." placeholder:"TEXT"`
}

// Run starts a server of its own for each database and prints how one tenant's reads fare beside another's worst.
func (c neighboursCommand) Run(ctx context.Context, out streams) error {
	dir, err := os.MkdirTemp("", "medbill-neighbours-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	fmt.Fprintf(out.out, "%-9s %-24s %10s %10s %10s %10s %6s %7s %9s %7s %8s\n", "database", "two clients of another", "quiet 50%", "99%", "beside 50%", "99%", "ratio", "reads", "answered", "turned", "MB")
	if c.Only != "postgres" {
		if err := c.measure(ctx, out, "sqlite", filepath.Join(dir, "sqlite"), "sqlite://"+filepath.Join(dir, "sqlite", "medbill.db")); err != nil {
			return err
		}
	}
	if c.Only == "sqlite" {
		return nil
	}
	cluster, err := throwaway.Start(true)
	if errors.Is(err, throwaway.ErrNoPostgres) {
		fmt.Fprintln(out.out, "PostgreSQL skipped: none is installed")
		return nil
	}
	if err != nil {
		return err
	}
	defer cluster.Stop()
	return c.measure(ctx, out, "postgres", filepath.Join(dir, "postgres"), cluster.URL("postgres"))
}

func (c neighboursCommand) measure(ctx context.Context, out streams, name, dir, url string) (err error) {
	base, stop, err := serveApart(ctx, dir, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	keys, err := auth.OpenDevKeys(dir)
	if err != nil {
		return err
	}
	token := func(tenant, subject string) string {
		now := clock.System().Now()
		claims, failed := auth.RoleClaims(auth.RoleAdmin, auth.Claims{Tenant: models.TenantID(tenant), Subject: subject, Issued: now, Expires: now.Add(time.Hour)})
		signed, unsigned := keys.Sign(claims)
		err = errors.Join(err, failed, unsigned)
		return signed
	}
	n := bench.Neighbours{
		Base: base, Attacked: token("quiet", "reader"), Attacks: []string{token("loud", "one"), token("loud", "other")}, Span: c.Span, Match: c.Match,
		Progress: func(text string) { fmt.Fprintf(out.err, "%s: %s\n", name, text) },
	}
	if err != nil {
		return err
	}
	rows, err := bench.Beside(ctx, n)
	for _, r := range rows {
		fmt.Fprintf(out.out, "%-9s %-24s %10s %10s %10s %10s %6.1f %7d %9d %7d %8.1f\n", name, r.Attack, short(r.QuietMedian), short(r.Quiet99), short(r.Median), short(r.Slowest99),
			r.Ratio(), r.Reads, r.Answered, r.Turned, float64(r.Bytes)/1e6)
	}
	return err
}

func short(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }

// serveApart starts a development server as a process of its own, so that who measures takes nothing from it but its part of
// the machine.
func serveApart(ctx context.Context, dir, url string) (base string, stop func() error, err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	server := exec.CommandContext(ctx, self, "serve", "--dev", "--addr", "127.0.0.1:0", "--data", dir, "--database", url)
	told, err := server.StderrPipe()
	if err != nil {
		return "", nil, err
	}
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() error { return errors.Join(server.Process.Signal(syscall.SIGTERM), server.Wait()) }
	lines := bufio.NewScanner(told)
	for lines.Scan() {
		var line struct{ Msg, Base string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
			go func() { _, _ = io.Copy(io.Discard, told) }() // a log that nobody reads would stop the server
			return line.Base, stop, nil
		}
	}
	return "", nil, errors.Join(errors.New("the server did not start"), stop())
}
