package inquiry

import (
	"cmp"
	"context"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// caseType is under which name reads of cases stand in the audit.
const caseType = "Case"

// casesOf is who may see cases: the office, as far as it may read visits. What hangs on a case has rights of its own.
const casesOf = "Encounter"

// Cases gives cases by their ids; a case that nothing opened is absent.
func (b *Books) Cases(ctx context.Context, p auth.Principal, ids []models.CaseID) ([]models.Case, error) {
	if err := records.Office(p, casesOf); err != nil {
		return nil, err
	}
	var cases []models.Case
	err := b.view(ctx, p, func(v *store.View) (err error) {
		cases, err = books.CasesByID(v, ids)
		return err
	})
	if err != nil {
		return nil, err
	}
	read := make([]models.Ref, len(cases))
	for i, c := range cases {
		read[i] = models.Ref{Type: caseType, ID: string(c.ID)}
	}
	return cases, b.records.Session(p).RecordReads(ctx, models.AuditRead, read)
}

// Case gives one case; one that nothing opened is NotFound.
func (b *Books) Case(ctx context.Context, p auth.Principal, id models.CaseID) (models.Case, error) {
	cases, err := b.Cases(ctx, p, []models.CaseID{id})
	if err != nil || len(cases) == 0 {
		return models.Case{}, cmp.Or(err, errNoCase)
	}
	return cases[0], nil
}

var errNoCase error = fault.New(fault.NotFound, "not-found", "There is no such case; its id is that of what opened it, such as Encounter/1.")

// CaseList asks for a page of cases.
type CaseList struct {
	State models.CaseState // "" for every state
	After models.CaseID    // the last one of the page before
	Count int
	Total bool // whether all of the list are counted
}

// CasePage is a page of cases in the order of their ids. Total is nil where nobody asked for it, and where there are more than
// store.TotalMax.
type CasePage struct {
	Cases []models.Case
	More  bool
	Total *int64
}

// CasePage gives a page of cases.
func (b *Books) CasePage(ctx context.Context, p auth.Principal, list CaseList) (CasePage, error) {
	if err := records.Office(p, casesOf); err != nil {
		return CasePage{}, err
	}
	var page CasePage
	err := b.view(ctx, p, func(v *store.View) (err error) {
		if page.Cases, err = books.CasesInState(v, list.State, list.After, list.Count+1); err != nil || !list.Total {
			return err
		}
		page.Total, err = books.CountCases(v, list.State)
		return err
	})
	if err != nil {
		return page, err
	}
	if page.More = len(page.Cases) > list.Count; page.More {
		page.Cases = page.Cases[:list.Count]
	}
	return page, b.records.Session(p).RecordRead(ctx, models.AuditSearch, caseType, "")
}

// Diagnoses gives what cases were coded with, for the office.
func (b *Books) Diagnoses(ctx context.Context, p auth.Principal, ids []models.CaseID) (map[models.CaseID][]models.CaseDiagnosis, error) {
	return office(ctx, b, p, casesOf, ids, books.DiagnosesOfCases)
}

// OfCases gives which records of a booked type hang on cases: Claim, ChargeItem, Invoice, or Task for the work that is open.
// It refuses whoever may not search for them (Forbidden).
func (b *Books) OfCases(ctx context.Context, p auth.Principal, typ string, ids []models.CaseID) (map[models.CaseID][]models.Ref, error) {
	if _, err := records.Guard(p, typ, auth.PermissionSearch); err != nil {
		return nil, err
	}
	return office(ctx, b, p, casesOf, ids, func(v *store.View, ids []models.CaseID) (map[models.CaseID][]models.Ref, error) {
		return books.OfCases(v, typ, ids)
	})
}
