package documents

import (
	"medbill/internal/store"
	"medbill/models"
)

// MarkExternalVisits remembers Encounters that billing done elsewhere names.
func MarkExternalVisits(tx *store.Tx, ids []models.VisitID) error {
	for _, id := range ids {
		if _, err := tx.Exec("INSERT INTO external_visits (tenant_id, visit_id) VALUES (?, ?) ON CONFLICT DO NOTHING", tx.Tenant(), id); err != nil {
			return err
		}
	}
	return nil
}

// IsExternalVisit reports whether billing done elsewhere names the Encounter.
func IsExternalVisit(v *store.View, id models.VisitID) (bool, error) {
	found, err := store.Column[int](v, "SELECT 1 FROM external_visits WHERE tenant_id = ? AND visit_id = ?", v.Tenant(), id)
	return len(found) > 0, err
}
