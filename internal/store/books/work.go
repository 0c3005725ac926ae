package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// isOpen is written out, not an argument: the indexes of open items are chosen by it.
const isOpen = "status = '" + string(models.WorkRequested) + "'"

// OpenWork gives the open work items of a case, oldest first.
func OpenWork(v *store.View, id models.CaseID) ([]models.WorkItem, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(slices.Values(f.work), func(a, b models.WorkItem) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// OpenItem gives the open work item of a kind about a subject; false where there is none.
func OpenItem(v *store.View, kind models.WorkKind, subject models.Ref) (models.WorkItem, bool, error) {
	return store.First[models.WorkItem](v, "kind = ? AND subject = ? AND "+isOpen, kind, subject)
}

// SaveWork writes a work item; one without an id is new.
func SaveWork(tx *store.Tx, item models.WorkItem) error {
	item.TenantID, item.Updated = tx.Tenant(), tx.Now()
	save := store.Upsert[models.WorkItem]
	if item.ID == "" {
		item.ID, item.Created = models.WorkItemID(tx.NewID()), tx.Now()
		save = store.Insert // the unique index on what is open must be able to refuse
	}
	if err := save(tx, item); err != nil {
		return err
	}
	workItems.note(tx, item)
	return nil
}

// WorkItems gives at most count open work items of kind ("" is any) after the id after, oldest first.
func WorkItems(v *store.View, kind models.WorkKind, after models.WorkItemID, count int) ([]models.WorkItem, error) {
	if kind == "" {
		return store.Some[models.WorkItem](v, count, "id", "id > ? AND "+isOpen, after)
	}
	return store.Some[models.WorkItem](v, count, "id", "id > ? AND kind = ? AND "+isOpen, after, kind)
}

// WorkItemsByID gives work items, open or not.
func WorkItemsByID(v *store.View, ids []models.WorkItemID) ([]models.WorkItem, error) {
	return store.All[models.WorkItem](v, "id", "id IN ?", ids)
}
