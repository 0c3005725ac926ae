package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Charges gives a case's charges in order, aborted ones too.
func Charges(v *store.View, id models.CaseID) ([]models.Charge, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(slices.Values(f.charges), func(a, b models.Charge) int {
		return cmp.Or(cmp.Compare(a.Sequence, b.Sequence), cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	}), nil
}

// Charge gives one charge; false where there is none.
func Charge(v *store.View, id models.ChargeID) (models.Charge, bool, error) {
	return store.First[models.Charge](v, "id = ?", id)
}

// ChargesByID gives charges in the order of a case.
func ChargesByID(v *store.View, ids []models.ChargeID) ([]models.Charge, error) {
	return store.All[models.Charge](v, "sequence, created, id", "id IN ?", ids)
}

// BilledElsewhere gives those of sources for which somebody was asked to pay with another case.
func BilledElsewhere(v *store.View, id models.CaseID, sources []string) ([]string, error) {
	if len(sources) == 0 {
		return nil, nil
	}
	return store.Column[string](v, "SELECT DISTINCT source FROM charges WHERE tenant_id = ? AND source IN ? AND case_id <> ? AND state = 'billed'", v.Tenant(), sources, id)
}

// SaveCharges writes charges.
func SaveCharges(tx *store.Tx, list ...models.Charge) error {
	list = slices.Clone(list)
	for i := range list {
		c := &list[i]
		c.TenantID, c.Updated = tx.Tenant(), tx.Now()
		if c.Created == 0 {
			c.Created = tx.Now()
		}
	}
	charges.note(tx, list...)
	return store.Upsert(tx, list...)
}

// Orphan is a charge whose visit never came, with its tenant.
type Orphan struct {
	Tenant models.TenantID
	ID     models.ChargeID
}

// orphans finds the ChargeItems to be billed that wait for an Encounter which is not here, longer than their tenant gives a
// visit to become self-pay (fallback where the tenant has no settings), and that nobody was asked about.
const orphans = "SELECT c.tenant_id, c.id FROM charges c LEFT JOIN tenants t ON t.tenant_id = c.tenant_id" +
	" WHERE c.state = 'billable' AND c.case_id <> '' AND c.created <= ? - COALESCE(t.self_pay_hours, ?) * 3600000000" +
	" AND NOT EXISTS (SELECT 1 FROM cases k WHERE k.tenant_id = c.tenant_id AND k.id = c.case_id)" +
	" AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.tenant_id = c.tenant_id AND d.type = 'Encounter' AND d.id = SUBSTR(c.case_id, 11) AND NOT d.deleted)" +
	" AND NOT EXISTS (SELECT 1 FROM work_items w WHERE w.tenant_id = c.tenant_id AND w.kind = ? AND w.subject = c.source AND w.status = 'requested')" +
	" ORDER BY c.created, c.tenant_id, c.id LIMIT ?"

// OrphansEverywhere gives at most count orphans of all tenants.
func OrphansEverywhere(v *store.View, now models.Instant, count int) ([]Orphan, error) {
	var list []Orphan
	err := v.Rows(func(row store.Row) error {
		var o Orphan
		err := row.Scan(&o.Tenant, &o.ID)
		list = append(list, o)
		return err
	}, orphans, now, models.DefaultSettings.SelfPayHours, models.WorkCharge, count)
	return list, err
}
