package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"medbill/cmd/medbill/bench"
	"medbill/internal/store/bare"
	"medbill/internal/store/throwaway"
)

// benchCommand is `medbill bench`.
type benchCommand struct {
	Visits  benchVisitsCommand  `cmd:"" help:"Measure the whole job: a visit pushed, its claim made, sent and answered, its invoice issued and paid."`
	FHIR    benchFHIRCommand    `cmd:"" name:"fhir" help:"Measure reads, writes, searches and transactions of FHIR."`
	GraphQL benchGraphQLCommand `cmd:"" name:"graphql" help:"Measure a patient with visits and claims, and a page of claims."`
	Post    benchPostCommand    `cmd:"" help:"Measure the posting of payers' answers."`
	Scrub   benchScrubCommand   `cmd:"" help:"Measure the rules that check a claim before it is sent."`
	Sorts   benchSortsCommand   `cmd:"" help:"Measure searches that order and count many documents."`
}

// benchBases are the flags of every measurement beside bare SQL.
type benchBases struct {
	Rounds   int    `help:"Rounds, in which medbill and bare SQL take turns." default:"3"`
	Only     string `help:"sqlite or postgres alone." enum:"sqlite,postgres,both" default:"both"`
	Postgres string `help:"PostgreSQL server on which databases may be made; a throwaway one without it." placeholder:"URL"`
}

// benched are the flags of every measurement of servers.
type benched struct {
	benchBases
	Span    time.Duration `help:"Length of each round." default:"2s"`
	Binary  string        `help:"Measure this medbill in place of the one that runs." placeholder:"FILE" type:"existingfile"`
	Profile string        `help:"Write profiles of the server and the statements of PostgreSQL into this folder." placeholder:"DIR" type:"existingdir"`
	Against string        `help:"Measure this medbill too, under the same load." placeholder:"FILE" type:"existingfile"`
}

// What tables call the two binaries; their databases are called so too.
const (
	sideThis    = "this"
	sideAgainst = "against"
)

func (b benched) profile() bench.Profile { return bench.Profile{Dir: b.Profile} }

// measurement prepares servers and bare SQL, measures, and reports.
type measurement func(sides []*bench.Side, plain *bare.DB, r report) error

// each runs a measurement on each database, with a server for each binary, all on databases of their own. PostgreSQL is started
// with settings.
func (b benched) each(ctx context.Context, out streams, settings []string, do measurement) error {
	return b.engines(ctx, out, append(settings, b.profile().PostgresSettings()...), func(engine bench.Engine, r report) error {
		return b.on(ctx, engine, r, do)
	})
}

// engines runs a measurement on each kind of database. PostgreSQL is started with settings.
func (b benchBases) engines(ctx context.Context, out streams, settings []string, do func(bench.Engine, report) error) error {
	logger(out, slog.LevelError)
	dir, err := os.MkdirTemp("", "medbill-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	r := newReport(out)
	defer r.phase.clear()
	if b.Only != "postgres" {
		if err := do(bench.SQLite(dir), r); err != nil {
			return err
		}
	}
	if b.Only == "sqlite" {
		return nil
	}
	cluster, err := b.cluster(settings)
	if errors.Is(err, throwaway.ErrNoPostgres) {
		r.phase.clear()
		fmt.Fprintln(out.out, "PostgreSQL skipped: no server is given and none is installed")
		return nil
	}
	if err != nil {
		return err
	}
	defer cluster.Stop()
	return do(bench.Postgres(dir, cluster), r)
}

func (b benchBases) cluster(settings []string) (*throwaway.Cluster, error) {
	if b.Postgres != "" {
		return throwaway.At(b.Postgres), nil
	}
	return throwaway.Start(true, settings...)
}

// on starts the servers on one kind of database and stops them.
func (b benched) on(ctx context.Context, engine bench.Engine, r report, do measurement) (err error) {
	binary := b.Binary
	if binary == "" {
		if binary, err = os.Executable(); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, engine.Remove(bench.PlainName, sideThis, sideAgainst)) }()
	plain, err := bench.Plain(ctx, engine)
	if err != nil {
		return err
	}
	defer plain.Close()
	var sides []*bench.Side
	defer func() {
		for _, s := range sides {
			err = errors.Join(err, s.Stop())
		}
	}()
	for _, start := range []struct {
		label, binary string
		profile       bench.Profile
	}{{sideThis, binary, b.profile()}, {sideAgainst, b.Against, bench.Profile{}}} {
		if start.binary == "" {
			continue
		}
		s, err := bench.Start(ctx, engine, start.label, start.binary, start.profile)
		if err != nil {
			return err
		}
		sides = append(sides, s)
	}
	return do(sides, plain, r)
}
