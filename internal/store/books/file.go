package books

import (
	"cmp"
	"reflect"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// file is a case with all that hangs on it, read in one statement: whoever works on a case needs most of it. What a transaction
// saves of the case stands in it too.
type file struct {
	cases     []models.Case // none or one
	diagnoses []models.CaseDiagnosis
	charges   []models.Charge
	claims    claimRows
	findings  []models.ClaimFinding
	answers   answerRows
	invoices  invoiceRows
	work      []models.WorkItem // open
}

// fileOf gives the file of a case.
func fileOf(v *store.View, id models.CaseID) (*file, error) {
	return store.Collected(v, question(id), func(f *file) []store.Part {
		ofClaims := those(v, "claim_id", "claims", "case_id = ?", id)
		return slices.Concat(
			[]store.Part{
				store.Take(&f.cases, func(c models.Case) bool { return c.ID == id }, "id = ?", id),
				store.Take(&f.diagnoses, func(d models.CaseDiagnosis) bool { return d.CaseID == id }, "case_id = ?", id),
				store.Take(&f.charges, func(c models.Charge) bool { return c.CaseID == id }, "case_id = ?", id),
				store.Take(&f.findings, func(n models.ClaimFinding) bool { return f.claims.has(n.ClaimID) }, ofClaims.hanging, ofClaims.hangsArgs...),
				store.Take(&f.work, func(w models.WorkItem) bool { return w.CaseID == id && w.Status == models.WorkRequested }, "case_id = ? AND "+isOpen, id),
			},
			f.claims.parts(ofClaims, func(c models.Claim) bool { return c.CaseID == id }),
			f.answers.parts(those(v, "answer_id", "answers", "case_id = ?", id), func(a models.Answer) bool { return a.CaseID == id }),
			f.invoices.parts(those(v, "invoice_id", "invoices", "case_id = ?", id), func(i models.Invoice) bool { return i.CaseID == id }),
		)
	})
}

// question names the file of a case.
func question(id models.CaseID) string { return "file of " + string(id) }

// where says which rows of a table are meant, and which of another table hang on them.
type where struct {
	rows      string
	rowArgs   []any
	hanging   string
	hangsArgs []any
}

// among means the rows with these ids; column names them in the rows that hang on them.
func among[ID ~string](column string, ids []ID) where {
	list := []any{store.Texts(ids)}
	return where{"id IN ?", list, column + " IN ?", list}
}

// those means the rows of table that a condition gives.
func those(v *store.View, column, table, query string, args ...any) where {
	return where{query, args, v.Within(column, "SELECT id FROM "+table+" WHERE tenant_id = ? AND "+query), append([]any{v.Tenant()}, args...)}
}

// sorted gives the rows of one parent by a number.
func sorted[Row any](rows []Row, mine func(Row) bool, number func(Row) int) []Row {
	var list []Row
	for _, row := range rows {
		if mine(row) {
			list = append(list, row)
		}
	}
	slices.SortFunc(list, func(a, b Row) int { return cmp.Compare(number(a), number(b)) })
	return list
}

// replace brings the rows that hang on one other from what they were to what they are.
func replace[Child any](tx *store.Tx, before, now []Child, number func(Child) int) error {
	var gone, changed []Child
	for _, row := range before {
		if !slices.ContainsFunc(now, func(other Child) bool { return number(other) == number(row) }) {
			gone = append(gone, row)
		}
	}
	for _, row := range now {
		if !slices.ContainsFunc(before, func(other Child) bool { return reflect.DeepEqual(other, row) }) {
			changed = append(changed, row)
		}
	}
	if err := store.Delete(tx, gone...); err != nil {
		return err
	}
	return store.Upsert(tx, changed...)
}
