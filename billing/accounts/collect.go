package accounts

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/ledger"
	"medbill/internal/auth"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// PaymentRequest is money a patient gives for an invoice. Key is the client's own for this payment: the same key again is the
// same payment.
type PaymentRequest struct {
	InvoiceID models.InvoiceID
	Amount    models.Cents
	Method    models.PaymentMethod
	Reference string
	Key       string
}

// Text tells the same payment from another one under the same key.
func (r PaymentRequest) Text() string {
	return fmt.Sprintf("%q %d %q %q", r.InvoiceID, r.Amount, r.Method, r.Reference)
}

// Check refuses (Invalid) a payment without a key (required), and (Invalid, BusinessRule) an amount or a reference that no payment
// has. Paths are the names of its parameters.
func (r PaymentRequest) Check() error {
	if r.Key == "" {
		return fault.At(fault.Invalid, "required", "Idempotency-Key", "Every payment needs a key of its own of at most 255 characters, so that sending it again does not pay twice.")
	}
	if err := models.CheckPaid(r.Amount); err != nil {
		return fault.Under("amount", err)
	}
	if r.Reference == "" {
		return nil
	}
	return fault.Under("reference", models.CheckLine(r.Reference))
}

// Standing gives an invoice as it stands.
func Standing(id models.InvoiceID) func(*desk.Sheet) (models.Invoice, error) {
	return func(s *desk.Sheet) (models.Invoice, error) {
		i, known, err := books.Invoice(s.View, id)
		if err == nil && !known {
			err = fault.New(fault.Conflict, "invoice.external", "The invoice records billing done elsewhere; it cannot be paid here.")
		}
		return i, err
	}
}

// Pay puts a patient's payment in the books and gives the invoice as it stands then, with the cases whose invoices were paid.
// What exceeds the invoice pays the balances from before, then the patient's earlier open invoices, oldest first, and what is left becomes a credit. A processor's
// reference is one payment, however often it comes. It refuses a cancelled invoice (Conflict), another payment under the same
// reference (Conflict, payment.reference), and of a patient's own token what is not the patient's to do (Forbidden,
// BusinessRule).
func Pay(s *desk.Sheet, who auth.Principal, r PaymentRequest) (models.Invoice, []models.CaseID, error) {
	i, err := Standing(r.InvoiceID)(s)
	if err != nil {
		return i, nil, err
	}
	if err := books.Lock(s.Tx, models.Ref{Type: "Patient", ID: string(i.PatientID)}.String()); err != nil {
		return i, nil, err
	}
	repeated, err := r.isKnown(s, who)
	if err != nil || repeated {
		return i, nil, err
	}
	if i.Status == models.InvoiceCancelled {
		return i, nil, fault.At(fault.Conflict, "invoice.cancelled", "Invoice.status", "The invoice is cancelled; pay the one that replaces it.")
	}
	of, open, err := owedBy(s, i.PatientID)
	if err != nil {
		return i, nil, err
	}
	if err := r.allow(who, open); err != nil {
		return i, nil, err
	}
	payment := models.Payment{
		TenantID: s.Tenant(), ID: models.PaymentID(s.NewID()), PatientID: i.PatientID, InvoiceID: i.ID, Amount: r.Amount, Method: r.Method,
		Reference: r.Reference, Caller: who.Caller(), Key: r.Key, BodyHash: r.hash(), Received: s.Now(),
	}
	entry, shares, err := ledger.Paid(payment, i.ID, open, s.Today())
	if err != nil {
		return i, nil, err
	}
	if err := books.SavePayment(s.Tx, payment); err != nil {
		return i, nil, err
	}
	if err := s.Post(entry); err != nil {
		return i, nil, err
	}
	cases, err := of.settle(s, i.PatientID, shares)
	if err != nil {
		return i, nil, err
	}
	i, err = Standing(r.InvoiceID)(s)
	return i, cases, err
}

