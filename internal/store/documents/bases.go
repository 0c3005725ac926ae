package documents

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
)

// OwnBases gives the base URLs under which records are ours. They are read once by a process: another one that adopts a base
// later is told by its start.
func OwnBases(v *store.View) ([]string, error) {
	kept := store.Shared[basesRead](v.DB())
	if known := kept.Load(); known != nil {
		return *known, nil
	}
	bases, err := readBases(v)
	if err != nil {
		return nil, err
	}
	kept.CompareAndSwap(nil, &bases)
	return bases, nil
}

// basesRead are the bases that a process has read; nil until then.
type basesRead struct{ atomic.Pointer[[]string] }

func readBases(v *store.View) ([]string, error) {
	bases := []string{}
	err := v.Rows(func(row store.Row) error {
		var base string
		err := row.Scan(&base)
		bases = append(bases, base)
		return err
	}, "SELECT base FROM own_bases ORDER BY base")
	return bases, err
}

// AdoptBases makes references under bases ours, for every process and for good: what was once sent under an address still
// means the record here. Documents that are stored with such references already are found by them from now on.
func AdoptBases(ctx context.Context, db *store.DB, bases ...string) error {
	var all []string
	err := db.As(models.Actor{}).Update(ctx, func(tx *store.Tx) error {
		var err error
		if all, err = readBases(tx.View); err != nil {
			return err
		}
		var fresh []string
		for _, base := range bases {
			if base = strings.TrimSuffix(base, "/"); base != "" && !slices.Contains(all, base) {
				all, fresh = append(all, base), append(fresh, base)
			}
		}
		for _, base := range fresh {
			if err := adopt(tx, base, all); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(all)
	store.Shared[basesRead](db).Store(&all)
	return nil
}

// adopt keeps a base, and writes the reference keys anew of what refers to it in any tenant.
func adopt(tx *store.Tx, base string, all []string) error {
	if err := tx.Write("INSERT INTO own_bases (base) VALUES (?)", base); err != nil {
		return err
	}
	var tenants []models.TenantID
	err := tx.Rows(func(row store.Row) error {
		var tenant models.TenantID
		err := row.Scan(&tenant)
		tenants = append(tenants, tenant)
		return err
	}, "SELECT tenant_id FROM tenants ORDER BY tenant_id")
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		if err := rekeyUnder(tx.For(tenant), base, all); err != nil {
			return err
		}
	}
	return nil
}

// rekeyUnder writes the reference keys anew of the tenant's documents that refer to something under base, some hundreds at
// a time. A key that has become local is not found again.
func rekeyUnder(tx *store.Tx, base string, all []string) error {
	end, _ := afterBeginning(base + "/")
	var last models.Ref
	for {
		found, err := fetchRefs(tx.View, "SELECT DISTINCT r.type, r.id FROM reference_keys r WHERE r.tenant_id = ? AND r.target_id = '' AND r.url >= ? AND r.url < ? AND (r.type, r.id) > (?, ?) ORDER BY r.type, r.id LIMIT ?",
			tx.Tenant(), base+"/", end, last.Type, last.ID, pageMax)
		if err != nil || len(found) == 0 {
			return err
		}
		list, err := Of(tx.View, found, Guard{})
		if err != nil {
			return err
		}
		if err := rekey(tx, list, all); err != nil {
			return err
		}
		last = found[len(found)-1]
	}
}

// rekey writes the reference keys of documents anew.
func rekey(tx *store.Tx, list []models.Document, bases []string) error {
	var puts []Indexed
	var rows [][]any
	for _, d := range list {
		parsed, err := fhir.Parse(d.Body)
		if err != nil {
			return err
		}
		if err := tx.Write("DELETE FROM reference_keys WHERE tenant_id = ? AND id = ? AND type = ?", tx.Tenant(), d.ID, d.Type); err != nil {
			return err
		}
		p := Indexed{Document: d, Keys: search.Extract(parsed, bases)}
		puts, rows = append(puts, p), append(rows, referenceRows(d, p.Keys.References, false)...)
	}
	if err := insertReferences(tx, rows); err != nil {
		return err
	}
	return putResolved(tx, puts, bases)
}
