package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// isOpen and stands are written out, not arguments: the indexes are chosen by them. What stands is open, or was left by a person,
// who is not asked again for the same cause.
const (
	isOpen = "status = '" + string(models.WorkRequested) + "'"
	stands = "status IN ('" + string(models.WorkRequested) + "', '" + string(models.WorkDeclined) + "')"
)

// OpenWork gives the open work items of a case, oldest first.
func OpenWork(v *store.View, id models.CaseID) ([]models.WorkItem, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(byID(f.work), func(w models.WorkItem) bool { return !w.IsOpen() }), nil
}

// LeftWork gives the work items of a case that a person decided to leave, oldest first.
func LeftWork(v *store.View, id models.CaseID) ([]models.WorkItem, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(byID(f.work), models.WorkItem.IsOpen), nil
}

func byID(items []models.WorkItem) []models.WorkItem {
	return slices.SortedFunc(slices.Values(items), func(a, b models.WorkItem) int { return cmp.Compare(a.ID, b.ID) })
}

// OpenItem gives the open work item of a kind about a subject; false where there is none.
func OpenItem(v *store.View, kind models.WorkKind, subject models.Ref) (models.WorkItem, bool, error) {
	return store.First[models.WorkItem](v, "kind = ? AND subject = ? AND "+isOpen, kind, subject)
}

// OpenWorkOfPatients gives the open work items of a kind about patients, oldest first.
func OpenWorkOfPatients(v *store.View, kind models.WorkKind, ids []models.PatientID) ([]models.WorkItem, error) {
	return store.All[models.WorkItem](v, "id", "kind = ? AND patient_id IN ? AND patient_id <> '' AND "+isOpen, kind, ids)
}

// WorkItem gives one, open or not; false where there is none.
func WorkItem(v *store.View, id models.WorkItemID) (models.WorkItem, bool, error) {
	return store.First[models.WorkItem](v, "id = ?", id)
}

// SaveWork writes a work item after something was done with it, and gives it as it stands then. One without a version is new, and before is
// zero for it; else before is how it stood.
func SaveWork(tx *store.Tx, before, item models.WorkItem, action models.WorkAction, text string) (models.WorkItem, error) {
	item.TenantID, item.Updated = tx.Tenant(), tx.Now()
	item.Version++
	save := store.Upsert[models.WorkItem]
	if item.Version == 1 {
		item.Created = tx.Now()
		if item.ID == "" {
			item.ID = models.WorkItemID(tx.NewID())
		}
		save = store.Insert // the unique index on what is open must be able to refuse
	}
	if err := save(tx, item); err != nil {
		return item, err
	}
	workItems.note(tx, item)
	if err := tally(tx, before, item); err != nil {
		return item, err
	}
	return item, store.Insert(tx, models.WorkEvent{
		TenantID: item.TenantID, WorkID: item.ID, Sequence: item.Version, Action: action, Who: tx.Subject(), At: tx.Now(), Text: text,
	})
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

// WorkEvents gives what was done with work items, each in order.
func WorkEvents(v *store.View, ids []models.WorkItemID) (map[models.WorkItemID][]models.WorkEvent, error) {
	events, err := store.All[models.WorkEvent](v, "work_id, sequence", "work_id IN ?", store.Texts(ids))
	byItem := make(map[models.WorkItemID][]models.WorkEvent, len(ids))
	for _, e := range events {
		byItem[e.WorkID] = append(byItem[e.WorkID], e)
	}
	return byItem, err
}

// DecidedWork gives the work about a subject that people decided.
func DecidedWork(v *store.View, subject models.Ref) ([]models.WorkItem, error) {
	return store.All[models.WorkItem](v, "id", "subject = ? AND decision <> ''", subject)
}
