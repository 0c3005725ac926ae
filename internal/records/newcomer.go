package records

import "medbill/internal/store"

// newcomers are the ids that a transaction gave to records.
type newcomers struct{ ids map[string]bool }

// newID gives a record that is created its id.
func newID(tx *store.Tx) string {
	id, all := tx.NewID(), store.Local[newcomers](tx.View)
	if all.ids == nil {
		all.ids = map[string]bool{}
	}
	all.ids[id] = true
	return id
}

// IsNewcomer reports whether the transaction itself gave a record its id. Nothing that was stored before can name it then, so that
// whoever asks what it bears on need not look: what names it comes in the same transaction, and is asked itself.
func IsNewcomer(tx *store.Tx, id string) bool { return store.Local[newcomers](tx.View).ids[id] }
