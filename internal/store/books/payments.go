package books

import (
	"medbill/internal/store"
	"medbill/models"
)

// PaymentByKey gives the payment that a caller made under a key of its own; false where there is none.
func PaymentByKey(v *store.View, caller, key string) (models.Payment, bool, error) {
	return store.First[models.Payment](v, "caller = ? AND idempotency_key = ?", caller, key)
}

// isProcessed is written out, not arguments: the index of what a processor knows is chosen by it.
const isProcessed = "method IN ('card', 'ach') AND reference <> ''"

// PaymentByReference gives the payment that a processor knows by its reference; false where there is none.
func PaymentByReference(v *store.View, method models.PaymentMethod, reference string) (models.Payment, bool, error) {
	return store.First[models.Payment](v, "method = ? AND reference = ? AND "+isProcessed, method, reference)
}

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
