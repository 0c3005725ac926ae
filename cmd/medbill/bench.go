package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/pprof"
	"time"

	"medbill/cmd/medbill/bench"
	"medbill/internal/store"
	"medbill/internal/store/bare"
	"medbill/internal/store/throwaway"
)

// benchCommand is `medbill bench`.
type benchCommand struct {
	Clients  []int         `help:"Numbers of clients." default:"1,8,32"`
	Span     time.Duration `help:"Length of each measurement." default:"2s"`
	Postgres string        `help:"PostgreSQL server on which two databases may be made; a throwaway one without it." placeholder:"URL"`
	Only     string        `help:"sqlite or postgres alone." enum:"sqlite,postgres,both" default:"both"`
	Match    string        `help:"Only operations whose name contains this." placeholder:"TEXT"`
	Profile  string        `help:"Write a CPU profile of the whole run." placeholder:"FILE"`
}

// Run measures each database and prints a table.
func (c benchCommand) Run(ctx context.Context, out streams) error {
	dir, err := os.MkdirTemp("", "medbill-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if c.Profile != "" {
		file, err := os.Create(c.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer func() {
			pprof.StopCPUProfile()
			_ = file.Close()
		}()
	}
	fmt.Fprintf(out.out, "%-9s %-20s %7s %12s %12s %7s %9s %9s\n", "database", "operation", "clients", "medbill/s", "bare SQL/s", "ratio", "median", "99 %")
	if c.Only != "postgres" {
		urls := [2]string{"sqlite://" + filepath.Join(dir, "server", "medbill.db"), "sqlite://" + filepath.Join(dir, "bare", "medbill.db")}
		if err := c.measure(ctx, out, "sqlite", dir, urls); err != nil {
			return err
		}
	}
	if c.Only == "sqlite" {
		return nil
	}
	cluster, err := c.cluster()
	if errors.Is(err, throwaway.ErrNoPostgres) {
		fmt.Fprintln(out.out, "PostgreSQL skipped: no server is given and none is installed")
		return nil
	}
	if err != nil {
		return err
	}
	defer cluster.Stop()
	var urls [2]string
	for i, name := range []string{"medbill_bench_server", "medbill_bench_bare"} {
		if err := errors.Join(cluster.Exec("DROP DATABASE IF EXISTS "+name), cluster.Exec("CREATE DATABASE "+name)); err != nil {
			return err
		}
		urls[i] = cluster.URL(name)
	}
	return c.measure(ctx, out, "postgres", dir, urls)
}

func (c benchCommand) cluster() (*throwaway.Cluster, error) {
	if c.Postgres != "" {
		return throwaway.At(c.Postgres), nil
	}
	return throwaway.Start(true)
}

// measure runs a server on the first database and bare SQL on the second.
func (c benchCommand) measure(ctx context.Context, out streams, name, dir string, urls [2]string) (err error) {
	if err := migrated(ctx, urls[1]); err != nil {
		return err
	}
	plain, err := bare.Open(ctx, urls[1], "bare", benchConnections)
	if err != nil {
		return err
	}
	defer plain.Close()
	serve := serveCommand{place: place{Data: filepath.Join(dir, name), Database: urls[0]}, Addr: "127.0.0.1:0", Dev: true}
	s, err := serve.start(ctx, streams{}, logger(out, slog.LevelError))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	served, err := bare.Open(ctx, urls[0], "bench", 1)
	if err != nil {
		return err
	}
	defer served.Close()
	admin, err := tokenCommand{Tenant: "bench", Role: "admin", TTL: time.Hour}.sign(s.keys)
	if err != nil {
		return err
	}
	payer, err := tokenCommand{Tenant: "bench", Role: "payer", Organization: "bench-payer", TTL: time.Hour}.sign(s.keys)
	if err != nil {
		return err
	}
	rows, err := bench.Run(ctx, bench.Options{
		Base: s.base, Token: admin, Payer: payer, Bare: plain, Rows: served, Clients: c.Clients, Span: c.Span, Match: c.Match,
		Progress: func(text string) { fmt.Fprintf(out.err, "%s: %s\n", name, text) },
	})
	for _, r := range rows {
		fmt.Fprintf(out.out, "%-9s %-20s %7d %12.0f %12.0f %7.2f %9s %9s\n", name, r.Operation, r.Clients, r.Server, r.Bare, r.Server/r.Bare,
			r.Median.Round(10*time.Microsecond), r.Slowest99.Round(10*time.Microsecond))
	}
	return err
}

const benchConnections = 32

func migrated(ctx context.Context, url string) error {
	db, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}
