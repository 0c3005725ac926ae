package inquiry

import (
	"context"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// Authorizations gives what payers were asked to allow to patients, the first request first; for the office, who may read its work.
func (b *Books) Authorizations(ctx context.Context, p auth.Principal, ids []models.PatientID) (map[models.PatientID][]models.Authorization, error) {
	if err := records.Office(p, "Task"); err != nil {
		return nil, err
	}
	return shown(ctx, b, p, "Patient", ids, func(v *store.View, ids []models.PatientID) (map[models.PatientID][]models.Authorization, error) {
		list, err := books.AuthorizationsOfPatients(v, ids)
		found := map[models.PatientID][]models.Authorization{}
		for _, a := range list {
			found[a.PatientID] = append(found[a.PatientID], a)
		}
		return found, err
	})
}
