package books

import "medbill/internal/store"

// replace writes the rows that hang on one other, by the column that names it, in place of those that are there.
func replace[Child any](tx *store.Tx, column, id string, rows []Child) error {
	if err := store.Drop[Child](tx, column+" = ?", id); err != nil {
		return err
	}
	return store.Insert(tx, rows...)
}
