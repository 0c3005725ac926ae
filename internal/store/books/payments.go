package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// SamePayments gives the payments that may be one that is made now, in no order: the one that its caller made under its key, and
// the one that its processor knows by its reference.
func SamePayments(v *store.View, p models.Payment) ([]models.Payment, error) {
	var same []models.Payment
	parts := []store.Part{store.Take(&same, nil, "caller = ? AND idempotency_key = ?", p.Caller, p.Key)}
	if p.Reference != "" {
		parts = append(parts, store.Take(&same, nil, "method = ? AND reference = ? AND "+isProcessed, p.Method, p.Reference))
	}
	return same, store.Collect(v, parts...)
}

// isProcessed is written out, not arguments: the index of what a processor knows is chosen by it.
const isProcessed = "method IN ('card', 'ach') AND reference <> ''"

// PaymentsOfInvoices gives what was paid on each invoice, oldest first.
func PaymentsOfInvoices(v *store.View, ids []models.InvoiceID) (map[models.InvoiceID][]models.Payment, error) {
	payments, err := store.All[models.Payment](v, "received, id", "invoice_id IN ?", ids)
	byInvoice := make(map[models.InvoiceID][]models.Payment, len(ids))
	for _, p := range payments {
		byInvoice[p.InvoiceID] = append(byInvoice[p.InvoiceID], p)
	}
	return byInvoice, err
}

// SavePayment writes a new payment; a key that is taken starts the transaction again, which then finds it.
func SavePayment(tx *store.Tx, p models.Payment) error {
	p.TenantID, p.Received = tx.Tenant(), tx.Now()
	return store.Insert(tx, p)
}

// PaymentsByID gives payments.
func PaymentsByID(v *store.View, ids []models.PaymentID) ([]models.Payment, error) {
	return store.All[models.Payment](v, "id", "id IN ?", ids)
}
