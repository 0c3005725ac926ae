package ledger

import (
	"cmp"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// tills says where the money of each method lies until the bank has it.
var tills = map[models.PaymentMethod]models.LedgerAccount{
	models.PaymentCard:  models.AccountCardClearing,
	models.PaymentACH:   models.AccountCardClearing,
	models.PaymentCash:  models.AccountDrawer,
	models.PaymentCheck: models.AccountDrawer,
	models.PaymentOther: models.AccountDrawer,
}

// Received puts a patient's payment into the books: it is the patient's credit until it is allocated. It refuses an amount that is not positive (BusinessRule,
// payment.amount) and an unknown method (BusinessRule, payment.method).
func Received(p models.Payment) (models.Entry, error) {
	till, ok := tills[p.Method]
	if !ok {
		return models.Entry{}, fault.New(fault.BusinessRule, "payment.method", "The payment method is unknown; send card, ach, cash, check or other.")
	}
	if p.Amount <= 0 {
		return models.Entry{}, fault.New(fault.BusinessRule, "payment.amount", "The payment has no amount; send one above 0.00.")
	}
	e := book{of: models.Dimensions{PatientID: p.PatientID, PaymentID: p.ID}}
	e.post(till, p.Amount)
	e.post(models.AccountPatientCredits, -p.Amount)
	return models.Entry{Kind: models.EntryPayment, Cause: models.CauseOfPayment(p.ID), Effective: p.Day, Postings: e.postings}, nil
}

// Allocated uses what of a payment is the patient's credit for charges that the patient owes. False where shares are none.
func Allocated(p models.Payment, shares []models.Allocation, day models.Date) (models.Entry, bool) {
	e := allocate([]models.Payment{p}, shares, 1)
	return models.Entry{Kind: models.EntryAllocation, Cause: models.CauseOfAllocation(p.ID, p.Moves), Effective: day, Postings: e}, len(e) > 0
}

// TakenOff makes what payments paid of charges the credit of their patients again. False where shares are none.
func TakenOff(payments []models.Payment, cause models.Cause, shares []models.Allocation, day models.Date) (models.Entry, bool) {
	e := allocate(payments, shares, -1)
	return models.Entry{Kind: models.EntryDeallocation, Cause: cause, Effective: day, Postings: e}, len(e) > 0
}

// Returned takes the money of a payment out of the books again that is not there after all; all that it paid is taken off before, and what was given back of it stays given back.
func Returned(p models.Payment, day models.Date) models.Entry {
	e := book{of: models.Dimensions{PatientID: p.PatientID, PaymentID: p.ID}}
	e.post(models.AccountPatientCredits, p.Unapplied)
	e.post(tills[p.Method], -p.Unapplied)
	return models.Entry{Kind: models.EntryReturn, Cause: models.CauseOfReturn(p.ID, p.Moves), Effective: day, Postings: e.postings}
}

// Refunded owes the patient what of a payment is to go back.
func Refunded(r models.Refund, day models.Date) models.Entry {
	e := book{of: models.Dimensions{PatientID: r.PatientID, PaymentID: r.PaymentID}}
	e.post(models.AccountPatientCredits, r.Amount)
	e.post(models.AccountRefunds, -r.Amount)
	return models.Entry{Kind: models.EntryRefund, Cause: models.CauseOfRefund(r.ID), Effective: day, Postings: e.postings}
}

// PaidOut has a refund leave the practice the way that its payment came.
func PaidOut(r models.Refund, method models.PaymentMethod, day models.Date) models.Entry {
	e := book{of: models.Dimensions{PatientID: r.PatientID, PaymentID: r.PaymentID}}
	e.post(models.AccountRefunds, r.Amount)
	e.post(tills[method], -r.Amount)
	return models.Entry{Kind: models.EntryPayout, Cause: models.CauseOfPayout(r.ID), Effective: day, Postings: e.postings}
}

// allocate gives the postings that take shares of payments off what patients owe, payment by payment, or with a sign of -1 put them back: the credit is
// the payment's patient's, and the charge may be another's.
func allocate(payments []models.Payment, shares []models.Allocation, sign models.Cents) []models.Posting {
	of := map[models.PaymentID]models.PatientID{}
	for _, p := range payments {
		of[p.ID] = p.PatientID
	}
	sorted := slices.Clone(shares)
	slices.SortStableFunc(sorted, func(a, b models.Allocation) int { return cmp.Compare(a.PaymentID, b.PaymentID) })
	var e book
	for i, share := range sorted {
		if i == 0 || share.PaymentID != sorted[i-1].PaymentID {
			var sum models.Cents
			for _, other := range sorted[i:] {
				if other.PaymentID == share.PaymentID {
					sum += other.Amount
				}
			}
			e.of = models.Dimensions{PatientID: of[share.PaymentID], PaymentID: share.PaymentID}
			e.post(models.AccountPatientCredits, sign*sum)
		}
		e.of = models.Dimensions{PatientID: share.PatientID, PaymentID: share.PaymentID, ChargeID: share.ChargeID, CaseID: share.CaseID, InvoiceID: share.InvoiceID}
		e.post(models.AccountARPatient, -sign*share.Amount)
	}
	return e.postings
}
