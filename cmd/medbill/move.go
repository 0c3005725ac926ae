package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"

	"medbill/billing"
	"medbill/internal/config"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/internal/store/move"
	"medbill/models"
)

// moveCommand is `medbill move`.
type moveCommand struct {
	From   string       `help:"Database URL of the source, which stays as it is: sqlite:///path or postgres://user@host/name." placeholder:"URL" required:""`
	To     string       `help:"Database URL of the target; its schema is made." placeholder:"URL" required:""`
	Tenant []tenantName `help:"Tenants to move; all without it." placeholder:"ID"`
}

// Run moves the tenants one after the other and ends in verify on both sides. It may be run again after it was broken off.
func (c moveCommand) Run(ctx context.Context, out streams) (err error) {
	if c.From == c.To {
		return errors.New("the source and the target are the same database")
	}
	var sides [2]*store.DB
	for i, url := range []string{c.From, c.To} {
		if sides[i], err = c.open(ctx, out, url, i == 1); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, sides[i].Close()) }()
	}
	asked, err := verifyCommand{Tenant: c.Tenant}.tenants(ctx, sides[0])
	if err != nil {
		return err
	}
	if err := move.Bases(ctx, sides[0], sides[1]); err != nil {
		return err
	}
	for _, tenant := range asked {
		if err := c.tenant(ctx, out, sides, tenant); err != nil {
			return fmt.Errorf("tenant %s: %w", tenant, err)
		}
	}
	fmt.Fprintln(out.out, "moved; serve the target from now on, and the source no more")
	return nil
}

// open opens one side for this process alone.
func (c moveCommand) open(ctx context.Context, out streams, url string, isNew bool) (*store.DB, error) {
	database, err := config.ParseDatabase(url)
	if err != nil {
		return nil, fmt.Errorf("a database URL cannot be used: %w", err)
	}
	if _, err := os.Stat(database.Path); err != nil && database.Kind == config.DatabaseSQLite && !isNew {
		return nil, errNoDatabase
	}
	out.tell("opening the database " + database.String())
	db, err := store.Open(ctx, store.Config{URL: databaseURL(database)})
	if err != nil {
		return nil, err
	}
	has := isNew
	if !isNew {
		has, err = db.HasSchema(ctx)
	}
	if err == nil && !has {
		err = errNoDatabase
	}
	if err == nil {
		err = db.Alone(ctx)
	}
	if err == nil {
		err = db.Migrate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// tenant moves one tenant and holds both sides against each other.
func (c moveCommand) tenant(ctx context.Context, out streams, sides [2]*store.DB, tenant models.TenantID) error {
	bar := out.progressOf("moving "+string(tenant), "rows")
	rows, err := move.Tenant(ctx, sides[0], sides[1], tenant, bar.at)
	bar.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(out.out, "tenant %s: %d rows are in the target\n", tenant, rows)
	var seen [2]billing.Verified
	var balances [2]models.Balances
	for i, db := range sides {
		breaches := 0
		if seen[i], breaches, err = verify(ctx, out, billing.New(db, logger(out, slog.LevelWarn)), tenant, nil); err != nil {
			return err
		}
		if breaches > 0 {
			return fmt.Errorf("%d breaches in the %s", breaches, []string{"source", "target"}[i])
		}
		err := db.As(models.Actor{Tenant: tenant, Subject: "move"}).Snapshot(ctx, func(v *store.View) (err error) {
			balances[i], err = journal.Balances(v)
			return err
		})
		if err != nil {
			return err
		}
	}
	if seen[0] != seen[1] || !maps.Equal(balances[0], balances[1]) {
		return errors.New("the counts or the balances of the two sides differ")
	}
	return nil
}