// isKnown reports whether the payment is in the books: under its key, or under its processor's reference.
func (r PaymentRequest) isKnown(s *desk.Sheet, who auth.Principal) (bool, error) {
	same, err := books.SamePayments(s.View, models.Payment{Caller: who.Caller(), Key: r.Key, Method: r.Method, Reference: r.Reference})
	if err != nil {
		return false, err
	}
	under := func(p models.Payment) bool { return p.Caller == who.Caller() && p.Key == r.Key }
	if at := slices.IndexFunc(same, under); at >= 0 {
		if same[at].BodyHash != r.hash() {
			return false, fault.At(fault.BusinessRule, "idempotency.key", "Idempotency-Key", "The key was used for another payment; use a new one.")
		}
		return true, nil
	}
	if len(same) > 0 && same[0].BodyHash != r.hash() {
		return false, fault.At(fault.Conflict, "payment.reference", "reference", "The processor's reference belongs to another payment; every payment has its own.")
	}
	return len(same) > 0, nil
}

// isProcessed reports whether a processor stands behind the payment and names it.
func (r PaymentRequest) isProcessed() bool {
	return r.Method == models.PaymentCard || r.Method == models.PaymentACH
}

// allow refuses a patient's own token what only the desk may record, and more than the patient owes.
func (r PaymentRequest) allow(who auth.Principal, open []ledger.Open) error {
	level, err := who.RequireOperation(auth.OperationPay, "Invoice")
	if err != nil || level != auth.LevelPatient {
		return err
	}
	if !r.isProcessed() {
		return fault.At(fault.Forbidden, "payment.method", "method", "Cash and checks are recorded at the desk; pay by card or ach.")
	}
	if r.Reference == "" {
		return fault.At(fault.BusinessRule, "payment.reference", "reference", "A payment by card or ach needs the processor's reference.")
	}
	var owed models.Cents
	for _, o := range open {
		owed += o.Due
	}
	if r.Amount > owed {
		return fault.At(fault.BusinessRule, "payment.amount", "amount", "The amount is more than the account owes; pay what is due.")
	}
	return nil
}

// owed is what a patient owes and was asked for: by the practice, or by those who billed before it moved in.
type owed struct {
	invoices []models.Invoice // issued, oldest first
	openings []models.Opening
}

// owedBy reads what a patient owes, with what is due of it piece by piece, oldest first.
func owedBy(s *desk.Sheet, patient models.PatientID) (of owed, open []ledger.Open, _ error) {
	all, openings, err := books.DuesOfPatient(s.View, patient)
	of.openings = openings
	for _, o := range openings {
		open = append(open, ledger.Open{ChargeID: o.ChargeID, CaseID: o.CaseID(), ServiceDate: o.ServiceDate, Due: o.Due})
	}
	for _, i := range all {
		if i.Status == models.InvoiceIssued {
			of.invoices, open = append(of.invoices, i), append(open, openOf(i)...)
		}
	}
	return of, open, err
}

// settle takes shares off what they paid, and gives the cases of that.
func (of owed) settle(s *desk.Sheet, patient models.PatientID, shares []ledger.Open) ([]models.CaseID, error) {
	var cases []models.CaseID
	var openings []models.Opening
	for _, o := range of.openings {
		if at := slices.IndexFunc(shares, func(share ledger.Open) bool { return share.ChargeID == o.ChargeID && share.InvoiceID == "" }); at >= 0 {
			o.Due -= shares[at].Due
			openings, cases = append(openings, o), append(cases, o.CaseID())
		}
	}
	if err := books.SaveOpenings(s.Tx, openings...); err != nil {
		return nil, err
	}
	var paid []models.Invoice
	for _, i := range of.invoices {
		if after := settled(i, shares); after.Due != i.Due {
			paid, cases = append(paid, after), append(cases, i.CaseID)
		}
	}
	return cases, s.RestateInvoices(patient, paid...)
}

func (r PaymentRequest) hash() string {
	sum := sha256.Sum256([]byte(r.Text()))
	return hex.EncodeToString(sum[:])
}
