package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// EstimatesByID gives good faith estimates.
func EstimatesByID(v *store.View, ids []models.EstimateID) ([]models.GoodFaithEstimate, error) {
	return store.All[models.GoodFaithEstimate](v, "id", "id IN ?", ids)
}

// EstimatesOfPatients gives the good faith estimates of patients, by their days.
func EstimatesOfPatients(v *store.View, ids []models.PatientID) ([]models.GoodFaithEstimate, error) {
	return store.All[models.GoodFaithEstimate](v, "day, created, id", "patient_id IN ?", ids)
}

// IsEstimated reports whether a good faith estimate was made for an appointment.
func IsEstimated(v *store.View, appointment string) (bool, error) {
	_, found, err := store.First[models.GoodFaithEstimate](v, "appointment_id = ? AND appointment_id <> ''", appointment)
	return found, err
}

// SaveEstimate writes a good faith estimate, new or not.
func SaveEstimate(tx *store.Tx, e models.GoodFaithEstimate) error {
	e.TenantID = tx.Tenant()
	if e.Created == 0 {
		e.Created = tx.Now()
	}
	if err := store.Upsert(tx, e); err != nil {
		return err
	}
	estimates.note(tx, e)
	return nil
}
