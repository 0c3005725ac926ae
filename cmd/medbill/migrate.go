package main

import (
	"context"
	"errors"
	"log/slog"

	"medbill/internal/store"
)

// migrateCommand is `medbill migrate`.
type migrateCommand struct {
	place
	Distribute bool `help:"Then spread the tables over the machines of a Citus cluster, by tenant. It may be broken off and run again."`
}

// Run brings the schema up to date.
func (c migrateCommand) Run(ctx context.Context, out streams) error {
	check, migrate := c.settings().CheckData, (*store.DB).Migrate
	if c.Distribute {
		check, migrate = c.settings().CheckDistribute, (*store.DB).Distribute
	}
	if err := check(); err != nil {
		return err
	}
	logger(out, slog.LevelInfo)
	db, err := c.open(ctx, out, false)
	if err != nil {
		return err
	}
	out.tell("bringing its schema up to this version")
	return errors.Join(migrate(db, ctx), db.Close())
}
