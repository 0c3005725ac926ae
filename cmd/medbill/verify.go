package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"medbill/billing"
	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/models"
)

// verifyCommand is `medbill verify`.
type verifyCommand struct {
	place
	Tenant []tenantName `help:"Tenants to look at; all without it." placeholder:"ID"`
	Proof  string       `help:"File to write the proof of one tenant's books to, for somebody who has the file alone. It must not be there yet." placeholder:"FILE"`
}

// Run looks at the tenants, prints what is wrong and which cases stand still, and fails where anything is wrong, or where there is
// nothing to look at.
func (c verifyCommand) Run(ctx context.Context, out streams) error {
	if err := c.settings().CheckData(); err != nil {
		return err
	}
	db, err := c.beside(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tenants, err := c.tenants(ctx, db)
	if err != nil {
		return err
	}
	office, breaches := billing.New(db, logger(out, slog.LevelWarn)), 0
	for _, tenant := range tenants {
		found, err := c.look(ctx, out, office, tenant)
		if err != nil {
			return err
		}
		breaches += found
	}
	if breaches > 0 {
		return fmt.Errorf("%d breaches", breaches)
	}
	fmt.Fprintln(out.out, "clean")
	return nil
}

// look looks at one tenant, with its proof where that is asked for, and gives how many breaches there are.
func (c verifyCommand) look(ctx context.Context, out streams, office *billing.Office, tenant models.TenantID) (breaches int, err error) {
	if c.Proof == "" {
		_, breaches, err = verify(ctx, out, office, tenant, nil)
		return breaches, err
	}
	file, err := os.OpenFile(c.Proof, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	_, breaches, err = verify(ctx, out, office, tenant, file)
	return breaches, errors.Join(err, file.Close())
}

// verify looks at one tenant, prints what it finds, and gives how much it saw and how many breaches. The proof goes to proof, where that is not nil.
func verify(ctx context.Context, out streams, office *billing.Office, tenant models.TenantID, proof io.Writer) (seen billing.Verified, breaches int, err error) {
	bar, start := out.progressOf("tenant "+string(tenant), "records"), clock.System().Now()
	defer bar.end()
	seen, err = office.Verify(ctx, tenant, billing.Watch{Progress: bar.at, Proof: proof, Breach: func(b billing.Breach) {
		breaches++
		bar.print(out.out, b)
	}})
	if err != nil {
		return seen, breaches, err
	}
	took := clock.System().Now().Sub(start)
	notices, err := office.Notices(ctx, tenant)
	for _, n := range notices {
		bar.print(out.out, n)
	}
	bar.print(out.out, fmt.Sprintf("tenant %s: %d documents, %d journal entries", tenant, seen.Documents, seen.Entries))
	out.tell(fmt.Sprintf("in %s, %.0f documents a second", took.Round(time.Millisecond), float64(seen.Documents)/took.Seconds()))
	return seen, breaches, err
}

// tenants gives whom to look at. It refuses a tenant that is not there, and a database without any: nothing wrong was found
// in nothing.
func (c verifyCommand) tenants(ctx context.Context, db *store.DB) ([]models.TenantID, error) {
	known, err := db.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	if len(known) == 0 {
		return nil, errors.New("the database has no tenant, so there is nothing to verify; name the database that the server uses")
	}
	if c.Proof != "" && len(c.Tenant) != 1 && (len(c.Tenant) > 0 || len(known) > 1) {
		return nil, errors.New("a proof is of one tenant; name it with --tenant")
	}
	if len(c.Tenant) == 0 {
		return known, nil
	}
	var asked []models.TenantID
	for _, name := range c.Tenant {
		if !slices.Contains(known, models.TenantID(name)) {
			return nil, fmt.Errorf("the database has no tenant %q; leave --tenant out to verify all of them", name)
		}
		asked = append(asked, models.TenantID(name))
	}
	return asked, nil
}
