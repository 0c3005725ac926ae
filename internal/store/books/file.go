package books

import (
	"cmp"
	"reflect"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// file is a case with all that hangs on it, read in one statement: whoever works on a case needs most of it. What a transaction
// saves of the case stands in it too. The account of its patient with who answers for it and the settings of the practice are in it, which hardly anybody
// who works on a case does without.
type file struct {
	id      models.CaseID
	isOpen  bool             // it was looked at
	patient models.PatientID // whose account was read

	cases     []models.Case // none or one
	diagnoses []models.CaseDiagnosis
	charges   []models.Charge
	claims    claimRows
	findings  []models.ClaimFinding
	answers   answerRows
	invoices  invoiceRows
	work      []models.WorkItem // that stand
	accounts  []models.Account
	answering []models.Guarantor     // on the account
	checks    []models.CoverageCheck // of the patient's plans, those that count
	settings  []models.Settings

	authorizations []models.Authorization // that were asked for the patient, in no order
}

// fileOf gives the file of a case.
func fileOf(v *store.View, id models.CaseID) (*file, error) {
	f, err := store.Collected(v, question(id), func(f *file) []store.Part {
		f.id = id
		return f.parts(v, "?", id)
	})
	if err != nil {
		return nil, err
	}
	f.opened(v)
	return f, nil
}

// fileWith gives, within a transaction that writes, the file that has a row of a table; nil where there is none, or outside.
func fileWith(v *store.View, table, id string, has func(*file) bool) (*file, error) {
	if f, open := openFile(v, has); open || !v.Remembers() {
		return f, nil
	}
	asked := "file with " + table + " " + id
	first := store.Asked{Name: "asked", Query: "SELECT case_id FROM " + table + " WHERE tenant_id = ? AND id = ?", Args: []any{v.Tenant(), id}}
	f, err := store.CollectedAfter(v, asked, first, func(f *file) []store.Part { return f.parts(v, "(SELECT case_id FROM asked)") })
	if err != nil || len(f.cases) == 0 || !has(f) {
		return nil, err
	}
	if f.id = f.cases[0].ID; !f.isOpen {
		store.AlsoKnown(v, asked, question(f.id))
	}
	f.opened(v)
	return f, nil
}

// parts are what is in the file of the case that is named by a piece of SQL.
func (f *file) parts(v *store.View, named string, args ...any) []store.Part {
	ofCase := "case_id = " + named
	ofClaims := those(v, "claim_id", "claims", ofCase, args...)
	return slices.Concat(
		[]store.Part{
			store.Take(&f.cases, func(c models.Case) bool { return c.ID == f.id }, "id = "+named, args...),
			store.Take(&f.diagnoses, func(d models.CaseDiagnosis) bool { return d.CaseID == f.id }, ofCase, args...),
			store.Take(&f.charges, func(c models.Charge) bool { return c.CaseID == f.id }, ofCase, args...),
			store.Take(&f.findings, func(n models.ClaimFinding) bool { return f.claims.has(n.ClaimID) }, ofClaims.hanging, ofClaims.hangsArgs...),
			store.Take(&f.work, func(w models.WorkItem) bool { return w.CaseID == f.id && w.Status != models.WorkCompleted }, ofCase+" AND "+stands, args...),
			store.Take(&f.accounts, func(a models.Account) bool { return a.PatientID == f.patient },
				"patient_id = (SELECT patient_id FROM cases WHERE tenant_id = ? AND id = "+named+")", append([]any{v.Tenant()}, args...)...),
			store.Take(&f.answering, func(g models.Guarantor) bool { return len(f.accounts) > 0 && g.AccountID == f.accounts[0].ID },
				"account_id = (SELECT id FROM accounts WHERE tenant_id = ? AND patient_id = (SELECT patient_id FROM cases WHERE tenant_id = ? AND id = "+named+"))", append([]any{v.Tenant(), v.Tenant()}, args...)...),
			store.Take(&f.checks, func(c models.CoverageCheck) bool { return c.PatientID == f.patient && c.Latest },
				"patient_id = (SELECT patient_id FROM cases WHERE tenant_id = ? AND id = "+named+") AND "+isLatest, append([]any{v.Tenant()}, args...)...),
			store.Take(&f.authorizations, func(a models.Authorization) bool { return a.PatientID == f.patient },
				"patient_id = (SELECT patient_id FROM cases WHERE tenant_id = ? AND id = "+named+")", append([]any{v.Tenant()}, args...)...),
			store.Take(&f.settings, func(models.Settings) bool { return true }, "1 = 1"),
		},
		f.claims.parts(ofClaims, func(c models.Claim) bool { return c.CaseID == f.id }),
		f.answers.parts(those(v, "answer_id", "answers", ofCase, args...), func(a models.Answer) bool { return a.CaseID == f.id }),
		f.invoices.parts(those(v, "invoice_id", "invoices", ofCase, args...), func(i models.Invoice) bool { return i.CaseID == f.id }),
	)
}

// question names the file of a case.
func question(id models.CaseID) string { return "file of " + string(id) }

// openFiles are the cases whose files a transaction has read.
type openFiles []models.CaseID

// opened notes that a file was read. The patient whose account is in it stays the one of the case as it was then.
func (f *file) opened(v *store.View) {
	if f.isOpen || !v.Remembers() {
		return
	}
	f.isOpen = true
	if len(f.cases) > 0 {
		f.patient = f.cases[0].PatientID
	}
	if open := store.Local[openFiles](v); !slices.Contains(*open, f.id) {
		*open = append(*open, f.id)
	}
}

// openFile gives the file that is meant where the transaction has read it already.
func openFile(v *store.View, isMeant func(*file) bool) (*file, bool) {
	for _, id := range *store.Local[openFiles](v) {
		if f, known := store.Known[file](v, question(id)); known && isMeant(f) {
			return f, true
		}
	}
	return nil, false
}

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
