package billing

import (
	"context"
	"reflect"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/inquiry"
	"medbill/internal/auth"
	"medbill/internal/contracts"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// LoadedContracts is how the contracts of a file stand after it was loaded, by id: how many rates each has.
type LoadedContracts struct {
	Contracts []ContractCount
	Changed   bool // false where everything stood here as it is
}

// ContractCount is a contract with how many rates it has; one that was taken away has no name.
type ContractCount struct {
	ID    models.ContractID
	Name  string
	Rates int
}

// Contracts gives all contracts of the practice. It refuses (Forbidden) a tenant that nobody has made.
func (o *Office) Contracts(ctx context.Context, p auth.Principal) (*contracts.Book, error) {
	if err := p.RequireTenantOperation(operation.ScopeContracts, aboutSettings); err != nil {
		return nil, err
	}
	var book *contracts.Book
	err := o.session(p).View(ctx, func(v *store.View) error {
		if err := isTenant(v); err != nil {
			return err
		}
		data, err := books.ContractData(v)
		book = contracts.NewBook(data)
		return err
	})
	return book, err
}

// LoadContracts takes a file of contracts or of rates in one transaction, all of it or nothing. It refuses (BusinessRule, with the line) what
// contracts.File.Check does. The same again changes nothing. Claims are not looked at again: what is expected of them is asked when it is needed.
func (o *Office) LoadContracts(ctx context.Context, p auth.Principal, c Call, f contracts.File) (desk.Done[LoadedContracts], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopeContracts, aboutSettings, f),
		inTenant(func(s *desk.Sheet) (LoadedContracts, error) { return loadContracts(s, f) }),
		func(s *desk.Sheet) (LoadedContracts, error) {
			data, err := books.ContractData(s.View)
			return countContracts(data, f, false), err
		})
}

func loadContracts(s *desk.Sheet, f contracts.File) (LoadedContracts, error) {
	before, err := books.ContractData(s.View)
	if err != nil {
		return LoadedContracts{}, err
	}
	payers, err := s.PayerBook()
	if err != nil {
		return LoadedContracts{}, err
	}
	isKnown := func(id models.OrganizationID) bool {
		return slices.ContainsFunc(payers.Data().Payers, func(p models.Payer) bool { return p.ID == id })
	}
	after := f.Onto(s.Tenant(), before)
	if err := f.Check(after, isKnown); err != nil {
		return LoadedContracts{}, err
	}
	if reflect.DeepEqual(before, after) {
		return countContracts(after, f, false), nil
	}
	if err := books.SaveContracts(s.Tx, f); err != nil {
		return LoadedContracts{}, err
	}
	settings := s.Settings()
	settings.RateEdition = s.NewID()
	return countContracts(after, f, true), books.SaveSettings(s.Tx, settings)
}

// countContracts counts the rates of the contracts that a file names.
func countContracts(data models.ContractData, f contracts.File, changed bool) LoadedContracts {
	book := contracts.NewBook(data)
	loaded := LoadedContracts{Changed: changed}
	for _, id := range f.Named() {
		one := ContractCount{ID: id}
		if terms, found := book.Of(id); found {
			one.Name, one.Rates = terms.Name, terms.Rates()
		}
		loaded.Contracts = append(loaded.Contracts, one)
	}
	return loaded
}

// Expect gives what the payer of a claim is expected to allow. It refuses (Conflict) a claim that records billing done elsewhere.
func (o *Office) Expect(ctx context.Context, p auth.Principal, id models.ClaimID) (models.Expected, error) {
	look := func(s *desk.Sheet) (models.Expected, error) {
		found, err := inquiry.ExpectedOf(s.View, []models.ClaimID{id})
		if err != nil {
			return models.Expected{}, err
		}
		expected, ours := found[id]
		if !ours {
			return expected, fault.New(fault.Conflict, "claim.external", "The claim records billing done elsewhere and is not ours to work on.")
		}
		return expected, nil
	}
	seen, err := desk.Do(ctx, o.db, p, Call{DryRun: true}.command(operation.ScopeSubmit, models.Ref{Type: "Claim", ID: string(id)}, nil), look, look)
	if err != nil {
		return models.Expected{}, err
	}
	return seen.Result, o.session(p).RecordRead(ctx, models.AuditRead, "Claim", string(id))
}
