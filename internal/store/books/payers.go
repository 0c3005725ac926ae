package books

import (
	"sync"

	"medbill/internal/payers"
	"medbill/internal/store"
	"medbill/models"
)

// PayerData gives all that the practice knows of its payers, by key, in one statement.
func PayerData(v *store.View) (models.PayerData, error) {
	read, err := store.Collected(v, "payers", func(d *models.PayerData) []store.Part {
		return []store.Part{
			store.Take(&d.Payers, nil, "1 = 1"), store.Take(&d.Facts, nil, "1 = 1"), store.Take(&d.Enrolments, nil, "1 = 1"),
		}
	})
	if err != nil {
		return models.PayerData{}, err
	}
	payers.Sort(*read)
	return *read, nil
}

// SavePayers takes a file: what it replaces goes. The settings have to name another edition in the same transaction.
func SavePayers(tx *store.Tx, f payers.File) error {
	for _, id := range f.Named() {
		tx.Audit(models.AuditUpdate, "Payer", string(id), 0)
	}
	for _, about := range f.Subjects {
		if err := store.Drop[models.PayerFact](tx, "payer_id = ? AND subject = ?", about.Payer, about.Subject); err != nil {
			return err
		}
	}
	for _, id := range f.Enrols {
		if err := store.Drop[models.Enrolment](tx, "payer_id = ?", id); err != nil {
			return err
		}
	}
	mine := f.Onto(tx.Tenant(), models.PayerData{})
	if err := store.Upsert(tx, mine.Payers...); err != nil {
		return err
	}
	if err := store.Insert(tx, mine.Facts...); err != nil {
		return err
	}
	return store.Insert(tx, mine.Enrolments...)
}

// payerBooks are the books that a process has read, the last edition of each tenant. An edition never changes, so they need not be
// looked after.
type payerBooks struct {
	mu    sync.Mutex
	rows  int
	known map[models.TenantID]payerBook
}

type payerBook struct {
	edition string
	rows    int
	book    *payers.Book
}

// payerRowsMax bounds what a process keeps of all tenants: some 200 MB.
const payerRowsMax = 1_000_000

// PayerBook gives the book of an edition, as the settings of the same transaction name it; nil where nothing was ever loaded.
func PayerBook(v *store.View, edition string) (*payers.Book, error) {
	if edition == "" {
		return nil, nil
	}
	all := store.Shared[payerBooks](v.DB())
	all.mu.Lock()
	one, found := all.known[v.Tenant()]
	all.mu.Unlock()
	if found && one.edition == edition {
		return one.book, nil
	}
	data, err := PayerData(v)
	if err != nil {
		return nil, err
	}
	one = payerBook{edition, len(data.Payers) + len(data.Facts) + len(data.Enrolments), payers.NewBook(data)}
	all.put(v.Tenant(), one)
	return one.book, nil
}

// put keeps a book, and lets go of others where there are too many rows.
func (all *payerBooks) put(tenant models.TenantID, one payerBook) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.known == nil {
		all.known = map[models.TenantID]payerBook{}
	}
	all.rows += one.rows - all.known[tenant].rows
	all.known[tenant] = one
	for other, b := range all.known {
		if all.rows <= payerRowsMax {
			return
		}
		if other != tenant {
			all.rows -= b.rows
			delete(all.known, other)
		}
	}
}
