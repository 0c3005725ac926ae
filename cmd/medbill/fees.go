package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"medbill/billing"
	"medbill/billing/rules/charge"
	"medbill/internal/auth"
	"medbill/models"
)

// feesCommand is `medbill fees`.
type feesCommand struct {
	Load feesLoadCommand `cmd:"" help:"Load a version of a fee schedule from a CSV file: code,system,modifiers,payer,from,until,amount."`
	List feesListCommand `cmd:"" help:"List the versions of the fee schedules that were loaded."`
	End  feesEndCommand  `cmd:"" help:"End a version of a fee schedule."`
}

// feesPlace is whose schedules a command is about.
type feesPlace struct {
	place
	Tenant tenantName `help:"Tenant of whom they are." required:"" placeholder:"ID"`
}

// in runs a use case on the data, beside a server that may be running.
func (c feesPlace) in(ctx context.Context, out streams, do func(*billing.Office, auth.Principal) error) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	db, err := c.beside(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return do(billing.New(db, logger(out, slog.LevelWarn)), operator(c.Tenant))
}

type feesLoadCommand struct {
	feesPlace
	Name  string `help:"Name of the schedule, such as '2026 standard'." required:""`
	Payer string `help:"Organization whose patients it is for; everybody's without it." placeholder:"ID"`
	From  string `help:"First day. The same name and day again replace the version; another day makes the next one." placeholder:"YYYY-MM-DD"`
	Until string `help:"Last day." placeholder:"YYYY-MM-DD"`
	File  string `arg:"" help:"The file." type:"existingfile"`
}

// Run loads the file in one transaction.
func (c feesLoadCommand) Run(ctx context.Context, out streams) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	lines, err := charge.ReadCSV(file)
	if err != nil {
		return err
	}
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		s, err := office.LoadFees(ctx, p, billing.Call{}, billing.FeeLoad{
			Name: c.Name, PayerID: models.OrganizationID(c.Payer), From: models.Date(c.From), Until: models.Date(c.Until), Lines: lines,
		})
		if err != nil {
			return err
		}
		printSchedule(out.out, s.Result)
		return nil
	})
}

type feesListCommand struct{ feesPlace }

// Run prints a line per version.
func (c feesListCommand) Run(ctx context.Context, out streams) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		schedules, err := office.FeeSchedules(ctx, p)
		for _, s := range schedules {
			printSchedule(out.out, s)
		}
		if err == nil && len(schedules) == 0 {
			fmt.Fprintf(out.err, "no fee schedule of tenant %s was loaded yet; 'medbill fees load' loads one\n", c.Tenant)
		}
		return err
	})
}

type feesEndCommand struct {
	feesPlace
	Schedule string `arg:"" help:"Id of the version, as 'fees list' prints it."`
	Until    string `help:"Last day." placeholder:"YYYY-MM-DD" required:""`
}

// Run ends the version.
func (c feesEndCommand) Run(ctx context.Context, out streams) error {
	return c.in(ctx, out, func(office *billing.Office, p auth.Principal) error {
		s, err := office.EndFees(ctx, p, billing.Call{}, models.FeeScheduleID(c.Schedule), models.Date(c.Until))
		if err != nil {
			return err
		}
		printSchedule(out.out, s.Result)
		return nil
	})
}

// printSchedule prints a version of a fee schedule.
func printSchedule(w io.Writer, s models.FeeSchedule) {
	fmt.Fprintf(w, "%s %q: payer %q, from %q until %q, %d prices\n", s.ID, s.Name, s.PayerID, s.From, s.Until, s.Prices)
}

// operator is whoever may run commands beside the data: an administrator of every tenant.
func operator(tenant tenantName) auth.Principal {
	return auth.Principal{Tenant: models.TenantID(tenant), Subject: "operator", Scopes: auth.ParseScopes("system/*.cruds operation/*")}
}
