package documents

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Written gives the documents that a transaction has put so far, as they stand now, by type and id.
func Written(tx *store.Tx) ([]models.Document, error) {
	refs := make([]models.Ref, 0, len(writtenBy(tx)))
	for ref := range writtenBy(tx) {
		refs = append(refs, ref)
	}
	written, err := Of(tx.View, refs, Guard{})
	slices.SortFunc(written, func(a, b models.Document) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) })
	return written, err
}
