package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Settings gives the tenant's settings; false where the tenant is unknown.
func Settings(v *store.View) (models.Settings, bool, error) {
	if f, open := openFile(v, func(f *file) bool { return len(f.settings) > 0 }); open {
		return f.settings[0], true, nil
	}
	return store.First[models.Settings](v, "1 = 1")
}

// SaveSettings writes the tenant's settings and so makes the tenant.
func SaveSettings(tx *store.Tx, s models.Settings) error {
	s.TenantID = tx.Tenant()
	if s.Created == 0 {
		s.Created = tx.Now()
	}
	tx.Audit(models.AuditUpdate, "Settings", string(s.TenantID), 0)
	documents.ForgetZone(tx.View)
	return store.Upsert(tx, s)
}

// Connections gives the payers that are not left at the default, by id.
func Connections(v *store.View) ([]models.PayerConnection, error) {
	return store.All[models.PayerConnection](v, "payer_id", "1 = 1")
}

// SaveConnections writes how payers are reached.
func SaveConnections(tx *store.Tx, connections ...models.PayerConnection) error {
	connections = slices.Clone(connections)
	for i := range connections {
		connections[i].TenantID = tx.Tenant()
		tx.Audit(models.AuditUpdate, "PayerConnection", string(connections[i].PayerID), 0)
	}
	return store.Upsert(tx, connections...)
}
