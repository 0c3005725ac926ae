package books

import (
	"cmp"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// paymentRows are payments with what they pay, in no order.
type paymentRows struct {
	payments    []models.Payment
	allocations []models.Allocation
}

// parts are the payments of which a condition gives the ids.
func (r *paymentRows) parts(w where, belongs func(models.Payment) bool) []store.Part {
	has := func(a models.Allocation) bool {
		return slices.ContainsFunc(r.payments, func(p models.Payment) bool { return p.ID == a.PaymentID })
	}
	return []store.Part{
		store.Take(&r.payments, belongs, w.rows, w.rowArgs...),
		store.Take(&r.allocations, has, w.hanging, w.hangsArgs...),
	}
}

// list gives the payments with what they pay, oldest first.
func (r *paymentRows) list() []models.Payment {
	list := slices.SortedFunc(slices.Values(r.payments), func(a, b models.Payment) int {
		return cmp.Or(cmp.Compare(a.Received, b.Received), cmp.Compare(a.ID, b.ID))
	})
	allocations := slices.SortedFunc(slices.Values(r.allocations), func(a, b models.Allocation) int {
		return cmp.Or(cmp.Compare(a.InvoiceID, b.InvoiceID), cmp.Compare(a.ChargeID, b.ChargeID))
	})
	for n := range list {
		list[n].Allocations = nil
		for _, a := range allocations {
			if a.PaymentID == list[n].ID && a.Amount > 0 {
				list[n].Allocations = append(list[n].Allocations, a)
			}
		}
	}
	return list
}

func paymentsWhere(v *store.View, w where) ([]models.Payment, error) {
	var r paymentRows
	err := store.Collect(v, r.parts(w, nil)...)
	return r.list(), err
}

// PaymentsByID gives payments with what they pay, oldest first.
func PaymentsByID(v *store.View, ids []models.PaymentID) ([]models.Payment, error) {
	return paymentsWhere(v, among("payment_id", ids))
}

// Payment gives one payment with what it pays; false where there is none.
func Payment(v *store.View, id models.PaymentID) (models.Payment, bool, error) {
	list, err := PaymentsByID(v, []models.PaymentID{id})
	if err != nil || len(list) == 0 {
		return models.Payment{}, false, err
	}
	return list[0], true, nil
}

// PaymentsOfCharges gives the payments that pay something of charges, oldest first.
func PaymentsOfCharges(v *store.View, ids []models.ChargeID) ([]models.Payment, error) {
	paid := "SELECT payment_id FROM allocations WHERE tenant_id = ? AND charge_id IN ? AND amount > 0"
	args := []any{v.Tenant(), store.Texts(ids)}
	return paymentsWhere(v, where{v.Within("id", paid), args, v.Within("payment_id", paid), args})
}

// PaymentsOfInvoices gives what pays each invoice, oldest first.
func PaymentsOfInvoices(v *store.View, ids []models.InvoiceID) (map[models.InvoiceID][]models.Payment, error) {
	paid := "SELECT payment_id FROM allocations WHERE tenant_id = ? AND invoice_id IN ? AND amount > 0"
	args := []any{v.Tenant(), store.Texts(ids)}
	payments, err := paymentsWhere(v, where{v.Within("id", paid), args, v.Within("payment_id", paid), args})
	byInvoice := make(map[models.InvoiceID][]models.Payment, len(ids))
	for _, id := range ids {
		for _, p := range payments {
			if slices.ContainsFunc(p.Allocations, func(a models.Allocation) bool { return a.InvoiceID == id }) {
				byInvoice[id] = append(byInvoice[id], p)
			}
		}
	}
	return byInvoice, err
}

// ChargesTakenBack gives those of charges for which a payment paid something once that was taken back since.
func ChargesTakenBack(v *store.View, ids []models.ChargeID) ([]models.ChargeID, error) {
	return store.Column[models.ChargeID](v, "SELECT DISTINCT a.charge_id FROM allocations a JOIN payments p ON p.tenant_id = a.tenant_id AND p.id = a.payment_id WHERE a.tenant_id = ? AND a.charge_id IN ?"+
		" AND a.amount = 0 AND p.state IN ('failed', 'disputed') ORDER BY a.charge_id", v.Tenant(), store.Texts(ids))
}

// PaymentsOfPatients gives all payments of patients, oldest first.
func PaymentsOfPatients(v *store.View, ids ...models.PatientID) ([]models.Payment, error) {
	return paymentsWhere(v, those(v, "payment_id", "payments", "patient_id IN ?", store.Texts(ids)))
}

// AddPayment writes a new payment with what it pays; a key that is taken starts the transaction again, which then finds it.
func AddPayment(tx *store.Tx, p models.Payment) error {
	p.TenantID, p.Received, p.Updated = tx.Tenant(), tx.Now(), tx.Now()
	if err := store.Insert(tx, p); err != nil {
		return err
	}
	payments.note(tx, p)
	receipts.note(tx, p)
	return store.Insert(tx, allocationsOf(p)...)
}

// SavePayments writes payments that stand already, with what they pay.
func SavePayments(tx *store.Tx, list ...models.Payment) error {
	list = slices.Clone(list)
	var allocations []models.Allocation
	for i := range list {
		list[i].TenantID, list[i].Updated = tx.Tenant(), tx.Now()
		allocations = append(allocations, allocationsOf(list[i])...)
	}
	payments.note(tx, list...)
	receipts.note(tx, list...)
	if err := store.Upsert(tx, list...); err != nil {
		return err
	}
	return store.Upsert(tx, allocations...)
}

func allocationsOf(p models.Payment) []models.Allocation {
	list := slices.Clone(p.Allocations)
	for i := range list {
		list[i].TenantID, list[i].PaymentID = p.TenantID, p.ID
	}
	return list
}
