package books

import (
	"sync"

	"medbill/internal/contracts"
	"medbill/internal/store"
	"medbill/models"
)

// ContractData gives all contracts of the practice with their rates, by key, in one statement.
func ContractData(v *store.View) (models.ContractData, error) {
	read, err := store.Collected(v, "contracts", func(d *models.ContractData) []store.Part {
		return []store.Part{store.Take(&d.Contracts, nil, "1 = 1"), store.Take(&d.Rates, nil, "1 = 1")}
	})
	if err != nil {
		return models.ContractData{}, err
	}
	contracts.Sort(*read)
	return *read, nil
}

// SaveContracts takes a file: what it replaces goes. The settings have to name another edition in the same transaction.
func SaveContracts(tx *store.Tx, f contracts.File) error {
	for _, id := range f.Named() {
		tx.Audit(models.AuditUpdate, "PayerContract", string(id), 0)
	}
	for _, id := range f.Gone {
		if err := store.Drop[models.Contract](tx, "id = ?", id); err != nil {
			return err
		}
	}
	for _, ids := range [][]models.ContractID{f.Gone, f.Rated} {
		for _, id := range ids {
			if err := store.Drop[models.ContractRate](tx, "contract_id = ?", id); err != nil {
				return err
			}
		}
	}
	mine := f.Onto(tx.Tenant(), models.ContractData{})
	if err := store.Upsert(tx, mine.Contracts...); err != nil {
		return err
	}
	return store.Insert(tx, mine.Rates...)
}

// contractBooks are the contracts that a process has read, the last edition of each tenant. An edition never changes, so they need not be
// looked after.
type contractBooks struct {
	mu    sync.Mutex
	rows  int
	known map[models.TenantID]contractBook
}

type contractBook struct {
	edition string
	rows    int
	book    *contracts.Book
}

// contractRowsMax bounds what a process keeps of all tenants: some 200 MB.
const contractRowsMax = 1_000_000

// ContractBook gives the book of an edition, as the settings of the same transaction name it; nil where nothing was ever loaded.
func ContractBook(v *store.View, edition string) (*contracts.Book, error) {
	if edition == "" {
		return nil, nil
	}
	all := store.Shared[contractBooks](v.DB())
	all.mu.Lock()
	one, found := all.known[v.Tenant()]
	all.mu.Unlock()
	if found && one.edition == edition {
		return one.book, nil
	}
	data, err := ContractData(v)
	if err != nil {
		return nil, err
	}
	one = contractBook{edition, len(data.Contracts) + len(data.Rates), contracts.NewBook(data)}
	all.put(v.Tenant(), one)
	return one.book, nil
}

// put keeps a book, and lets go of others where there are too many rows.
func (all *contractBooks) put(tenant models.TenantID, one contractBook) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.known == nil {
		all.known = map[models.TenantID]contractBook{}
	}
	all.rows += one.rows - all.known[tenant].rows
	all.known[tenant] = one
	for other, b := range all.known {
		if all.rows <= contractRowsMax {
			return
		}
		if other != tenant {
			all.rows -= b.rows
			delete(all.known, other)
		}
	}
}
