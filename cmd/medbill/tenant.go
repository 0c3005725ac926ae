package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"

	"medbill/billing"
	"medbill/models"
)

// tenantCommand is `medbill tenant`.
type tenantCommand struct {
	place
	Tenant        tenantName        `arg:"" help:"Id of the tenant, as it stands in the access tokens."`
	Name          *string           `help:"Name of the practice."`
	TimeZone      *string           `help:"IANA time zone in which days are taken." placeholder:"ZONE"`
	Practice      *string           `help:"Organization that bills where an Encounter names none." placeholder:"ID"`
	GoLive        *string           `help:"Visits that ended before this day are not billed." placeholder:"YYYY-MM-DD"`
	DueDays       *int              `help:"Days from the issue of an invoice until it is due." placeholder:"N"`
	ReviewShare   *int              `help:"Of a hundred visits that a coder coded, how many a second coder looks over before they are sent." placeholder:"N"`
	WriteOffMax   *int              `help:"Dollars of one claim that a biller may write off; more is a manager's." placeholder:"N"`
	SelfPayHours  *int              `help:"Hours that a visit without any coverage waits before the patient is billed." placeholder:"N"`
	ClosedThrough *string           `help:"Last day on which the books are closed, which is over." placeholder:"YYYY-MM-DD"`
	AutoSubmit    *bool             `help:"Send claims to their payer as soon as they are ready." negatable:""`
	Connection    map[string]string `help:"How a payer is reached: its Organization and fhir." placeholder:"ID=KIND"`
}

// Run makes the tenant or changes what is given, and prints the settings.
func (c tenantCommand) Run(ctx context.Context, out streams) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	if err := billing.CheckSettings(c.change()); err != nil {
		return err
	}
	log := logger(out, slog.LevelWarn)
	db, err := c.besideOrNew(ctx, out)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	s, err := billing.New(db, log).SaveTenant(ctx, operator(c.Tenant), c.change())
	if err != nil {
		return err
	}
	printTenant(out.out, c.Tenant, s)
	return nil
}

func printTenant(w io.Writer, tenant tenantName, s models.TenantSettings) {
	fmt.Fprintf(w, "tenant %s: name %q, time zone %s, practice %q, go-live %q, due days %d, self-pay hours %d, review share %d, write-off max %d, closed through %q, auto-submit %t\n",
		tenant, s.Name, s.TimeZone, s.PracticeID, s.GoLive, s.DueDays, s.SelfPayHours, s.ReviewShare, s.WriteOffMax, s.ClosedThrough, s.AutoSubmit)
	for _, c := range s.Connections {
		fmt.Fprintf(w, "  payer %s is reached by %s\n", c.PayerID, c.Kind)
	}
}

func (c tenantCommand) change() models.SettingsChange {
	change := models.SettingsChange{
		Name: c.Name, TimeZone: c.TimeZone, PracticeID: (*models.OrganizationID)(c.Practice), GoLive: (*models.Date)(c.GoLive),
		AutoSubmit: c.AutoSubmit, DueDays: c.DueDays, SelfPayHours: c.SelfPayHours, ReviewShare: c.ReviewShare, WriteOffMax: c.WriteOffMax,
		ClosedThrough: (*models.Date)(c.ClosedThrough),
	}
	for _, payer := range slices.Sorted(maps.Keys(c.Connection)) {
		change.Connections = append(change.Connections, models.PayerConnection{PayerID: models.OrganizationID(payer), Kind: models.ConnectionKind(c.Connection[payer])})
	}
	return change
}
