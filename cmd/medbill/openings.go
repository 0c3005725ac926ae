package main

import (
	"context"
	"fmt"
	"os"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/openings"
)

// openingsCommand is `medbill open-balances`.
type openingsCommand struct {
	feesPlace
	DryRun bool   `help:"Say what would come of it, and change nothing."`
	File   string `arg:"" help:"The file: patient,payer,coverage,number,payer_number,service_date,system,code,amount." type:"existingfile"`
}

// Run takes the file over in one transaction.
func (c openingsCommand) Run(ctx context.Context, out streams) error {
	content, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	file, err := openings.ReadCSV(content)
	if err != nil {
		fmt.Fprintf(out.err, "%s is wrong, and nothing is taken over\n", c.File)
		return err
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		done, err := office.OpenBalances(ctx, p, billing.Call{DryRun: c.DryRun}, file)
		if err != nil {
			fmt.Fprintf(out.err, "%s is wrong, and nothing is taken over\n", c.File)
			return err
		}
		taken := "taken over"
		if c.DryRun {
			taken = "would be taken over"
		}
		fmt.Fprintf(out.out, "%d balances of %s %s, %d known before\n", done.Result.Opened, done.Result.Amount, taken, done.Result.Known)
		return nil
	})
}
