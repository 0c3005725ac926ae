package main

import (
	"context"

	"medbill/cmd/medbill/bench"
	"medbill/internal/store/bare"
)

// benchOperations are the flags of measurements of operations that clients repeat.
type benchOperations struct {
	Clients []int  `help:"Numbers of clients." default:"8"`
	Match   string `help:"Only operations whose name contains this." placeholder:"TEXT"`
}

func (o benchOperations) load(b benched, r report) bench.Load {
	return bench.Load{Clients: o.Clients, Span: b.Span, Rounds: b.Rounds, Match: o.Match, Profile: b.profile(), Say: r.phase.say, Show: r.show}
}

// benchFHIRCommand is `medbill bench fhir`.
type benchFHIRCommand struct {
	benched
	benchOperations
	Patients int `help:"Patients that each database holds beforehand, with 20 Encounters each." default:"500"`
}

// Run measures each operation on each database and prints a table.
func (c benchFHIRCommand) Run(ctx context.Context, out streams) error {
	return c.each(ctx, out, nil, func(sides []*bench.Side, plain *bare.DB, r report) error {
		return bench.FHIR{Load: c.load(c.benched, r), Bare: plain, Patients: c.Patients}.Measure(ctx, sides)
	})
}

// benchGraphQLCommand is `medbill bench graphql`.
type benchGraphQLCommand struct {
	benched
	benchOperations
}

// Run measures each query on each database and prints a table.
func (c benchGraphQLCommand) Run(ctx context.Context, out streams) error {
	return c.each(ctx, out, nil, func(sides []*bench.Side, plain *bare.DB, r report) error {
		return bench.GraphQL{Load: c.load(c.benched, r), Bare: plain}.Measure(ctx, sides)
	})
}

// benchSortsCommand is `medbill bench sorts`.
type benchSortsCommand struct {
	benched
	benchOperations
	Documents int `help:"Claims that each database holds beforehand, and as many Encounters." default:"60000"`
}

// Run measures each search on each database and prints a table.
func (c benchSortsCommand) Run(ctx context.Context, out streams) error {
	return c.each(ctx, out, nil, func(sides []*bench.Side, plain *bare.DB, r report) error {
		return bench.Sorts{Load: c.load(c.benched, r), Bare: plain, Documents: c.Documents, Count: r.phase.count}.Measure(ctx, sides)
	})
}
