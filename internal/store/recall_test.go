package store_test

import (
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// A transaction asks a question once, and again after it wrote to the table; what it gives may be changed by whoever asked.
func TestTransactionAsksOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			return books.SaveCase(tx, models.Case{ID: "Encounter/a", PatientID: "p", State: models.CaseNew, ServiceDate: "2026-03-02"})
		})
		storetest.Update(t, s, func(tx *store.Tx) error {
			asks := func(want int64) []models.Case {
				t.Helper()
				before := db.Statements()
				found, err := books.CasesOfPatients(tx.View, []models.PatientID{"p"})
				if err != nil {
					t.Fatal(err)
				}
				if sent := db.Statements() - before; sent != want {
					t.Errorf("%d statements were sent, want %d", sent, want)
				}
				return found
			}
			asks(1)[0].Reason = "changed by who asked"
			found := asks(0)
			if found[0].Reason != "" {
				t.Error("what one changes another one reads")
			}
			found[0].State = models.CaseHeld
			if err := books.SaveCase(tx, found[0]); err != nil {
				return err
			}
			if again := asks(1); again[0].State != models.CaseHeld {
				t.Errorf("after it was written the case is %s", again[0].State)
			}
			if _, err := tx.Exec("UPDATE cases SET reason = 'x' WHERE tenant_id = ?", tx.Tenant()); err != nil {
				return err
			}
			if again := asks(1); again[0].Reason != "x" {
				t.Errorf("after a statement of its own the transaction reads %q", again[0].Reason)
			}
			return nil
		})
	})
}
