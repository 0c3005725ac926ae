package bench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/bare"
	"medbill/models"
)

// house is the office and the FHIR machine over a database, in this process; nobody works the steps between requests.
type house struct {
	db      *store.DB
	office  *billing.Office
	machine *records.Records
	rows    *bare.DB // the same database, past the store
	tables  []store.Table
	admin   auth.Principal
	payer   auth.Principal
}

// openHouse opens a database, makes its schema where it is new, and moves in.
func openHouse(ctx context.Context, url string) (*house, error) {
	db, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return nil, err
	}
	h := &house{db: db, office: billing.New(db, slog.New(slog.DiscardHandler)), admin: inRole(auth.RoleAdmin), payer: inRole(auth.RolePayer)}
	if err = db.Migrate(ctx); err == nil {
		h.machine, err = records.New(db, records.Config{Behaviours: h.office.Behaviours(), BaseURL: "http://bench.test" + fhirPath, CursorKey: make([]byte, 32)})
	}
	if err == nil {
		h.tables, err = tablesOf(ctx, db)
	}
	if err == nil {
		h.rows, err = bare.Open(ctx, url, tenant, 1)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return h, nil
}

func (h *house) close() {
	h.rows.Close()
	_ = h.db.Close()
}

func (h *house) state(ctx context.Context) (bare.State, error) { return h.rows.State(ctx, h.tables) }

// names gives what the rows of a visit are called by.
func (h *house) names(ctx context.Context, id string) ([]string, error) {
	names, err := h.rows.ClaimNames(ctx, id)
	if want := 2 + len(services); err == nil && len(names) != want {
		err = fmt.Errorf("%d names of the claim and the charges of a visit, want %d", len(names), want)
	}
	return append(names, id), err
}

// inRole gives who has a role, for the payer where it is a payer's.
func inRole(role auth.Role) auth.Principal {
	who := auth.Claims{Tenant: tenant, Subject: string(role)}
	if role == auth.RolePayer {
		who.Organization = payerID
	}
	claims, err := auth.RoleClaims(role, who)
	if err != nil {
		panic(err) // the roles are ours
	}
	return auth.Principal{Tenant: tenant, Subject: who.Subject, Organization: who.Organization, Scopes: auth.ParseScopes(claims.Scope)}
}

// furnish makes the tenant, which sends its claims by itself, and what they need around them.
func (h *house) furnish(ctx context.Context) error {
	sends := true
	if _, err := h.office.SaveTenant(ctx, h.admin, models.SettingsChange{AutoSubmit: &sends}); err != nil {
		return err
	}
	_, _, err := h.machine.Bundle(ctx, h.admin, []byte(practice()))
	return err
}

// visitsOfBundle is how many visits come in one transaction.
const visitsOfBundle = 20

// send brings the visits of numbers by several clients, until each claim is sent.
func (h *house) send(ctx context.Context, clients, from, until int) error {
	for from < until {
		var entries []string
		count := min(visitsOfBundle, until-from)
		for n := from; n < from+count; n++ {
			entries = append(append(entries, registration(postID(n))...), chart(postID(n), postID(n), day)...)
		}
		from += count
		if _, _, err := h.machine.Bundle(ctx, h.admin, []byte(bundle(entries...))); err != nil {
			return err
		}
		if _, err := all(ctx, clients, clients, func(ctx context.Context, _ int) error { return h.work(ctx) }); err != nil {
			return err
		}
	}
	return nil
}

// work does the steps that are due.
func (h *house) work(ctx context.Context) error {
	for isDone := false; !isDone; {
		isDone = true
		if err := h.office.Shift().Next(ctx, tenant, func(string) { isDone = false }); err != nil {
			return err
		}
	}
	return nil
}

// answer answers the claim of a visit as its payer does, by the names of the visit's rows.
func (h *house) answer(ctx context.Context, names []string) error {
	_, err := h.machine.Create(ctx, h.payer, "ClaimResponse", []byte(answer(names[0], "Patient/"+names[len(names)-1])), "")
	return err
}

// usage gives what this process and the database have used so far.
func (h *house) usage(ctx context.Context, e Engine) (u Usage, err error) {
	var errs [4]error
	u.Statements = h.db.Statements()
	u.Disk, errs[0] = e.size(ctx, PostNames[0])
	u.Peak, errs[1] = peakMemory(os.Getpid())
	u.Server, errs[2] = processCPU(os.Getpid())
	u.Database, errs[3] = e.cpu()
	return u, errors.Join(errs[:]...)
}
