package billing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"medbill/billing/rules/ledger"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// PaymentRequest is money a patient gives for an invoice. Key is the client's own for this payment: the same key again is
// the same payment.
type PaymentRequest struct {
	InvoiceID models.InvoiceID
	Amount    models.Cents
	Method    models.PaymentMethod
	Reference string
	Key       string
}

const idempotencyKeyMax = 255

// Pay puts a patient's payment in the books and gives the invoice as it stands then. It refuses a missing key (Invalid), a
// key that was used for another payment (BusinessRule, payment.key) and a cancelled invoice (Conflict). More than what is
// due becomes a credit of the patient.
func (o *Office) Pay(ctx context.Context, p auth.Principal, request PaymentRequest) (models.Invoice, error) {
	if request.Key == "" || len(request.Key) > idempotencyKeyMax {
		return models.Invoice{}, fault.At(fault.Invalid, "required", "Idempotency-Key", "Every payment needs a key of its own of at most 255 characters, so that sending it again does not pay twice.")
	}
	var paid models.Invoice
	err := o.session(p).Update(ctx, func(tx *store.Tx) error {
		if err := require(&tx.View, p, auth.OperationPay, models.Ref{Type: "Invoice", ID: string(request.InvoiceID)}); err != nil {
			return err
		}
		i, known, err := tx.Invoice(request.InvoiceID)
		if err != nil {
			return err
		}
		if !known {
			return fault.New(fault.Conflict, "invoice.external", "The invoice records billing done elsewhere; it cannot be paid here.")
		}
		paid, err = pay(tx, i, request)
		return err
	})
	return paid, err
}

func pay(tx *store.Tx, i models.Invoice, request PaymentRequest) (models.Invoice, error) {
	hash := request.hash()
	before, repeated, err := tx.PaymentByKey(request.Key)
	if err != nil {
		return i, err
	}
	if repeated {
		if before.BodyHash != hash {
			return i, fault.At(fault.BusinessRule, "payment.key", "Idempotency-Key", "The key was used for another payment; use a new one.")
		}
		return i, nil
	}
	if i.Status == models.InvoiceCancelled {
		return i, fault.At(fault.Conflict, "invoice.cancelled", "Invoice.status", "The invoice is cancelled; pay the one that replaces it.")
	}
	payment := models.Payment{
		TenantID: tx.Tenant(), ID: models.PaymentID(tx.NewID()), PatientID: i.PatientID, InvoiceID: i.ID, Amount: request.Amount,
		Method: request.Method, Reference: request.Reference, Key: request.Key, BodyHash: hash, Received: tx.Now(),
	}
	b, ok, err := billOfInvoice(tx, i)
	if err != nil || !ok {
		return i, err
	}
	entry, err := ledger.Paid(payment, openCharges(i, b))
	if err != nil {
		return i, err
	}
	if err := tx.SavePayment(payment); err != nil {
		return i, err
	}
	if err := tx.Post(entry); err != nil {
		return i, err
	}
	return saveInvoice(tx, b)
}

// openCharges gives what is still due on each charge of an invoice.
func openCharges(i models.Invoice, b bill) []ledger.Open {
	days := make(map[models.ChargeID]models.Date, len(b.charges))
	for _, c := range b.charges {
		days[c.ID] = c.ServiceDate
	}
	open := make([]ledger.Open, len(i.Lines))
	for n, l := range i.Lines {
		open[n] = ledger.Open{ChargeID: l.ChargeID, VisitID: i.VisitID, ServiceDate: days[l.ChargeID], Due: l.Due}
	}
	return open
}

// hash tells the same payment from another one under the same key.
func (r PaymentRequest) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %q %q", r.InvoiceID, r.Amount, r.Method, r.Reference))
	return hex.EncodeToString(sum[:])
}
