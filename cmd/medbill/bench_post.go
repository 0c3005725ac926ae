package main

import (
	"context"
	"errors"

	"medbill/cmd/medbill/bench"
)

// benchPostCommand is `medbill bench post`.
type benchPostCommand struct {
	benchBases
	Clients int `help:"Number of clients." default:"8"`
	Answers int `help:"Answers of each round." default:"600"`
}

// Run measures the posting on each database and prints a table.
func (c benchPostCommand) Run(ctx context.Context, out streams) error {
	return c.engines(ctx, out, nil, func(engine bench.Engine, r report) (err error) {
		defer func() { err = errors.Join(err, engine.Remove(bench.PostNames...)) }()
		return bench.Post{
			Engine: engine, Clients: c.Clients, Answers: c.Answers, Rounds: c.Rounds, Say: r.phase.say, Tell: r.tell, Show: r.show,
		}.Measure(ctx)
	})
}
