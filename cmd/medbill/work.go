package main

import (
	"context"
	"log/slog"

	"medbill/billing"
)

// workCommand is `medbill work`.
type workCommand struct {
	place
	keep
	calls
}

// Run takes jobs until ctx ends, then lets those under way finish.
func (c workCommand) Run(ctx context.Context, out streams) error {
	if err := c.into(c.settings()).CheckWork(); err != nil {
		return err
	}
	payers, err := c.book()
	if err != nil {
		return err
	}
	log := logger(out, slog.LevelInfo)
	db, err := c.open(ctx, out, false)
	if err != nil {
		return err
	}
	s := &server{log: log, db: db, office: billing.New(db, log).Calling(payers)}
	stop, err := db.Work(ctx, c.shift(s.office), log)
	if err != nil {
		_ = db.Close()
		return err
	}
	s.ends = append(s.ends, stop)
	log.Info("working")
	return s.until(ctx)
}
