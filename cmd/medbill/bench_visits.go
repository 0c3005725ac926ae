package main

import (
	"context"

	"medbill/cmd/medbill/bench"
	"medbill/internal/store/bare"
)

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
	return c.each(ctx, out, settings, func(sides []*bench.Side, plain *bare.DB, r report) error {
		return bench.Visits{
			Clients: c.Clients, Span: c.Span, Rounds: c.Rounds, Prepared: c.Prepared, Fresh: c.Fresh, Profile: c.profile(),
			Bare: plain, Say: r.phase.say, Show: r.show,
		}.Measure(ctx, sides)
	})
}
