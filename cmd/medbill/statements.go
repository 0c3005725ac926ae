package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"medbill/billing"
	"medbill/billing/rules/statement"
	"medbill/internal/auth"
)

// statementsCommand is `medbill statements`.
type statementsCommand struct {
	feesPlace
	DryRun bool `help:"Say what would be sent, and send nothing."`
}

// Run sends the statements that are due today, beside a server that may be running, and says why others got none.
func (c statementsCommand) Run(ctx context.Context, out streams) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		bar := out.progressOf("tenant "+string(c.Tenant), "guarantors")
		defer bar.end()
		done, err := office.RunStatements(ctx, p, billing.Call{DryRun: c.DryRun}, bar.at)
		if err != nil && done.Guarantors == 0 {
			return err
		}
		sent := "sent"
		if c.DryRun {
			sent = "to be sent"
		}
		bar.print(out.out, fmt.Sprintf("%d of %d guarantors: statements over %s %s", done.Sent, done.Guarantors, done.Amount, sent))
		for _, skip := range statement.Skips() {
			if n := done.Skipped[skip]; n > 0 {
				fmt.Fprintf(out.out, "  %d %s\n", n, skip)
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(done.Held)) {
			fmt.Fprintf(out.out, "  %d held for %s\n", done.Held[kind], kind)
		}
		if done.Broken > 0 {
			fmt.Fprintf(out.out, "  %d payment plans are broken\n", done.Broken)
		}
		return err // what was sent before it stays sent
	})
}
