package main

import (
	"context"
	"fmt"
	"log/slog"

	"medbill/billing"
	"medbill/models"
)

// tenantCommand is `medbill tenant`.
type tenantCommand struct {
	place
	Tenant     string  `arg:"" help:"Id of the tenant, as it stands in the access tokens."`
	Name       *string `help:"Name of the practice."`
	TimeZone   *string `help:"IANA time zone in which days are taken." placeholder:"ZONE"`
	Practice   *string `help:"Organization that bills where an Encounter names none." placeholder:"ID"`
	GoLive     *string `help:"Visits that ended before this day are not billed." placeholder:"YYYY-MM-DD"`
	DueDays    *int    `help:"Days from the issue of an invoice until it is due." placeholder:"N"`
	AutoSubmit *bool   `help:"Send claims to their payer as soon as they are ready." negatable:""`
}

// Run makes the tenant or changes what is given, and prints the settings.
func (c tenantCommand) Run(ctx context.Context, out streams) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	db, err := c.open(ctx, true)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	s, err := billing.New(db, logger(out, slog.LevelWarn)).SaveTenant(ctx, operator(c.Tenant), c.change)
	if err != nil {
		return err
	}
	fmt.Fprintf(out.out, "tenant %s: name %q, time zone %s, practice %q, go-live %q, due days %d, auto-submit %t\n",
		c.Tenant, s.Name, s.TimeZone, s.PracticeID, s.GoLive, s.DueDays, s.AutoSubmit)
	return nil
}

func (c tenantCommand) change(s *models.Settings) {
	set(c.Name, &s.Name)
	set(c.TimeZone, &s.TimeZone)
	set(c.DueDays, &s.DueDays)
	set(c.AutoSubmit, &s.AutoSubmit)
	if c.Practice != nil {
		s.PracticeID = models.OrganizationID(*c.Practice)
	}
	if c.GoLive != nil {
		s.GoLive = models.Date(*c.GoLive)
	}
}

func set[V any](from *V, into *V) {
	if from != nil {
		*into = *from
	}
}
