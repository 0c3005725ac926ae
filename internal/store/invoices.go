package store

import (
	"medbill/fhir/render"
	"medbill/models"
)

// Invoice gives one invoice with its lines; false where there is none.
func (v *View) Invoice(id models.InvoiceID) (models.Invoice, bool, error) {
	invoices, err := v.invoices("id = ?", id)
	if err != nil || len(invoices) == 0 {
		return models.Invoice{}, false, err
	}
	return invoices[0], true, nil
}

// InvoicesOfVisit gives the invoices of a visit, oldest first.
func (v *View) InvoicesOfVisit(id models.VisitID) ([]models.Invoice, error) {
	return v.invoices("visit_id = ?", id)
}

// InvoiceByCause gives the invoice that something made; false where it was not made.
func (v *View) InvoiceByCause(cause string) (models.Invoice, bool, error) {
	invoices, err := v.invoices("cause = ?", cause)
	if err != nil || len(invoices) == 0 {
		return models.Invoice{}, false, err
	}
	return invoices[0], true, nil
}

// InvoicesOfPatient gives the invoices of a patient, oldest first.
func (v *View) InvoicesOfPatient(id models.PatientID) ([]models.Invoice, error) {
	return v.invoices("patient_id = ?", id)
}

// Invoices gives invoices with their lines in two statements.
func (v *View) Invoices(ids []models.InvoiceID) ([]models.Invoice, error) {
	return v.invoices("id IN ?", ids)
}

func (v *View) invoices(query string, args ...any) ([]models.Invoice, error) {
	invoices, err := all[models.Invoice](v, "created, id", query, args...)
	if err != nil || len(invoices) == 0 {
		return nil, err
	}
	at := make(map[models.InvoiceID]int, len(invoices))
	ids := make([]models.InvoiceID, len(invoices))
	for i, invoice := range invoices {
		at[invoice.ID], ids[i] = i, invoice.ID
	}
	lines, err := all[models.InvoiceLine](v, "invoice_id, sequence", "invoice_id IN ?", ids)
	for _, l := range lines {
		invoice := &invoices[at[l.InvoiceID]]
		invoice.Lines = append(invoice.Lines, l)
	}
	return invoices, err
}

// SaveInvoice writes an invoice with its lines and publishes it.
func (tx *Tx) SaveInvoice(i models.Invoice) error {
	i.TenantID, i.Updated = tx.actor.Tenant, tx.now
	if i.Created == 0 {
		i.Created = tx.now
	}
	if err := upsert(tx, i); err != nil {
		return err
	}
	if err := drop[models.InvoiceLine](tx, "invoice_id = ?", i.ID); err != nil {
		return err
	}
	for n := range i.Lines {
		i.Lines[n].TenantID, i.Lines[n].InvoiceID = tx.actor.Tenant, i.ID
	}
	if err := insert(tx, i.Lines...); err != nil {
		return err
	}
	return tx.publish(publication{models.Ref{Type: "Invoice", ID: string(i.ID)}, render.Invoice(i)})
}

// PaymentByKey gives the payment made under an idempotency key; false where there is none.
func (v *View) PaymentByKey(key string) (models.Payment, bool, error) {
	return first[models.Payment](v, "idempotency_key = ?", key)
}

// PaymentsOfInvoice gives what was paid on an invoice, oldest first.
func (v *View) PaymentsOfInvoice(id models.InvoiceID) ([]models.Payment, error) {
	return all[models.Payment](v, "received, id", "invoice_id = ?", id)
}

// PaymentsOfInvoices gives what was paid on each invoice, oldest first.
func (v *View) PaymentsOfInvoices(ids []models.InvoiceID) (map[models.InvoiceID][]models.Payment, error) {
	payments, err := all[models.Payment](v, "received, id", "invoice_id IN ?", ids)
	byInvoice := make(map[models.InvoiceID][]models.Payment, len(ids))
	for _, p := range payments {
		byInvoice[p.InvoiceID] = append(byInvoice[p.InvoiceID], p)
	}
	return byInvoice, err
}

// SavePayment writes a new payment; a key that is taken starts the transaction again, which then finds it.
func (tx *Tx) SavePayment(p models.Payment) error {
	p.TenantID, p.Received = tx.actor.Tenant, tx.now
	return insert(tx, p)
}
