package ledger

import (
	"cmp"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// Open is a charge with what the patient still owes of it.
type Open struct {
	ChargeID    models.ChargeID
	VisitID     models.VisitID
	ServiceDate models.Date
	Due         models.Cents
}

// tills says where the money of each method lies until it reaches the bank.
var tills = map[models.PaymentMethod]models.LedgerAccount{
	models.PaymentCard:  models.AccountCardClearing,
	models.PaymentCash:  models.AccountDrawer,
	models.PaymentCheck: models.AccountBank,
	models.PaymentACH:   models.AccountBank,
}

// Paid puts a patient's payment in the books: it pays the open charges, oldest first and else in the order given, and what
// is left becomes a patient credit. Which charges it may pay is the caller's choice: those of its invoice. It refuses an
// amount that is not positive (BusinessRule, payment.amount) and an unknown method (BusinessRule, payment.method).
func Paid(p models.Payment, open []Open) (models.Entry, error) {
	till, ok := tills[p.Method]
	if !ok {
		return models.Entry{}, fault.New(fault.BusinessRule, "payment.method", "The payment's method is unknown; use card, cash, check or ach.")
	}
	if p.Amount <= 0 {
		return models.Entry{}, fault.New(fault.BusinessRule, "payment.amount", "The payment's amount must be more than zero.")
	}
	open = slices.Clone(open)
	slices.SortStableFunc(open, func(a, b Open) int { return cmp.Compare(a.ServiceDate, b.ServiceDate) })
	e := book{of: models.Posting{PatientID: p.PatientID, PaymentID: p.ID}}
	e.post(till, p.Amount)
	left := p.Amount
	for _, o := range open {
		part := max(0, min(left, o.Due))
		e.of.VisitID, e.of.ChargeID = o.VisitID, o.ChargeID
		e.post(models.AccountARPatient, -part)
		left -= part
	}
	e.of.VisitID, e.of.ChargeID = "", ""
	e.post(models.AccountPatientCredits, -left)
	return models.Entry{Kind: models.EntryPayment, Cause: "payment/" + string(p.ID), Postings: e.postings}, nil
}
