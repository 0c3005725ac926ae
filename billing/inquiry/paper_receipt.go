package inquiry

import (
	"medbill/internal/paper"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// methodWords name how somebody paid.
var methodWords = map[models.PaymentMethod]string{
	models.PaymentCard: "Card", models.PaymentACH: "Bank transfer", models.PaymentCash: "Cash", models.PaymentCheck: "Check", models.PaymentOther: "Other",
}

// PaperReceipt reads a payment as its receipt is printed. It refuses (Conflict, payment.external) one that was made elsewhere, and (Conflict, payment.state) one that is not in the books, or not any more.
func PaperReceipt(v *store.View, id models.PaymentID) (paper.Receipt, error) {
	p, known, err := books.Payment(v, id)
	switch {
	case err != nil:
		return paper.Receipt{}, err
	case !known:
		return paper.Receipt{}, fault.New(fault.Conflict, "payment.external", "The PaymentNotice records a payment made elsewhere; whoever took it has its receipt.")
	case p.State != models.PaymentSucceeded:
		return paper.Receipt{}, fault.At(fault.Conflict, "payment.state", "PaymentNotice.status", "There is a receipt of a payment that succeeded and stands.")
	}
	account, _, err := books.Account(v, p.PatientID)
	if err != nil {
		return paper.Receipt{}, err
	}
	w, err := people(v, patientRef(p.PatientID), organizationRef(p.RecipientID))
	if err != nil {
		return paper.Receipt{}, err
	}
	patient := w.contact(patientRef(p.PatientID))
	r := paper.Receipt{
		Practice: w.practice(p.RecipientID), Recipient: patient, Patient: patient.Name, Account: string(account.ID), Number: string(p.ID), Received: p.Day, Method: methodWords[p.Method], Reference: p.Reference, Amount: p.Amount - p.Refunded,
	}
	used := map[models.InvoiceID]models.Cents{}
	var ids []models.InvoiceID
	for _, a := range p.Allocations {
		if used[a.InvoiceID] += a.Amount; used[a.InvoiceID] == a.Amount {
			ids = append(ids, a.InvoiceID)
		}
	}
	invoices, err := books.Invoices(v, ids)
	if err != nil {
		return r, err
	}
	for _, id := range ids {
		use := paper.ReceiptUse{Invoice: "Balance from before", Amount: used[id]}
		for _, i := range invoices {
			if i.ID == id {
				use.Invoice, use.Visit = i.Number, i.Lines[0].ServiceDate
			}
		}
		r.Uses = append(r.Uses, use)
	}
	return r, nil
}
