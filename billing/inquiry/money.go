package inquiry

import (
	"context"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// PatientPayments gives what patients paid, oldest first; for those who may read the Account, too.
func (b *Books) PatientPayments(ctx context.Context, p auth.Principal, ids []models.PatientID) (map[models.PatientID][]models.Payment, error) {
	return ofPatients(ctx, b, p, ids, books.PaymentsOfPatients, func(p models.Payment) models.PatientID { return p.PatientID })
}

// Refunds gives what goes back to patients, oldest first; for the same.
func (b *Books) Refunds(ctx context.Context, p auth.Principal, ids []models.PatientID) (map[models.PatientID][]models.Refund, error) {
	return ofPatients(ctx, b, p, ids, books.RefundsOfPatients, func(r models.Refund) models.PatientID { return r.PatientID })
}

// WriteOffs gives what patients are not asked for, oldest first; for the same.
func (b *Books) WriteOffs(ctx context.Context, p auth.Principal, ids []models.PatientID) (map[models.PatientID][]models.WriteOff, error) {
	return ofPatients(ctx, b, p, ids, books.WriteOffsOfPatients, func(w models.WriteOff) models.PatientID { return w.PatientID })
}

// ofPatients gives rows of patients to those who may read the Account, too.
func ofPatients[R any](ctx context.Context, b *Books, p auth.Principal, ids []models.PatientID, read func(*store.View, ...models.PatientID) ([]R, error), whose func(R) models.PatientID) (map[models.PatientID][]R, error) {
	if _, err := records.Guard(p, "Account", auth.PermissionRead); err != nil {
		return nil, err
	}
	return shown(ctx, b, p, "Patient", ids, func(v *store.View, ids []models.PatientID) (map[models.PatientID][]R, error) {
		rows, err := read(v, ids...)
		found := map[models.PatientID][]R{}
		for _, row := range rows {
			found[whose(row)] = append(found[whose(row)], row)
		}
		return found, err
	})
}
