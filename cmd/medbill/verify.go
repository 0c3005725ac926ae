package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"medbill/billing"
)

// verifyCommand is `medbill verify`.
type verifyCommand struct {
	place
}

// Run looks at every tenant, prints what is wrong, and fails where anything is.
func (c verifyCommand) Run(ctx context.Context, out streams) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tenants, err := db.Tenants(ctx)
	if err != nil {
		return err
	}
	office, breaches := billing.New(db, logger(out, slog.LevelWarn)), 0
	for _, tenant := range tenants {
		verified, err := office.Verify(ctx, tenant, func(b billing.Breach) {
			breaches++
			fmt.Fprintln(out.out, b)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(out.out, "tenant %s: %d documents, %d journal entries\n", tenant, verified.Documents, verified.Entries)
	}
	if breaches > 0 {
		return fmt.Errorf("%d breaches", breaches)
	}
	if len(tenants) == 0 {
		return errors.New("the database has no tenant: nothing was verified")
	}
	fmt.Fprintln(out.out, "clean")
	return nil
}
