package books

import (
	"medbill/fhir/render"
	"medbill/internal/store"
	"medbill/models"
)

// SaveCodingWord keeps what a person said a visit was, and publishes it as a Provenance.
func SaveCodingWord(tx *store.Tx, w models.CodingWord) error {
	w.TenantID, w.ID, w.Who, w.At = tx.Tenant(), models.CodingWordID(tx.NewID()), tx.Subject(), tx.Now()
	changed(tx, models.Ref{Type: "Provenance", ID: string(w.ID)}, render.Provenance(w))
	return store.Insert(tx, w)
}

// CodingWords gives what people said a case was, oldest first.
func CodingWords(v *store.View, id models.CaseID) ([]models.CodingWord, error) {
	return store.All[models.CodingWord](v, "id", "case_id = ?", id)
}

// CodingWordsOfCases gives what people said cases were, each oldest first.
func CodingWordsOfCases(v *store.View, ids []models.CaseID) (map[models.CaseID][]models.CodingWord, error) {
	words, err := store.All[models.CodingWord](v, "case_id, id", "case_id IN ?", store.Texts(ids))
	byCase := make(map[models.CaseID][]models.CodingWord, len(ids))
	for _, w := range words {
		byCase[w.CaseID] = append(byCase[w.CaseID], w)
	}
	return byCase, err
}

// CodingWordsOf gives the last count codings of what a provider did, latest first.
func CodingWordsOf(v *store.View, provider models.PractitionerID, count int) ([]models.CodingWord, error) {
	return store.Some[models.CodingWord](v, count, "id DESC", "provider_id = ?", provider)
}

// CodingWordsAt gives at most count codings from one moment until before another, oldest first.
func CodingWordsAt(v *store.View, from, until models.Instant, count int) ([]models.CodingWord, error) {
	return store.Some[models.CodingWord](v, count, "at, id", "at >= ? AND at < ?", from, until)
}

// Publish puts a document of the office's own that no row stands behind.
func Publish(tx *store.Tx, ref models.Ref, body []byte) { changed(tx, ref, body) }
