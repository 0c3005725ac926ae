package books

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// hanging are the booked types that hang on cases, each with where its rows stand and in which order.
var hanging = map[string]string{
	"Claim":      "claims WHERE tenant_id = ? AND case_id IN ? ORDER BY position, part, created, id",
	"ChargeItem": "charges WHERE tenant_id = ? AND case_id IN ? ORDER BY sequence, created, id",
	"Invoice":    "invoices WHERE tenant_id = ? AND case_id IN ? ORDER BY created, id",
	"Task":       "work_items WHERE tenant_id = ? AND case_id IN ? AND " + isOpen + " ORDER BY id",
}

// OfCases gives which records of a booked type hang on each case, in the order of the case; of Tasks those that are open.
func OfCases(v *store.View, typ string, ids []models.CaseID) (map[models.CaseID][]models.Ref, error) {
	from, known := hanging[typ]
	if !known {
		return nil, fmt.Errorf("no %s hangs on a case", typ)
	}
	byCase := make(map[models.CaseID][]models.Ref, len(ids))
	err := v.Rows(func(row store.Row) error {
		var id models.CaseID
		ref := models.Ref{Type: typ}
		err := row.Scan(&id, &ref.ID)
		byCase[id] = append(byCase[id], ref)
		return err
	}, "SELECT case_id, id FROM "+from, v.Tenant(), store.Texts(ids))
	return byCase, err
}

// DiagnosesOfCases gives the diagnoses of cases, each in order.
func DiagnosesOfCases(v *store.View, ids []models.CaseID) (map[models.CaseID][]models.CaseDiagnosis, error) {
	rows, err := store.All[models.CaseDiagnosis](v, "case_id, sequence", "case_id IN ?", store.Texts(ids))
	byCase := make(map[models.CaseID][]models.CaseDiagnosis, len(ids))
	for _, row := range rows {
		byCase[row.CaseID] = append(byCase[row.CaseID], row)
	}
	return byCase, err
}

// CasesByID gives cases.
func CasesByID(v *store.View, ids []models.CaseID) ([]models.Case, error) {
	var cases []models.Case
	var unread []models.CaseID
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		if f, known := store.Known[file](v, question(id)); known {
			cases = append(cases, f.cases...)
		} else {
			unread = append(unread, id)
		}
	}
	if len(unread) > 0 {
		found, err := store.All[models.Case](v, "id", "id IN ?", unread)
		if err != nil {
			return nil, err
		}
		cases = append(cases, found...)
	}
	slices.SortFunc(cases, func(a, b models.Case) int { return cmp.Compare(a.ID, b.ID) })
	return cases, nil
}

// CasesInState gives at most count cases in a state ("" is any) after the id after, by id.
func CasesInState(v *store.View, state models.CaseState, after models.CaseID, count int) ([]models.Case, error) {
	if state == "" {
		return store.Some[models.Case](v, count, "id", "id > ?", after)
	}
	return store.Some[models.Case](v, count, "id", "state = ? AND id > ?", state, after)
}

// CountCases counts the cases in a state, "" being any; nil where there are more than store.TotalMax.
func CountCases(v *store.View, state models.CaseState) (*int64, error) {
	query, args := "SELECT 1 FROM cases WHERE tenant_id = ?", []any{v.Tenant()}
	if state != "" {
		query, args = query+" AND state = ?", append(args, state)
	}
	return store.Total(v, query, args...)
}
