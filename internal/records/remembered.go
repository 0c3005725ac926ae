package records

import (
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

// didEntry is what is remembered of a write: its status and which version it led to. The content stands in the history. Of a read
// nothing is.
func didEntry(e EntryOutcome) models.UsedKey {
	if e.IsRead || e.Found != nil {
		return models.UsedKey{Status: e.Status}
	}
	return models.UsedKey{Status: e.Status, Type: e.Document.Type, Record: e.Document.ID, Version: e.Document.Version}
}

// entryAgain gives what a write did from what is remembered of it. Who asks got the same answer before, so nothing is hidden;
// that it is read is in the audit.
func entryAgain(tx *store.Tx, did models.UsedKey) (EntryOutcome, error) {
	e := EntryOutcome{Status: did.Status}
	if did.Version == 0 {
		return e, nil
	}
	ref := models.Ref{Type: did.Type, ID: did.Record}
	d, found, err := documents.Version(tx.View, ref, did.Version, documents.Guard{})
	if err == nil && !found {
		err = errNotFound
	}
	tx.RecordRead(models.AuditRead, ref.Type, ref.ID)
	e.Document = d
	return e, err
}

// didAll is what is remembered of a transaction: that it was done, and what each of its entries did.
func didAll(outcomes []EntryOutcome) []models.UsedKey {
	did := make([]models.UsedKey, 1, 1+len(outcomes))
	did[0] = models.UsedKey{Status: 200, Type: "Bundle"}
	for _, e := range outcomes {
		did = append(did, didEntry(e))
	}
	return did
}

// allAgain gives what the entries of a transaction did; those that read are read anew.
func allAgain(tx *store.Tx, did models.UsedKey) ([]EntryOutcome, error) {
	entries, err := books.KeyEntries(tx.View, did.Caller, did.Key)
	if err != nil {
		return nil, err
	}
	outcomes := make([]EntryOutcome, len(entries))
	for i, entry := range entries {
		if outcomes[i], err = entryAgain(tx, entry); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// shown gives every document that entries brought.
func shown(outcomes []EntryOutcome) []models.Document {
	var list []models.Document
	for _, e := range outcomes {
		if e.Document.Version > 0 {
			list = append(list, e.Document)
		}
		if e.Found != nil {
			list = append(append(list, e.Found.Matches...), e.Found.Included...)
		}
	}
	return list
}
