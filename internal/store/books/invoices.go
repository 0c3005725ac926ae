package books

import (
	"cmp"
	"fmt"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Invoice gives one invoice with its lines; false where there is none. A transaction reads the file of its case, which it will
// need.
func Invoice(v *store.View, id models.InvoiceID) (models.Invoice, bool, error) {
	isIt := func(i models.Invoice) bool { return i.ID == id }
	f, err := fileWith(v, "invoices", string(id), func(f *file) bool { return slices.ContainsFunc(f.invoices.invoices, isIt) })
	if err != nil {
		return models.Invoice{}, false, err
	}
	if f != nil {
		list := f.invoices.list()
		return list[slices.IndexFunc(list, isIt)], true, nil
	}
	invoices, err := Invoices(v, []models.InvoiceID{id})
	if err != nil || len(invoices) == 0 {
		return models.Invoice{}, false, err
	}
	return invoices[0], true, nil
}

// InvoicesOfCase gives the invoices of a case, cancelled ones too, oldest first.
func InvoicesOfCase(v *store.View, id models.CaseID) ([]models.Invoice, error) {
	f, err := fileOf(v, id)
	if err != nil {
		return nil, err
	}
	return f.invoices.list(), nil
}

// Invoices gives invoices with their lines in one statement.
func Invoices(v *store.View, ids []models.InvoiceID) ([]models.Invoice, error) {
	return invoicesWhere(v, among("invoice_id", ids), func(i models.Invoice) bool { return slices.Contains(ids, i.ID) })
}

// invoiceRows are invoices with their lines, in no order.
type invoiceRows struct {
	invoices []models.Invoice
	lines    []models.InvoiceLine
}

func (r *invoiceRows) parts(w where, belongs func(models.Invoice) bool) []store.Part {
	has := func(l models.InvoiceLine) bool {
		return slices.ContainsFunc(r.invoices, func(i models.Invoice) bool { return i.ID == l.InvoiceID })
	}
	return []store.Part{
		store.Take(&r.invoices, belongs, w.rows, w.rowArgs...),
		store.Take(&r.lines, has, w.hanging, w.hangsArgs...),
	}
}

// list gives the invoices with their lines, oldest first.
func (r *invoiceRows) list() []models.Invoice {
	list := slices.SortedFunc(slices.Values(r.invoices), func(a, b models.Invoice) int {
		return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.ID, b.ID))
	})
	for n := range list {
		i := &list[n]
		i.Lines = sorted(r.lines, func(l models.InvoiceLine) bool { return l.InvoiceID == i.ID }, func(l models.InvoiceLine) int { return l.Sequence })
	}
	return list
}

func invoicesWhere(v *store.View, w where, belongs func(models.Invoice) bool) ([]models.Invoice, error) {
	rows, err := store.Collected(v, fmt.Sprintf("invoices %q", w), func(r *invoiceRows) []store.Part { return r.parts(w, belongs) })
	if err != nil {
		return nil, err
	}
	return rows.list(), nil
}

// SaveInvoices writes invoices with their lines, which are always the same ones.
func SaveInvoices(tx *store.Tx, list ...models.Invoice) error {
	list = slices.Clone(list)
	var lines []models.InvoiceLine
	for n := range list {
		i := &list[n]
		i.TenantID, i.Updated = tx.Tenant(), tx.Now()
		if i.Created == 0 {
			i.Created = tx.Now()
		}
		i.Lines = slices.Clone(i.Lines)
		for n := range i.Lines {
			i.Lines[n].TenantID, i.Lines[n].InvoiceID = tx.Tenant(), i.ID
		}
		lines = append(lines, i.Lines...)
	}
	invoices.note(tx, list...)
	if err := store.Upsert(tx, list...); err != nil {
		return err
	}
	return store.Upsert(tx, lines...)
}
