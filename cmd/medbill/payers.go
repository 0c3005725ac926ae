package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/payers"
	"medbill/models"
)

// payersCommand is `medbill payers`.
type payersCommand struct {
	Load payersLoadCommand `cmd:"" help:"Load CSV files of the payer directory, of facts about what payers want, or of enrolments."`
	List payersListCommand `cmd:"" help:"List the payers, and with --payer what is known of one."`
}

type payersLoadCommand struct {
	feesPlace
	Files []string `arg:"" help:"The files, in this order; the first line says which each is." type:"existingfile"`
}

// Run loads each file in one transaction.
func (c payersLoadCommand) Run(ctx context.Context, out streams) error {
	files := make([]payers.File, len(c.Files))
	for i, path := range c.Files {
		var err error
		if files[i], err = readPayers(path); err != nil {
			fmt.Fprintf(out.err, "%s is wrong, and nothing is loaded\n", path)
			return err
		}
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		for i, file := range files {
			loaded, err := office.LoadPayers(ctx, p, billing.Call{}, file)
			if err != nil {
				fmt.Fprintf(out.err, "%s is not loaded, nor what comes after it\n", c.Files[i])
				return err
			}
			state := "unchanged"
			if loaded.Result.Changed {
				state = "loaded"
			}
			for _, one := range loaded.Result.Payers {
				fmt.Fprintf(out.out, "%s %q: %d facts, %d enrolments, %s\n", one.ID, one.Name, one.Facts, one.Enrolments, state)
			}
		}
		return nil
	})
}

func readPayers(path string) (payers.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return payers.File{}, err
	}
	defer func() { _ = file.Close() }()
	return payers.ReadCSV(file)
}

type payersListCommand struct {
	feesPlace
	Payer string `help:"One payer, or '*' for what holds for every one; with all that is known of it." placeholder:"ID"`
	On    string `help:"Facts and enrolments that hold on this day only." placeholder:"YYYY-MM-DD"`
}

// Run prints a line a payer, or a line a fact and an enrolment.
func (c payersListCommand) Run(ctx context.Context, out streams) error {
	day, ok := models.ParseDate(c.On)
	if c.On != "" && (!ok || string(day) != c.On) {
		return fmt.Errorf("--on must be a day, written as 2026-03-02")
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		book, err := office.Payers(ctx, p)
		if err != nil {
			return err
		}
		list := slices.Concat(book.Data().Payers, []models.Payer{{ID: models.EveryPayer}})
		found := false
		for _, one := range list {
			facts, enrolments := book.On(one.ID, day), book.EnrolmentsWith(one.ID, day)
			isNothing := one.ID == models.EveryPayer && len(facts) == 0 // it is no entry of the directory
			if isNothing || c.Payer != "" && c.Payer != string(one.ID) {
				continue
			}
			found = true
			fmt.Fprintf(out.out, "%s %q: %d facts, %d enrolments, takes %s\n", one.ID, one.Name, len(facts), len(enrolments), strings.Join(one.Transactions, " "))
			if c.Payer != "" {
				printFacts(out.out, facts, enrolments)
			}
		}
		if !found {
			fmt.Fprintf(out.err, "no such payer of tenant %s is known yet; 'medbill payers load' loads some\n", c.Tenant)
		}
		return nil
	})
}

func printFacts(w io.Writer, facts []models.PayerFact, enrolments []models.Enrolment) {
	for _, f := range facts {
		fmt.Fprintf(w, "  %s %q: %s, from %q until %q\n", f.Subject, f.Code, f.Value, f.From, f.Until)
	}
	for _, e := range enrolments {
		fmt.Fprintf(w, "  enrolled %s, from %q until %q\n", e.NPI, e.From, e.Until)
	}
}
