package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// PayInto adds r.Amount to the payment of a payer that r.Trace names, which is made as r where there is none, and gives it as it stands then, without details. Nobody else
// changes it until the transaction ends.
func PayInto(tx *store.Tx, r models.Remittance) (models.Remittance, error) {
	tx.Forget("remittances")
	err := tx.Rows(func(row store.Row) error {
		return row.Scan(&r.ID, &r.Outcome, &r.Day, &r.Amount, &r.Method, &r.Source, &r.BodyHash, &r.DueAt, &r.Created, &r.DepositID, &r.DepositDue)
	}, "INSERT INTO remittances (tenant_id, id, payer_id, trace, outcome, day, amount, method, source, body_hash, due_at, created, updated, deposit_id, deposit_due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0)"+
		" ON CONFLICT (tenant_id, payer_id, trace) DO UPDATE SET amount = remittances.amount + excluded.amount, updated = excluded.updated"+
		" RETURNING id, outcome, day, amount, method, source, body_hash, due_at, created, deposit_id, deposit_due",
		tx.Tenant(), r.ID, r.PayerID, r.Trace, models.RemittanceQueued, r.Day, r.Amount, r.Method, r.Source, "", r.DueAt, tx.Now(), tx.Now())
	if err != nil {
		return r, err
	}
	r.TenantID, r.Updated = tx.Tenant(), tx.Now()
	if r.Outcome == models.RemittanceQueued {
		remittances.note(tx, r)
	}
	return r, nil
}

// CompleteRemittance writes what a payer told of a payment, with its details.
func CompleteRemittance(tx *store.Tx, r models.Remittance) error {
	r.TenantID, r.Updated = tx.Tenant(), tx.Now()
	r.Details = slices.Clone(r.Details)
	for i := range r.Details {
		r.Details[i].TenantID, r.Details[i].RemittanceID = r.TenantID, r.ID
	}
	if err := store.Upsert(tx, r); err != nil {
		return err
	}
	remittances.note(tx, r)
	return store.Insert(tx, r.Details...)
}

// KeepRemittance writes what became of a payment whose details stay.
func KeepRemittance(tx *store.Tx, r models.Remittance) error {
	r.Updated = tx.Now()
	return store.Upsert(tx, r)
}

// RemittancesByID gives payments with their details.
func RemittancesByID(v *store.View, ids []models.RemittanceID) ([]models.Remittance, error) {
	list, err := store.All[models.Remittance](v, "id", "id IN ?", ids)
	if err != nil || len(list) == 0 {
		return list, err
	}
	details, err := store.All[models.RemittanceDetail](v, "remittance_id, sequence", "remittance_id IN ?", ids)
	for _, d := range details {
		at := slices.IndexFunc(list, func(r models.Remittance) bool { return r.ID == d.RemittanceID })
		if at < 0 {
			return nil, fault.New(fault.Internal, "internal", "A part of a payment has no payment.")
		}
		list[at].Details = append(list[at].Details, d)
	}
	return list, err
}

// Remittance gives one payment with its details; false where there is none.
func Remittance(v *store.View, id models.RemittanceID) (models.Remittance, bool, error) {
	list, err := RemittancesByID(v, []models.RemittanceID{id})
	if err != nil || len(list) == 0 {
		return models.Remittance{}, false, err
	}
	return list[0], true, nil
}

// IsBegun reports whether a payer's payment with a trace number is in the books.
func IsBegun(v *store.View, payer models.OrganizationID, trace string) (bool, error) {
	_, known, err := store.First[models.Remittance](v, "payer_id = ? AND trace = ?", payer, trace)
	return known, err
}

// Joined gives what the adjustments of a payer with one of the codes come to, by the reference that joins them.
func Joined(v *store.View, payer models.OrganizationID, codes []string, references []string) (map[string]models.Cents, error) {
	sums := map[string]models.Cents{}
	err := v.Rows(func(row store.Row) error {
		var reference string
		var sum models.Cents
		err := row.Scan(&reference, &sum)
		sums[reference] = sum
		return err
	}, "SELECT d.reference, CAST(sum(d.amount) AS BIGINT) FROM remittance_details d JOIN remittances r ON r.tenant_id = d.tenant_id AND r.id = d.remittance_id"+
		" WHERE d.tenant_id = ? AND d.reference <> '' AND d.reference IN ? AND d.code IN ? AND r.payer_id = ? GROUP BY d.reference", v.Tenant(), references, codes, payer)
	return sums, err
}

// OwedBack gives what is owed to a payer of claims that it paid too much of, by its numbers of them, besides what its payments have about no claim.
func OwedBack(v *store.View, payer models.OrganizationID, numbers []string) (map[string]models.Cents, error) {
	sums := map[string]models.Cents{}
	err := v.Rows(func(row store.Row) error {
		var number string
		var sum models.Cents
		err := row.Scan(&number, &sum)
		sums[number] = -sum
		return err
	}, "SELECT remittance_id, CAST(sum(amount) AS BIGINT) FROM postings WHERE tenant_id = ? AND account = '"+string(models.AccountPayerOverpaid)+"' AND remittance_id IN ? AND payer_id = ? AND charge_id <> '' GROUP BY remittance_id",
		v.Tenant(), numbers, payer)
	return sums, err
}

// Untold is a payment that its payer did not tell, or the bank did not have, in time.
type Untold struct {
	Tenant models.TenantID
	ID     models.RemittanceID
}

// UntoldEverywhere gives at most count payments of all tenants about which a person is to be asked now.
func UntoldEverywhere(v *store.View, now models.Instant, count int) ([]Untold, error) {
	var list []Untold
	err := v.Rows(func(row store.Row) error {
		var one Untold
		err := row.Scan(&one.Tenant, &one.ID)
		list = append(list, one)
		return err
	}, "SELECT tenant_id, id FROM remittances WHERE due_at > 0 AND due_at <= ? ORDER BY due_at LIMIT ?", now, count)
	return list, err
}
