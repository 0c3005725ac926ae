package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// PaymentPage gives at most count payments that a filter means with what they pay, by id, which of those that were made here is the latest first, after one of them by id ("" is before all).
func PaymentPage(v *store.View, f models.PaymentFilter, after models.PaymentID, count int) ([]models.Payment, error) {
	c := &conditions{}
	if f.PatientID != "" {
		c.add("patient_id = ?", f.PatientID)
	}
	if f.State != "" {
		c.look("state = ?", f.State)
	}
	if f.Method != "" {
		c.look("method = ?", f.Method)
	}
	c.before(string(after))
	page, err := store.Some[models.Payment](v, count, "id DESC", c.text(), c.args...)
	if err != nil {
		return nil, err
	}
	return allocated(v, page, func(a, b models.Payment) int { return cmp.Compare(b.ID, a.ID) })
}

// CreditPage gives at most count payments of which something pays nothing, of a patient or, where that is "", of all, by patient, after one of them (the zero one is before all).
func CreditPage(v *store.View, patient models.PatientID, after models.Payment, count int) ([]models.Payment, error) {
	c := &conditions{}
	c.add("unapplied > 0")
	if patient != "" {
		c.add("patient_id = ?", patient)
	}
	c.add("(patient_id, id) > (?, ?)", after.PatientID, after.ID)
	page, err := store.Some[models.Payment](v, count, "patient_id, id", c.text(), c.args...)
	if err != nil {
		return nil, err
	}
	return allocated(v, page, func(a, b models.Payment) int {
		return cmp.Or(cmp.Compare(a.PatientID, b.PatientID), cmp.Compare(a.ID, b.ID))
	})
}

// allocated gives the payments of a page with what they pay, in its order.
func allocated(v *store.View, page []models.Payment, order func(a, b models.Payment) int) ([]models.Payment, error) {
	if len(page) == 0 {
		return nil, nil
	}
	ids := make([]models.PaymentID, len(page))
	for i, p := range page {
		ids[i] = p.ID
	}
	list, err := PaymentsByID(v, ids)
	slices.SortFunc(list, order)
	return list, err
}

// before adds where a page begins that is in the order of ids, the last one first.
func (c *conditions) before(id string) {
	if id == "" {
		c.add("id > ''")
		return
	}
	c.add("id < ?", id)
}
