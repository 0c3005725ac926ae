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
