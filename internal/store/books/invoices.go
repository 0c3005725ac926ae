package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Invoice gives one invoice with its lines; false where there is none.
func Invoice(v *store.View, id models.InvoiceID) (models.Invoice, bool, error) {
	invoices, err := invoicesWhere(v, "id = ?", id)
	if err != nil || len(invoices) == 0 {
		return models.Invoice{}, false, err
	}
	return invoices[0], true, nil
}

// InvoicesOfCase gives the invoices of a case, cancelled ones too, oldest first.
func InvoicesOfCase(v *store.View, id models.CaseID) ([]models.Invoice, error) {
	return invoicesWhere(v, "case_id = ?", id)
}

// InvoicesOfPatient gives the invoices of a patient, oldest first.
func InvoicesOfPatient(v *store.View, id models.PatientID) ([]models.Invoice, error) {
	return invoicesWhere(v, "patient_id = ?", id)
}

// Invoices gives invoices with their lines in two statements.
func Invoices(v *store.View, ids []models.InvoiceID) ([]models.Invoice, error) {
	return invoicesWhere(v, "id IN ?", ids)
}

func invoicesWhere(v *store.View, query string, args ...any) ([]models.Invoice, error) {
	invoices, err := store.All[models.Invoice](v, "created, id", query, args...)
	if err != nil || len(invoices) == 0 {
		return nil, err
	}
	at := make(map[models.InvoiceID]int, len(invoices))
	ids := make([]models.InvoiceID, len(invoices))
	for i, invoice := range invoices {
		at[invoice.ID], ids[i] = i, invoice.ID
	}
	lines, err := store.All[models.InvoiceLine](v, "invoice_id, sequence", "invoice_id IN ?", ids)
	for _, l := range lines {
		invoice := &invoices[at[l.InvoiceID]]
		invoice.Lines = append(invoice.Lines, l)
	}
	return invoices, err
}

// SaveInvoice writes an invoice with its lines.
func SaveInvoice(tx *store.Tx, i models.Invoice) error {
	i.TenantID, i.Updated = tx.Tenant(), tx.Now()
	if i.Created == 0 {
		i.Created = tx.Now()
	}
	if err := store.Upsert(tx, i); err != nil {
		return err
	}
	i.Lines = slices.Clone(i.Lines)
	for n := range i.Lines {
		i.Lines[n].TenantID, i.Lines[n].InvoiceID = tx.Tenant(), i.ID
	}
	if err := replace(tx, "invoice_id", string(i.ID), i.Lines); err != nil {
		return err
	}
	invoices.note(tx, i)
	return nil
}
