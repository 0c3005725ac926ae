package inquiry

import (
	"context"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Readable gives those of documents that p may read; they may be a rehearsal's, which are kept nowhere. A payer sees nothing
// of what is not sent to it.
func (b *Books) Readable(ctx context.Context, p auth.Principal, list []models.Document) ([]models.Document, error) {
	var readable []models.Document
	err := b.view(ctx, p, func(v *store.View) error {
		for _, d := range list {
			mine, err := isReadable(v, p, d)
			if err != nil {
				return err
			}
			if mine {
				readable = append(readable, d)
			}
		}
		return nil
	})
	return readable, err
}

func isReadable(v *store.View, p auth.Principal, d models.Document) (bool, error) {
	guard, err := records.Guard(p, d.Type, auth.PermissionRead)
	switch {
	case err != nil:
		return false, nil //nolint:nilerr // what may not be read is left out, as in a page of a search
	case guard == documents.Guard{}:
		return true, nil
	case guard.Payer != "":
		return false, nil
	}
	parsed, err := fhir.Parse(d.Body)
	if err != nil {
		return false, err
	}
	return documents.InCompartment(v, parsed, guard.Patient)
}
