package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// KeyUsed gives what a caller had done under a key of its own, for one entry of a Bundle or 0 for the whole call; false where it
// had nothing done.
func KeyUsed(v *store.View, caller, key string, entry int) (models.UsedKey, bool, error) {
	return store.First[models.UsedKey](v, "caller = ? AND key = ? AND entry = ?", caller, key, entry)
}

// KeyEntries gives what the entries of a Bundle did that was sent under a key, in their order.
func KeyEntries(v *store.View, caller, key string) ([]models.UsedKey, error) {
	return store.All[models.UsedKey](v, "entry", "caller = ? AND key = ? AND entry > 0", caller, key)
}

// UseKey remembers a call under its key; a key that is taken starts the transaction again, which then finds it.
func UseKey(tx *store.Tx, did ...models.UsedKey) error {
	did = slices.Clone(did)
	for i := range did {
		did[i].TenantID, did[i].Created = tx.Tenant(), tx.Now()
	}
	return store.Insert(tx, did...)
}
