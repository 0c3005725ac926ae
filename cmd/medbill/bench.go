package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"medbill/cmd/medbill/bench"
	"medbill/internal/store/throwaway"
)

// benchCommand is `medbill bench`.
type benchCommand struct {
	Visits benchVisitsCommand `cmd:"" help:"Measure the whole job: a visit pushed, its claim made, sent and answered, its invoice issued and paid."`
}

// benched are the flags of every measurement.
type benched struct {
	Span     time.Duration `help:"Length of each round." default:"5s"`
	Rounds   int           `help:"Rounds; where two binaries are measured, they take turns." default:"3"`
	Only     string        `help:"sqlite or postgres alone." enum:"sqlite,postgres,both" default:"both"`
	Postgres string        `help:"PostgreSQL server on which databases may be made; a throwaway one without it." placeholder:"URL"`
	Binary   string        `help:"Measure this medbill in place of the one that runs." placeholder:"FILE" type:"existingfile"`
	Against  string        `help:"Measure this medbill too, under the same load." placeholder:"FILE" type:"existingfile"`
}

// sideNames are what tables call the two binaries; their databases are called so too.
const (
	sideThis    = "this"
	sideAgainst = "against"
)

// each runs a measurement on each database, with a server for each binary on databases of their own.
func (b benched) each(ctx context.Context, out streams, settings []string, do func(sides []*bench.Side) error) error {
	dir, err := os.MkdirTemp("", "medbill-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if b.Only != "postgres" {
		if err := b.on(ctx, bench.SQLite(dir), do); err != nil {
			return err
		}
	}
	if b.Only == "sqlite" {
		return nil
	}
	cluster, err := b.cluster(settings)
	if errors.Is(err, throwaway.ErrNoPostgres) {
		fmt.Fprintln(out.out, "PostgreSQL skipped: no server is given and none is installed")
		return nil
	}
	if err != nil {
		return err
	}
	defer cluster.Stop()
	return b.on(ctx, bench.Postgres(dir, cluster), do)
}

func (b benched) cluster(settings []string) (*throwaway.Cluster, error) {
	if b.Postgres != "" {
		return throwaway.At(b.Postgres), nil
	}
	return throwaway.Start(true, settings...)
}

// on starts the servers on one kind of database and stops them.
func (b benched) on(ctx context.Context, engine bench.Engine, do func(sides []*bench.Side) error) (err error) {
	binary := b.Binary
	if binary == "" {
		if binary, err = os.Executable(); err != nil {
			return err
		}
	}
	var sides []*bench.Side
	defer func() {
		for _, s := range sides {
			err = errors.Join(err, s.Stop())
		}
	}()
	for _, start := range [][2]string{{sideThis, binary}, {sideAgainst, b.Against}} {
		if start[1] == "" {
			continue
		}
		s, err := bench.Start(ctx, engine, start[0], start[1])
		if err != nil {
			return err
		}
		sides = append(sides, s)
	}
	return do(sides)
}

// benchVisitsCommand is `medbill bench visits`.
type benchVisitsCommand struct {
	benched
	Clients  int   `help:"Number of clients." default:"8"`
	Prepared int64 `help:"Visits that each database holds beforehand." default:"200"`
	Fresh    bool  `help:"Measure a new tenant in a database whose statistics know nothing of it, and which does not renew them."`
}

// Run measures the whole job on each database and prints a table.
func (c benchVisitsCommand) Run(ctx context.Context, out streams) error {
	var settings []string
	if c.Fresh {
		settings = append(settings, "autovacuum=off")
	}
	table := newTable(out.out, "database", "binary", "clients", "visits/s", "median", "99 %", "CPU server", "CPU database", "statements", "disk", "memory")
	return c.each(ctx, out, settings, func(sides []*bench.Side) error {
		rows, err := bench.Visits{
			Clients: c.Clients, Span: c.Span, Rounds: c.Rounds, Prepared: c.Prepared, Fresh: c.Fresh,
			Say: func(text string) { fmt.Fprintln(out.err, text) },
		}.Measure(ctx, sides)
		if err != nil {
			return err
		}
		for _, r := range rows {
			table.row(r.Engine, r.Side, r.Clients, decimal(r.Rate(), 1), rough(r.Median), rough(r.Slowest99), each(r.Used.Server, r), each(r.Used.Database, r),
				decimal(float64(r.Used.Statements)/float64(r.Done), 1), kilobytes(r.Used.Disk/r.Done), megabytes(r.Used.Peak))
		}
		if len(rows) == 2 {
			table.row(rows[0].Engine, "ratio", "", decimal(rows[0].Rate()/rows[1].Rate(), 2))
		}
		return nil
	})
}

// each gives what one operation used of a time.
func each(d time.Duration, r bench.Row) string {
	if d == 0 {
		return "-"
	}
	return rough(d / time.Duration(max(r.Done, 1))).String()
}
