package documents

import (
	"time"

	"medbill/internal/store"
	"medbill/models"
)

// zoneRead is the zone that a view or transaction has read.
type zoneRead struct{ zone *time.Location }

// Zone gives the time zone in which the tenant's days are taken; it is read once.
func Zone(v *store.View) (*time.Location, error) {
	kept := store.Local[zoneRead](v)
	if kept.zone != nil {
		return kept.zone, nil
	}
	name := models.DefaultSettings.TimeZone
	err := v.Rows(func(row store.Row) error { return row.Scan(&name) }, "SELECT time_zone FROM tenants WHERE tenant_id = ?", v.Tenant())
	if err != nil {
		return nil, err
	}
	kept.zone, err = time.LoadLocation(name)
	return kept.zone, err
}

// ForgetZone has the zone read again: the tenant's settings changed.
func ForgetZone(v *store.View) { store.Local[zoneRead](v).zone = nil }
