package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	self, err := os.Executable()
	if err != nil {
		return err
	}
	server, err := bench.Serve(ctx, self, dir, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
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
		Base: server.Base, Attacked: token("quiet", "reader"), Attacks: []string{token("loud", "one"), token("loud", "other")}, Span: c.Span, Match: c.Match,
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
