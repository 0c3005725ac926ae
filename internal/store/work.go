package store

import (
	"medbill/fhir/render"
	"medbill/models"
)

// isOpen is written out, not an argument: the indexes of open items are chosen by it.
const isOpen = "status = '" + string(models.WorkRequested) + "'"

// OpenWork opens a work item, or leaves the one that is open for the same kind and subject, with the newer reason.
func (tx *Tx) OpenWork(kind models.WorkKind, subject string, patient models.PatientID, reason string) error {
	item, ok, err := first[models.WorkItem](&tx.View, "kind = ? AND subject = ? AND "+isOpen, kind, subject)
	if err != nil || ok && item.Reason == reason {
		return err
	}
	if !ok {
		item = models.WorkItem{ID: models.WorkItemID(tx.NewID()), Kind: kind, Status: models.WorkRequested, Subject: subject, PatientID: patient, Created: tx.now}
	}
	item.Reason = reason
	return tx.saveWork(item, !ok)
}

// CloseWork ends the open work item of kind about subject, if there is one.
func (tx *Tx) CloseWork(kind models.WorkKind, subject string, status models.WorkStatus) error {
	item, ok, err := first[models.WorkItem](&tx.View, "kind = ? AND subject = ? AND "+isOpen, kind, subject)
	if err != nil || !ok {
		return err
	}
	item.Status = status
	return tx.saveWork(item, false)
}

func (tx *Tx) saveWork(item models.WorkItem, isNew bool) error {
	item.TenantID, item.Updated = tx.actor.Tenant, tx.now
	save := upsert[models.WorkItem]
	if isNew {
		save = insert // the unique index on what is open must be able to refuse
	}
	if err := save(tx, item); err != nil {
		return err
	}
	return tx.publish(publication{models.Ref{Type: "Task", ID: string(item.ID)}, render.Task(item)})
}

// WorkItem gives one work item, open or not; false where there is none.
func (v *View) WorkItem(id models.WorkItemID) (models.WorkItem, bool, error) {
	return first[models.WorkItem](v, "id = ?", id)
}

// WorkItems gives at most count open work items of kind ("" is any) after the id after, oldest first.
func (v *View) WorkItems(kind models.WorkKind, after models.WorkItemID, count int) ([]models.WorkItem, error) {
	q := v.mine().Where("id > ? AND "+isOpen, after)
	if kind != "" {
		q = q.Where("kind = ?", kind)
	}
	var items []models.WorkItem
	err := q.Order("id").Limit(count).Find(&items).Error
	return items, err
}

// OpenSubjects gives the subjects of open work items of a kind, to take their step again.
func (v *View) OpenSubjects(kind models.WorkKind) ([]string, error) {
	var subjects []string
	err := v.mine().Model(&models.WorkItem{}).Where("kind = ? AND "+isOpen, kind).Order("id").Pluck("subject", &subjects).Error
	return subjects, err
}
