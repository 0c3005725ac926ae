package books_test

import (
	"errors"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func openItems(t *testing.T, s *store.Session) []models.WorkItem {
	var items []models.WorkItem
	storetest.View(t, s, func(v *store.View) error {
		var err error
		items, err = books.WorkItems(v, "", "", 100)
		return err
	})
	return items
}

// item is a work item about a visit.
func item(kind models.WorkKind, reason string) models.WorkItem {
	return models.WorkItem{Kind: kind, Status: models.WorkRequested, CaseID: "Encounter/1", Role: kind.Facts().Role, Subject: models.Ref{Type: "Encounter", ID: "1"}, PatientID: "p", Reason: reason}
}

// open opens an item, or says anew why it is open.
func open(tx *store.Tx, wanted models.WorkItem) error {
	before, isOpen, err := books.OpenItem(tx.View, wanted.Kind, wanted.Subject)
	if err != nil {
		return err
	}
	if isOpen {
		wanted.ID, wanted.Created, wanted.Version = before.ID, before.Created, before.Version
	}
	return save(tx, before, wanted)
}

func save(tx *store.Tx, before, w models.WorkItem) error {
	_, err := books.SaveWork(tx, before, w, models.WorkOpened, w.Reason)
	return err
}

func closeAll(tx *store.Tx, status models.WorkStatus) error {
	items, err := books.OpenWork(tx.View, "Encounter/1")
	for _, w := range items {
		before := w
		w.Status = status
		err = errors.Join(err, save(tx, before, w))
	}
	return err
}

func TestOneThingIsOneOpenWorkItem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			return errors.Join(open(tx, item(models.WorkCode, "First.")), open(tx, item(models.WorkCode, "Second.")))
		})
		storetest.Update(t, s, func(tx *store.Tx) error { return open(tx, item(models.WorkCode, "Third.")) })
		if items := openItems(t, s); len(items) != 1 || items[0].Reason != "Third." {
			t.Fatalf("open are %+v", items)
		}
		errs := storetest.Together(8, func(int) error {
			return s.Update(t.Context(), func(tx *store.Tx) error { return open(tx, item(models.WorkPrice, "Price.")) })
		})
		if items := openItems(t, s); errors.Join(errs...) != nil || len(items) != 2 {
			t.Errorf("after eight at once %d are open: %v", len(items), errors.Join(errs...))
		}
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return save(tx, models.WorkItem{}, item(models.WorkPrice, "Another.")) }); err == nil {
			t.Error("the same thing is open twice")
		}
		storetest.Update(t, s, func(tx *store.Tx) error { return closeAll(tx, models.WorkCompleted) })
		if items := openItems(t, s); len(items) != 0 {
			t.Errorf("open are %+v", items)
		}
		storetest.Update(t, s, func(tx *store.Tx) error { return open(tx, item(models.WorkCode, "Again.")) })
		if items := openItems(t, s); len(items) != 1 {
			t.Errorf("what was closed opens again as %+v", items)
		}
	})
}
