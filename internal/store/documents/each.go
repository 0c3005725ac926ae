package documents

import (
	"medbill/internal/store"
	"medbill/models"
)

// Each calls fn for every current document of the tenant that is not deleted, by type and id.
func Each(v *store.View, fn func(models.Document) error) error {
	return EachPage(v, func(page []models.Document) error {
		for _, d := range page {
			if d.Deleted {
				continue
			}
			if err := fn(d); err != nil {
				return err
			}
		}
		return nil
	})
}

const pageMax = 500

// EachPage calls fn for the current documents of the tenant, deleted ones too, some hundreds at a time, by type and id. No
// query is open while fn runs, so that it may ask for more.
func EachPage(v *store.View, fn func([]models.Document) error) error {
	if err := settle(v, Guard{}); err != nil {
		return err
	}
	var last models.Ref
	for {
		page, err := fetch(v, "SELECT "+documentColumns+" FROM documents WHERE tenant_id = ? AND (type, id) > (?, ?) ORDER BY type, id LIMIT ?",
			v.Tenant(), last.Type, last.ID, pageMax)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := fn(page); err != nil {
			return err
		}
		end := page[len(page)-1]
		last = models.Ref{Type: end.Type, ID: end.ID}
	}
}

// Past says how many older versions of a document the history holds, and the greatest of them.
type Past struct{ Count, Latest int64 }

// Pasts gives the history behind documents of one type, by id; one without older versions is absent.
func Pasts(v *store.View, typ string, ids []string) (map[string]Past, error) {
	if err := settle(v, Guard{}, typ); err != nil {
		return nil, err
	}
	pasts := map[string]Past{}
	err := v.Rows(func(row store.Row) error {
		var id string
		var p Past
		err := row.Scan(&id, &p.Count, &p.Latest)
		pasts[id] = p
		return err
	}, "SELECT id, count(*), max(version) FROM document_history WHERE tenant_id = ? AND type = ? AND id IN ? GROUP BY id", v.Tenant(), typ, ids)
	return pasts, err
}

// EachPastPage calls fn for the older versions of the tenant's documents, some hundreds at a time.
func EachPastPage(v *store.View, fn func([]models.Document) error) error {
	if err := settle(v, Guard{}); err != nil {
		return err
	}
	var last models.Document
	for {
		page, err := fetch(v, "SELECT "+documentColumns+" FROM document_history WHERE tenant_id = ? AND (type, id, version) > (?, ?, ?) ORDER BY type, id, version LIMIT ?",
			v.Tenant(), last.Type, last.ID, last.Version, pageMax)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := fn(page); err != nil {
			return err
		}
		last = page[len(page)-1]
	}
}
