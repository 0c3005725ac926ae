package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// OpeningsByNumber gives those balances from before that have one of the numbers.
func OpeningsByNumber(v *store.View, numbers []string) ([]models.Opening, error) {
	return store.All[models.Opening](v, "number", "number IN ?", numbers)
}

// OpeningOf gives the balance from before that a case is; false where it is none.
func OpeningOf(v *store.View, id models.CaseID) (models.Opening, bool, error) {
	if !id.IsOpening() {
		return models.Opening{}, false, nil
	}
	return store.First[models.Opening](v, "charge_id = ?", id.Origin().ID)
}

// ClaimNumbers gives those of numbers that claims have.
func ClaimNumbers(v *store.View, numbers []string) ([]string, error) {
	return store.Column[string](v, "SELECT DISTINCT number FROM claims WHERE tenant_id = ? AND number IN ?", v.Tenant(), numbers)
}

// SaveOpenings writes balances from before.
func SaveOpenings(tx *store.Tx, list ...models.Opening) error {
	list = slices.Clone(list)
	for i := range list {
		list[i].TenantID, list[i].Created = tx.Tenant(), cmp.Or(list[i].Created, tx.Now())
	}
	return store.Upsert(tx, list...)
}

// AddClaims writes claims of new cases with their lines, many at a time: nothing of their cases need be read.
func AddClaims(tx *store.Tx, list ...models.Claim) error {
	list = slices.Clone(list)
	var lines []models.ClaimLine
	for i := range list {
		c := &list[i]
		c.TenantID, c.Created, c.Updated, c.Lines = tx.Tenant(), tx.Now(), tx.Now(), slices.Clone(c.Lines)
		c.Moves = moved(tx, models.Claim{}, c.State)
		for n := range c.Lines {
			c.Lines[n].TenantID, c.Lines[n].ClaimID = tx.Tenant(), c.ID
		}
		lines = append(lines, c.Lines...)
	}
	if err := store.Insert(tx, list...); err != nil {
		return err
	}
	claims.note(tx, list...)
	return store.Insert(tx, lines...)
}

// dues is what a patient is asked to pay, and what was due before.
type dues struct {
	invoiceRows
	openings []models.Opening
}

// DuesOfPatient gives the invoices of a patient, oldest first, and the balances from before of which the patient still owes something, by day of
// service; in one statement.
func DuesOfPatient(v *store.View, id models.PatientID) ([]models.Invoice, []models.Opening, error) {
	read, err := store.Collected(v, "dues of "+string(id), func(d *dues) []store.Part {
		return append(d.parts(those(v, "invoice_id", "invoices", "patient_id = ?", id), func(i models.Invoice) bool { return i.PatientID == id }),
			store.Take(&d.openings, func(o models.Opening) bool { return o.PatientID == id }, "patient_id = ? AND due > 0", id))
	})
	if err != nil {
		return nil, nil, err
	}
	openings := slices.DeleteFunc(slices.Clone(read.openings), func(o models.Opening) bool { return o.Due == 0 })
	slices.SortFunc(openings, func(a, b models.Opening) int {
		return cmp.Or(cmp.Compare(a.ServiceDate, b.ServiceDate), cmp.Compare(a.Number, b.Number))
	})
	return read.list(), openings, nil
}
