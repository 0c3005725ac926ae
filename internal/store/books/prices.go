package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// codesMax bounds the codes of one statement: a fee schedule has more of them than a database takes arguments.
const codesMax = 500

// Prices gives what all schedules say about the codes, in a stable order.
func Prices(v *store.View, codes []string) ([]models.Price, error) {
	var prices []models.Price
	for part := range slices.Chunk(codes, codesMax) {
		found, err := store.All[models.Price](v, "schedule_id, sequence", "code IN ?", part)
		if err != nil {
			return nil, err
		}
		prices = append(prices, found...)
	}
	return prices, nil
}

// PricesOf gives what one schedule prices.
func PricesOf(v *store.View, schedule models.FeeScheduleID) ([]models.Price, error) {
	return store.All[models.Price](v, "sequence", "schedule_id = ?", schedule)
}

// SavePrices replaces the prices of a schedule; their sequences must differ.
func SavePrices(tx *store.Tx, schedule models.FeeScheduleID, prices []models.Price) error {
	prices = slices.Clone(prices)
	for i := range prices {
		prices[i].TenantID, prices[i].ScheduleID = tx.Tenant(), schedule
	}
	if err := store.Drop[models.Price](tx, "schedule_id = ?", schedule); err != nil {
		return err
	}
	return store.Insert(tx, prices...)
}

// FeeSchedules gives every version of every named schedule, those of one name from the first day on.
func FeeSchedules(v *store.View) ([]models.FeeSchedule, error) {
	return store.All[models.FeeSchedule](v, "name, from_date", "1 = 1")
}

// FeeVersions gives the versions of one schedule, from the first day on.
func FeeVersions(v *store.View, name string) ([]models.FeeSchedule, error) {
	return store.All[models.FeeSchedule](v, "from_date", "name = ?", name)
}

// FeeSchedule gives one version; false where there is none.
func FeeSchedule(v *store.View, id models.FeeScheduleID) (models.FeeSchedule, bool, error) {
	return store.First[models.FeeSchedule](v, "id = ?", id)
}

// SaveFeeSchedule writes a version.
func SaveFeeSchedule(tx *store.Tx, s models.FeeSchedule) error {
	s.TenantID, s.Updated = tx.Tenant(), tx.Now()
	if s.Created == 0 {
		s.Created = tx.Now()
	}
	tx.Audit(models.AuditUpdate, "FeeSchedule", string(s.ID), 0)
	return store.Upsert(tx, s)
}

// EndFeeSchedule lets a version and its prices hold until a day and no longer.
func EndFeeSchedule(tx *store.Tx, s models.FeeSchedule, until models.Date) error {
	s.Until = until
	if err := SaveFeeSchedule(tx, s); err != nil {
		return err
	}
	return tx.Write("UPDATE prices SET until_date = ? WHERE tenant_id = ? AND schedule_id = ? AND (until_date = '' OR until_date > ?)",
		until, tx.Tenant(), s.ID, until)
}
