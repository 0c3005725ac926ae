// Package move brings tenants from one database into another, from SQLite to PostgreSQL and back: every row of every table that
// names a tenant, as it is. What one side has of a tenant and the other does not is found by reading both in the order of their keys,
// so that a move that was broken off goes on where it stopped, and what else the target may hold of the tenant is refused before
// anything is written. It leaves the source as it is. Which tables there are says the schema, and no rule of billing is known here.
package move

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// Stays says of the tables without a tenant why they are not moved.
var Stays = map[string]string{
	"code_releases":    "everybody's: load them where the tenants go",
	"code_parts":       "everybody's: load them where the tenants go",
	"own_bases":        "of the whole database: Bases brings the two together",
	"goose_db_version": "the target is migrated by itself",
	"migration_files":  "the target is migrated by itself",
}

// The refusals of a move.
var (
	ErrOther = fault.New(fault.Conflict, "move.other",
		"The target has the tenant already, with something else; move into a database that does not have it.")
	ErrChanged = fault.New(fault.Conflict, "move.changed",
		"The tenant changed while it was moved; stop what serves it, and move it again into an empty database.")
	ErrBases = fault.New(fault.Conflict, "move.bases",
		"The target has addresses as ours that the source does not know; serve the source once with --base-url for each of them.")
	ErrSchema = fault.New(fault.Conflict, "move.schema", "The two databases have different tables; bring both to this version.")
)

// tenants is moved last: a tenant is there when all of it is.
const tenants = "tenants"

// Bases makes the addresses that are ours in the source ours in the target too. It refuses a target that has others (ErrBases).
func Bases(ctx context.Context, from, to *store.DB) error {
	var bases [2][]string
	for i, db := range []*store.DB{from, to} {
		err := db.Everywhere(ctx, func(v *store.View) (err error) {
			bases[i], err = documents.OwnBases(v)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, base := range bases[1] {
		if !slices.Contains(bases[0], base) {
			return ErrBases
		}
	}
	return documents.AdoptBases(ctx, to, bases[0]...)
}

// Tenant moves one tenant and gives how many rows it has. It may be called again after it was broken off, also when it is done. It
// refuses a target with something else of the tenant (ErrOther), and tells when the source changed meanwhile (ErrChanged). told may
// be nil; each row is counted when it is copied and when it is compared at the end.
func Tenant(ctx context.Context, from, to *store.DB, tenant models.TenantID, told func(done, of int)) (rows int, err error) {
	actor := models.Actor{Tenant: tenant, Subject: "move"}
	m := &mover{ctx: ctx, from: from.As(actor), to: to.As(actor), told: told}
	err = m.from.Snapshot(ctx, func(v *store.View) error {
		if err := m.prepare(v); err != nil {
			return err
		}
		// What would be refused is refused before anything is written.
		if err := m.each(v, func(row) error { return nil }, nil); err != nil {
			return err
		}
		return m.copy(v)
	})
	if err != nil {
		return 0, err
	}
	err = m.from.Snapshot(ctx, func(v *store.View) error {
		return m.each(v, func(row) error { return ErrChanged }, m.count)
	})
	if errors.Is(err, ErrOther) {
		err = ErrChanged
	}
	return m.rows, err
}

// mover moves one tenant.
type mover struct {
	ctx        context.Context
	from, to   *store.Session
	tables     []store.Table // parents before those that refer to them
	rows, done int
	told       func(done, of int)
}

// prepare reads which tables there are, and how much is in them.
func (m *mover) prepare(v *store.View) error {
	mine, err := Tables(v)
	if err != nil {
		return err
	}
	err = m.to.View(m.ctx, func(v *store.View) error {
		theirs, err := Tables(v)
		if err == nil && !slices.EqualFunc(mine, theirs, func(a, b store.Table) bool {
			return a.Name == b.Name && slices.Equal(a.Columns, b.Columns) && slices.Equal(a.Key, b.Key)
		}) {
			return ErrSchema
		}
		return err
	})
	m.tables = mine
	if err != nil {
		return err
	}
	count := func(table string) func(*store.View) error {
		return func(v *store.View) error {
			n, err := store.Column[int](v, "SELECT count(*) FROM "+table+" WHERE tenant_id = ?", v.Tenant())
			if err == nil {
				m.rows += n[0]
			}
			return err
		}
	}
	for _, t := range m.tables {
		if err := count(t.Name)(v); err != nil {
			return err
		}
	}
	return m.from.AuditFile(m.ctx, count(audit))
}

// count counts a row as done.
func (m *mover) count() {
	m.done++
	if m.told != nil {
		m.told(m.done, 2*m.rows)
	}
}

// Tables gives the tables that name a tenant, those first to which others refer, and the tenants themselves last.
func Tables(v *store.View) ([]store.Table, error) {
	all, err := store.Tables(v)
	if err != nil {
		return nil, err
	}
	var sorted []store.Table
	var add func(t store.Table)
	add = func(t store.Table) {
		if slices.ContainsFunc(sorted, func(o store.Table) bool { return o.Name == t.Name }) {
			return
		}
		for _, parent := range t.Parents {
			if i := slices.IndexFunc(all, func(o store.Table) bool { return o.Name == parent }); parent != t.Name && i >= 0 {
				add(all[i])
			}
		}
		sorted = append(sorted, t)
	}
	var last []store.Table
	for _, t := range all {
		switch {
		case !slices.ContainsFunc(t.Columns, func(c store.TableColumn) bool { return c.Name == "tenant_id" }):
		case t.Name == tenants:
			last = append(last, t)
		case len(t.Key) == 0 || t.Key[0] != "tenant_id":
			return nil, fmt.Errorf("the table %s has a tenant that does not lead its key", t.Name)
		default:
			add(t)
		}
	}
	return append(sorted, last...), nil
}
