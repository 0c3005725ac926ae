package accounts

import (
	"errors"

	"medbill/billing/desk"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

const noticeType = "PaymentNotice"

// DecideNotice takes a patient's payment from the practice, and refuses (Forbidden) what a payer says of one: it tells its own payments by PaymentReconciliation.
func DecideNotice(_ *store.Tx, a records.Arrival) (records.Fate, error) {
	if a.Principal.Organization != "" {
		return 0, fault.New(fault.Forbidden, "forbidden", "A PaymentNotice is a patient's payment, which the practice takes; a payer tells its payments by PaymentReconciliation.")
	}
	return records.FateBooked, nil
}

// BookNotice puts the payment of a PaymentNotice in the books, as Collect does; goOn is for the cases of which something was paid. The same number of the same system is one payment: the
// same again gives the first, and another one under it is refused (Conflict, payment.reference).
func (c Cashier) BookNotice(goOn func(*desk.Sheet, []models.CaseID) error) func(*store.Tx, records.Arrival) (string, error) {
	return func(tx *store.Tx, a records.Arrival) (string, error) {
		level, err := a.Principal.Require(noticeType, auth.PermissionCreate)
		if err != nil {
			return "", err
		}
		s, d, err := desk.Receive(tx, a)
		if err != nil {
			return "", err
		}
		p, err := intake.PaymentNotice(d, s.Zone())
		if err != nil {
			return "", err
		}
		p.ID, p.Caller = models.PaymentID(a.Ref.ID), noticeType
		if err := check(p.Key, p.Amount, p.Reference); err != nil {
			return "", atNotice(err)
		}
		paid, cases, err := c.Take(s, level, p)
		if err != nil {
			return "", atNotice(err)
		}
		if paid.ID != p.ID {
			return string(paid.ID), nil
		}
		if err := documents.SaveSent(tx, a.Ref, a.Document.Bytes()); err != nil {
			return "", err
		}
		return a.Ref.ID, goOn(s, cases)
	}
}

// noticed are the places in a PaymentNotice of what a payment says.
var noticed = map[string]string{"for": ".request", "amount": ".amount", "method": ".extension", "reference": ".payment.identifier.value", "Idempotency-Key": ".payment.identifier"}

// atNotice names the places of what is refused as a PaymentNotice has them.
func atNotice(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err
	}
	moved := &fault.Fault{Kind: f.Kind, Err: f.Err}
	for _, issue := range f.Issues {
		if place, ok := noticed[issue.Path]; ok {
			issue.Path = noticeType + place
		}
		moved.Issues = append(moved.Issues, issue)
	}
	return moved
}
