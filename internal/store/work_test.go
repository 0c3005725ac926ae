package store_test

import (
	"errors"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func openItems(t *testing.T, s *store.Session) []models.WorkItem {
	var items []models.WorkItem
	view(t, s, func(v *store.View) error {
		var err error
		items, err = v.WorkItems("", "", 100)
		return err
	})
	return items
}

func TestOneThingIsOneOpenWorkItem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := session(db)
		update(t, s, func(tx *store.Tx) error {
			return errors.Join(tx.OpenWork(models.WorkCode, "Encounter/1", "p", "First."), tx.OpenWork(models.WorkCode, "Encounter/1", "p", "Second."))
		})
		update(t, s, func(tx *store.Tx) error { return tx.OpenWork(models.WorkCode, "Encounter/1", "p", "Third.") })
		if items := openItems(t, s); len(items) != 1 || items[0].Reason != "Third." {
			t.Fatalf("open are %+v", items)
		}
		errs := together(8, func(int) error {
			return s.Update(t.Context(), func(tx *store.Tx) error { return tx.OpenWork(models.WorkPrice, "Encounter/1", "p", "Price.") })
		})
		if items := openItems(t, s); errors.Join(errs...) != nil || len(items) != 2 {
			t.Errorf("after eight at once %d are open: %v", len(items), errors.Join(errs...))
		}
		update(t, s, func(tx *store.Tx) error {
			return errors.Join(tx.OpenWork(models.WorkClaim, "Claim/1", "p", "Mend."), tx.CloseWork(models.WorkClaim, "Claim/1", models.WorkCompleted),
				tx.CloseWork(models.WorkCode, "Encounter/1", models.WorkCompleted), tx.CloseWork(models.WorkPrice, "Encounter/1", models.WorkDropped))
		})
		if items := openItems(t, s); len(items) != 0 {
			t.Errorf("open are %+v", items)
		}
		update(t, s, func(tx *store.Tx) error { return tx.OpenWork(models.WorkCode, "Encounter/1", "p", "Again.") })
		if items := openItems(t, s); len(items) != 1 {
			t.Errorf("what was closed opens again as %+v", items)
		}
	})
}
