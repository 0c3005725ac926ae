package billing

import (
	"context"
	"reflect"
	"slices"

	"medbill/billing/desk"
	"medbill/internal/auth"
	"medbill/internal/payers"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/operation"
)

// LoadedPayers is how the payers of a file stand after it was loaded, by id: how many facts and enrolments are known of each.
type LoadedPayers struct {
	Payers  []PayerCount
	Changed bool // false where everything stood here as it is
}

// PayerCount is what is known of a payer, EveryPayer among them.
type PayerCount struct {
	ID                models.OrganizationID
	Name              string
	Facts, Enrolments int
}

// Payers gives all that the practice knows of its payers. It refuses (Forbidden) a tenant that nobody has made.
func (o *Office) Payers(ctx context.Context, p auth.Principal) (*payers.Book, error) {
	if err := p.RequireTenantOperation(operation.ScopePayers, aboutSettings); err != nil {
		return nil, err
	}
	var book *payers.Book
	err := o.session(p).View(ctx, func(v *store.View) error {
		if err := isTenant(v); err != nil {
			return err
		}
		data, err := books.PayerData(v)
		book = payers.NewBook(data)
		return err
	})
	return book, err
}

// LoadPayers takes a file of the directory, of facts or of enrolments in one transaction, all of it or nothing, and has claims that
// are not sent looked at again. It refuses (BusinessRule, with the line) a payer that is not in the directory. The same again changes nothing.
func (o *Office) LoadPayers(ctx context.Context, p auth.Principal, c Call, f payers.File) (desk.Done[LoadedPayers], error) {
	return desk.Do(ctx, o.db, p, c.tenantCommand(operation.ScopePayers, aboutSettings, f),
		inTenant(func(s *desk.Sheet) (LoadedPayers, error) { return loadPayers(s, f) }),
		func(s *desk.Sheet) (LoadedPayers, error) {
			data, err := books.PayerData(s.View)
			return countPayers(data, f, false), err
		})
}

func loadPayers(s *desk.Sheet, f payers.File) (LoadedPayers, error) {
	before, err := books.PayerData(s.View)
	if err != nil {
		return LoadedPayers{}, err
	}
	after := f.Onto(s.Tenant(), before)
	if err := inDirectory(after, f); err != nil {
		return LoadedPayers{}, err
	}
	if reflect.DeepEqual(before, after) {
		return countPayers(after, f, false), nil
	}
	if err := books.SavePayers(s.Tx, f); err != nil {
		return LoadedPayers{}, err
	}
	settings := s.Settings()
	settings.PayerEdition = s.NewID()
	if err := books.SaveSettings(s.Tx, settings); err != nil {
		return LoadedPayers{}, err
	}
	return countPayers(after, f, true), books.DuePlans(s.Tx, false)
}

// inDirectory refuses payers that nobody entered: what is known of one that is misspelt would never be asked for.
func inDirectory(known models.PayerData, f payers.File) error {
	entered := map[models.OrganizationID]bool{}
	for _, p := range known.Payers {
		entered[p.ID] = true
	}
	var issues []fault.Issue
	for _, id := range f.Named() {
		if !entered[id] {
			issues = append(issues, fault.Issue{Code: "payers.unknown", Path: f.LineOf(id), Text: "The payer is not in the directory; load a file of payer,name,aliases,identifiers,transactions that has it first."})
		}
	}
	return fault.Of(fault.BusinessRule, issues[:min(len(issues), issuesMax)])
}

// issuesMax bounds a refusal: nobody mends more lines before trying again.
const issuesMax = 100

// countPayers counts what is known of the payers that a file names.
func countPayers(data models.PayerData, f payers.File, changed bool) LoadedPayers {
	loaded := LoadedPayers{Changed: changed}
	named := f.Named()
	if slices.ContainsFunc(f.Subjects, func(a payers.About) bool { return a.Payer == models.EveryPayer }) {
		named = append(named, models.EveryPayer)
	}
	facts, enrolments, names := map[models.OrganizationID]int{}, map[models.OrganizationID]int{}, map[models.OrganizationID]string{}
	for _, p := range data.Payers {
		names[p.ID] = p.Name
	}
	for _, fact := range data.Facts {
		facts[fact.PayerID]++
	}
	for _, e := range data.Enrolments {
		enrolments[e.PayerID]++
	}
	for _, id := range named {
		loaded.Payers = append(loaded.Payers, PayerCount{id, names[id], facts[id], enrolments[id]})
	}
	return loaded
}
