package model

import "medbill/models"

// Views of rows about patients' money.
type (
	// Payment is money a patient paid.
	Payment struct {
		row    models.Payment
		beside []models.Ref
	}
	// Allocation is what of a payment pays a charge.
	Allocation struct{ row models.Allocation }
	// Refund is money that goes back to a patient.
	Refund struct{ row models.Refund }
	// WriteOff is what a patient is not asked for.
	WriteOff struct{ row models.WriteOff }
	// MoneyPayload leads to the patient whose money a mutation moved.
	MoneyPayload struct{ payload }
	// PaymentConnection is a page of payments.
	PaymentConnection = Connection[Payment]
	// PaymentEdge is a payment on a page.
	PaymentEdge = Edge[Payment]
)

// PaymentsOf gives payments as views, with those whose they are beside them.
func PaymentsOf(rows []models.Payment) []Payment {
	beside := shownAs(rows, func(row models.Payment) models.Ref {
		return models.Ref{Type: "Patient", ID: string(row.PatientID)}
	})
	return shownAs(rows, func(row models.Payment) Payment { return Payment{row, beside} })
}

// Beside are the patients who paid.
func (p Payment) Beside() []models.Ref { return p.beside }

// PatientRef names who paid.
func (p Payment) PatientRef() models.Ref {
	return models.Ref{Type: "Patient", ID: string(p.row.PatientID)}
}

// ID names the payment.
func (p Payment) ID() string { return string(p.row.ID) }

// Amount is what was paid.
func (p Payment) Amount() Money { return USD(p.row.Amount) }

// Method is how it was paid.
func (p Payment) Method() models.PaymentMethod { return p.row.Method }

// Reference is the card processor's, a check number and the like.
func (p Payment) Reference() *string {
	if p.row.Reference == "" {
		return nil
	}
	return &p.row.Reference
}

// Received is when it was put in the books.
func (p Payment) Received() string { return p.row.Received.String() }

// Day is when it was paid.
func (p Payment) Day() *string { return orNil(string(p.row.Day)) }

// State is how far it is.
func (p Payment) State() string { return string(p.row.State) }

// For is what it is for.
func (p Payment) For() *string { return orNil(p.row.For) }

// Unapplied is what of it pays nothing yet.
func (p Payment) Unapplied() Money { return USD(p.row.Unapplied) }

// Refunded is what of it was given back.
func (p Payment) Refunded() Money { return USD(p.row.Refunded) }

// Allocations is what it pays.
func (p Payment) Allocations() []Allocation {
	list := make([]Allocation, len(p.row.Allocations))
	for i, a := range p.row.Allocations {
		list[i] = Allocation{a}
	}
	return list
}

// Invoice is the one that asked for it.
func (a Allocation) Invoice() *string { return orNil(string(a.row.InvoiceID)) }

// ChargeItem is the charge that is paid.
func (a Allocation) ChargeItem() string { return string(a.row.ChargeID) }

// Amount is what is paid of it.
func (a Allocation) Amount() Money { return USD(a.row.Amount) }

// RefundsOf gives refunds as views.
func RefundsOf(rows []models.Refund) []Refund {
	list := make([]Refund, len(rows))
	for i, row := range rows {
		list[i] = Refund{row}
	}
	return list
}

// ID names the refund.
func (r Refund) ID() string { return string(r.row.ID) }

// Payment is the one of which it is.
func (r Refund) Payment() string { return string(r.row.PaymentID) }

// Amount is what goes back.
func (r Refund) Amount() Money { return USD(r.row.Amount) }

// State is how far it is.
func (r Refund) State() string { return string(r.row.State) }

// Reason is why.
func (r Refund) Reason() string { return r.row.Reason }

// Reference is that by which it went.
func (r Refund) Reference() *string { return orNil(r.row.Reference) }

// EndReason says why it was cancelled, null where it was not.
func (r Refund) EndReason() *string { return orNil(r.row.EndReason) }

// WriteOffsOf gives write-offs as views.
func WriteOffsOf(rows []models.WriteOff) []WriteOff {
	list := make([]WriteOff, len(rows))
	for i, row := range rows {
		list[i] = WriteOff{row}
	}
	return list
}

// ID names the write-off.
func (w WriteOff) ID() string { return string(w.row.ID) }

// Invoice is the one of which it is, null of a balance from before.
func (w WriteOff) Invoice() *string { return orNil(string(w.row.InvoiceID)) }

// Kind is why.
func (w WriteOff) Kind() models.WriteOffKind { return w.row.Kind }

// Amount is what of it stands.
func (w WriteOff) Amount() Money { return USD(w.row.Amount) }

// Reason is what was said.
func (w WriteOff) Reason() string { return w.row.Reason }

// Day is when it was written off.
func (w WriteOff) Day() string { return string(w.row.Day) }

// MovedMoney gives the payload of a patient.
func MovedMoney(patient string, r *Rehearsal) *MoneyPayload {
	return &MoneyPayload{payload{patient, r}}
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
