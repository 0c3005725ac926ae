package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/contracts"
	"medbill/models"
)

// contractsCommand is `medbill contracts`.
type contractsCommand struct {
	Load contractsLoadCommand `cmd:"" help:"Load CSV files of contracts with payers, or of their rates."`
	List contractsListCommand `cmd:"" help:"List the contracts, and with --contract the rates of one."`
}

type contractsLoadCommand struct {
	feesPlace
	Files []string `arg:"" help:"The files, in this order; the first line says which each is." type:"existingfile"`
}

// Run loads each file in one transaction.
func (c contractsLoadCommand) Run(ctx context.Context, out streams) error {
	files := make([]contracts.File, len(c.Files))
	for i, path := range c.Files {
		var err error
		if files[i], err = readContracts(path); err != nil {
			fmt.Fprintf(out.err, "%s is wrong, and nothing is loaded\n", path)
			return err
		}
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		for i, file := range files {
			loaded, err := office.LoadContracts(ctx, p, billing.Call{}, file)
			if err != nil {
				fmt.Fprintf(out.err, "%s is not loaded, nor what comes after it\n", c.Files[i])
				return err
			}
			state := "unchanged"
			if loaded.Result.Changed {
				state = "loaded"
			}
			for _, one := range loaded.Result.Contracts {
				fmt.Fprintf(out.out, "%s %q: %d rates, %s\n", one.ID, one.Name, one.Rates, state)
			}
		}
		return nil
	})
}

func readContracts(path string) (contracts.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return contracts.File{}, err
	}
	defer func() { _ = file.Close() }()
	return contracts.ReadCSV(file)
}

type contractsListCommand struct {
	feesPlace
	Contract string `help:"One contract, with its rates." placeholder:"ID"`
	On       string `help:"Contracts and rates that hold on this day only." placeholder:"YYYY-MM-DD"`
}

// Run prints a line a contract, and a line a rate of the one that is named.
func (c contractsListCommand) Run(ctx context.Context, out streams) error {
	day, ok := models.ParseDate(c.On)
	if c.On != "" && (!ok || string(day) != c.On) {
		return fmt.Errorf("--on must be a day, written as 2026-03-02")
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		book, err := office.Contracts(ctx, p)
		if err != nil {
			return err
		}
		found := false
		for _, one := range book.Data().Contracts {
			if c.Contract != "" && c.Contract != string(one.ID) || day != "" && !one.Span().Contains(day) {
				continue
			}
			found = true
			terms, _ := book.Of(one.ID)
			fmt.Fprintf(out.out, "%s %q: payer %s, from %q until %q, %d rates\n", one.ID, one.Name, one.PayerID, one.From, one.Until, terms.Rates())
			if c.Contract != "" {
				printRates(out.out, terms.On(day))
			}
		}
		if !found {
			fmt.Fprintf(out.err, "no such contract of tenant %s is here; 'medbill contracts load' loads some\n", c.Tenant)
		}
		return nil
	})
}

func printRates(w io.Writer, rates []models.ContractRate) {
	for _, r := range rates {
		fmt.Fprintf(w, "  line %d: %s %q %s, modifiers %q, place %q, provider %q, from %q until %q\n",
			r.Sequence, r.Kind, r.Code, contracts.Decimal(r.Value, 2), strings.Join(r.Modifiers, " "), r.Place, r.Provider, r.From, r.Until)
	}
}
