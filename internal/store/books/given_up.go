package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Refund gives one refund; false where there is none.
func Refund(v *store.View, id models.RefundID) (models.Refund, bool, error) {
	return store.First[models.Refund](v, "id = ?", id)
}

// RefundsOfPatients gives all refunds of patients, oldest first.
func RefundsOfPatients(v *store.View, ids ...models.PatientID) ([]models.Refund, error) {
	return store.All[models.Refund](v, "id", "patient_id IN ?", store.Texts(ids))
}

// SaveRefunds writes refunds.
func SaveRefunds(tx *store.Tx, list ...models.Refund) error {
	list = slices.Clone(list)
	for i := range list {
		list[i].TenantID, list[i].Created, list[i].Updated = tx.Tenant(), cmp.Or(list[i].Created, tx.Now()), tx.Now()
	}
	return store.Upsert(tx, list...)
}

// WriteOff gives one write-off; false where there is none.
func WriteOff(v *store.View, id models.WriteOffID) (models.WriteOff, bool, error) {
	return store.First[models.WriteOff](v, "id = ?", id)
}

// WriteOffsOfPatients gives all write-offs of patients, oldest first.
func WriteOffsOfPatients(v *store.View, ids ...models.PatientID) ([]models.WriteOff, error) {
	return store.All[models.WriteOff](v, "id", "patient_id IN ?", store.Texts(ids))
}

// WriteOffsOfCase gives those write-offs of a case of which something stands, oldest first.
func WriteOffsOfCase(v *store.View, id models.CaseID) ([]models.WriteOff, error) {
	return store.All[models.WriteOff](v, "id", "case_id = ? AND amount > 0", id)
}

// SaveWriteOffs writes write-offs.
func SaveWriteOffs(tx *store.Tx, list ...models.WriteOff) error {
	list = slices.Clone(list)
	for i := range list {
		list[i].TenantID, list[i].Created, list[i].Updated = tx.Tenant(), cmp.Or(list[i].Created, tx.Now()), tx.Now()
	}
	return store.Upsert(tx, list...)
}
