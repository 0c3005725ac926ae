package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Authorization gives a request for authorization; false where there is none.
func Authorization(v *store.View, id models.ClaimID) (models.Authorization, bool, error) {
	return store.First[models.Authorization](v, "id = ?", id)
}

// AuthorizationNumbered gives the latest request that has one of some numbers, of a payer or, where that is "", of any; false where there is none.
func AuthorizationNumbered(v *store.View, payer models.OrganizationID, numbers []string) (models.Authorization, bool, error) {
	if len(numbers) == 0 {
		return models.Authorization{}, false, nil
	}
	list, err := store.All[models.Authorization](v, "created DESC, id", "number IN ?", numbers)
	for _, a := range list {
		if payer == "" || a.PayerID == payer {
			return a, true, err
		}
	}
	return models.Authorization{}, false, err
}

// Authorizations gives the requests for a patient, the first one first.
func Authorizations(v *store.View, id models.PatientID) ([]models.Authorization, error) {
	if f, open := openFile(v, func(f *file) bool { return f.patient == id }); open {
		return slices.SortedFunc(slices.Values(f.authorizations), func(a, b models.Authorization) int {
			return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
		}), nil
	}
	return store.All[models.Authorization](v, "created, id", "patient_id = ?", id)
}

// AuthorizationsOfPatients gives the requests for patients, the first one first.
func AuthorizationsOfPatients(v *store.View, ids []models.PatientID) ([]models.Authorization, error) {
	return store.All[models.Authorization](v, "created, id", "patient_id IN ?", ids)
}

// SaveAuthorization writes a request, new or not.
func SaveAuthorization(tx *store.Tx, a models.Authorization) error {
	if a.TenantID, a.Updated = tx.Tenant(), tx.Now(); a.Created == 0 {
		a.Created = tx.Now()
	}
	return store.Upsert(tx, a)
}

// DueAuthorization is a request with which something is to be done now.
type DueAuthorization struct {
	Tenant  models.TenantID
	ID      models.ClaimID
	PayerID models.OrganizationID
}

// AuthorizationsDueEverywhere gives at most count of all tenants, those that wait the longest first.
func AuthorizationsDueEverywhere(v *store.View, now models.Instant, count int) ([]DueAuthorization, error) {
	var list []DueAuthorization
	err := v.Rows(func(row store.Row) error {
		var one DueAuthorization
		err := row.Scan(&one.Tenant, &one.ID, &one.PayerID)
		list = append(list, one)
		return err
	}, "SELECT tenant_id, id, payer_id FROM authorizations WHERE due_at > 0 AND due_at <= ? ORDER BY due_at LIMIT ?", now, count)
	return list, err
}
