package claims

import (
	"time"

	"medbill/billing/rules/scrub"
	"medbill/fhir"
	"medbill/internal/practice"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Try gives what rules of the practice come to on each of the claims, by the records as they are now. It changes nothing.
func Try(v *store.View, zone *time.Location, book *practice.Book, claims []models.Claim) ([][]models.Finding, error) {
	var refs []models.Ref
	wanted := map[models.Ref]bool{}
	for _, c := range claims {
		for _, ref := range named(c) {
			if !wanted[ref] {
				wanted[ref] = true
				refs = append(refs, ref)
			}
		}
	}
	records, err := recordsOf(v, refs)
	if err != nil {
		return nil, err
	}
	found := make([][]models.Finding, len(claims))
	for i, c := range claims {
		var mine []*fhir.Document
		for _, ref := range named(c) {
			if d := records[ref]; d != nil {
				mine = append(mine, d)
			}
		}
		subject := scrub.Subject{Claim: c, Practice: book}
		fill(&subject, mine, zone)
		found[i] = scrub.Tried(subject)
	}
	return found, nil
}

// recordsOf reads records, their references local.
func recordsOf(v *store.View, refs []models.Ref) (map[models.Ref]*fhir.Document, error) {
	stored, err := documents.Of(v, refs, documents.Guard{})
	if err != nil {
		return nil, err
	}
	parsed := make([]*fhir.Document, len(stored))
	for i, d := range stored {
		if parsed[i], err = fhir.Parse(d.Body); err != nil {
			return nil, err
		}
	}
	if parsed, err = documents.Resolve(v, parsed...); err != nil {
		return nil, err
	}
	records := make(map[models.Ref]*fhir.Document, len(parsed))
	for _, d := range parsed {
		records[models.Ref{Type: d.Type(), ID: d.ID()}] = d
	}
	return records, nil
}
