package ledger

import (
	"cmp"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// Open is a line of an issued invoice with what the patient still owes of it.
type Open struct {
	InvoiceID   models.InvoiceID
	ChargeID    models.ChargeID
	CaseID      models.CaseID
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

// Paid puts a patient's payment in the books and gives what it paid of each line. first is the invoice that was paid: its lines
// come before those of other invoices, which are paid in the order given; within an invoice the oldest service comes first.
// What is left becomes a patient credit. It refuses an amount that is not positive (BusinessRule, payment.amount) and an
// unknown method (BusinessRule, payment.method).
func Paid(p models.Payment, first models.InvoiceID, open []Open, day models.Date) (models.Entry, []Open, error) {
	till, ok := tills[p.Method]
	if !ok {
		return models.Entry{}, nil, fault.New(fault.BusinessRule, "payment.method", "The payment method is unknown; send card, cash, check or ach.")
	}
	if p.Amount <= 0 {
		return models.Entry{}, nil, fault.New(fault.BusinessRule, "payment.amount", "The payment has no amount; send one above 0.00.")
	}
	of := models.Dimensions{PatientID: p.PatientID, PaymentID: p.ID}
	e := book{of: of}
	e.post(till, p.Amount)
	shares, left := allocate(p.Amount, first, open)
	e.settle(shares)
	e.of = of
	e.post(models.AccountPatientCredits, -left)
	return models.Entry{Kind: models.EntryPayment, Cause: models.CauseOfPayment(p.ID), Effective: day, Postings: e.postings}, shares, nil
}

// Credited uses a patient's credit for an invoice at issue, and gives what it paid of each line. False where there is none.
func Credited(i models.Invoice, credit models.Cents, open []Open, day models.Date) (models.Entry, []Open, bool) {
	shares, left := allocate(credit, i.ID, open)
	if left == credit {
		return models.Entry{}, nil, false
	}
	e := book{of: models.Dimensions{PatientID: i.PatientID, InvoiceID: i.ID}}
	e.post(models.AccountPatientCredits, credit-left)
	e.settle(shares)
	return models.Entry{Kind: models.EntryCredit, Cause: models.CauseOfCredit(i.ID), Effective: day, Postings: e.postings}, shares, true
}

// settle takes shares off what the patient owes.
func (b *book) settle(shares []Open) {
	of := b.of
	for _, s := range shares {
		b.of.ChargeID, b.of.CaseID, b.of.InvoiceID = s.ChargeID, s.CaseID, s.InvoiceID
		b.post(models.AccountARPatient, -s.Due)
	}
	b.of = of
}

// allocate spreads amount over open lines: Due of a share is what it gets.
func allocate(amount models.Cents, first models.InvoiceID, open []Open) (shares []Open, left models.Cents) {
	order := map[models.InvoiceID]int{first: -1}
	for i, o := range open {
		if _, seen := order[o.InvoiceID]; !seen {
			order[o.InvoiceID] = i
		}
	}
	sorted := slices.Clone(open)
	slices.SortStableFunc(sorted, func(a, b Open) int {
		return cmp.Or(cmp.Compare(order[a.InvoiceID], order[b.InvoiceID]), cmp.Compare(a.ServiceDate, b.ServiceDate))
	})
	for _, o := range sorted {
		share := min(amount, o.Due)
		if share <= 0 {
			continue
		}
		o.Due = share
		shares, amount = append(shares, o), amount-share
	}
	return shares, amount
}
