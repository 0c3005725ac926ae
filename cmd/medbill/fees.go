package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"medbill/billing"
	"medbill/billing/rules/charge"
	"medbill/internal/auth"
	"medbill/models"
)

// feesCommand is `medbill fees`.
type feesCommand struct {
	Load feesLoadCommand `cmd:"" help:"Replace a fee schedule by the lines of a CSV file: code,system,modifiers,payer,from,until,amount."`
}

type feesLoadCommand struct {
	place
	Tenant string `help:"Tenant whose fee schedule it is." required:""`
	Name   string `help:"Name of the schedule; the file's name without it." placeholder:"NAME"`
	File   string `arg:"" help:"The file." type:"existingfile"`
}

// Run loads the file in one transaction.
func (c feesLoadCommand) Run(ctx context.Context, out streams) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	prices, err := charge.ReadCSV(file)
	if err != nil {
		return err
	}
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	name := c.Name
	if name == "" {
		name = filepath.Base(c.File)
	}
	if err := billing.New(db, logger(out, slog.LevelWarn)).LoadFees(ctx, operator(c.Tenant), name, prices); err != nil {
		return err
	}
	fmt.Fprintf(out.out, "%d prices\n", len(prices))
	return nil
}

// operator is whoever may run commands beside the data: an administrator of every tenant.
func operator(tenant string) auth.Principal {
	return auth.Principal{Tenant: models.TenantID(tenant), Subject: "operator", Scopes: auth.ParseScopes("system/*.cruds operation/*")}
}
