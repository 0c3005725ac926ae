package render

import (
	"maps"
	"slices"

	"medbill/fhir"
	"medbill/models"
)

type paymentNotice struct {
	resource
	Extension     []fhir.Extension     `json:"extension,omitempty"`
	Status        string               `json:"status"`
	Request       *fhir.Reference      `json:"request,omitempty"`
	Created       string               `json:"created"`
	Payment       paymentReference     `json:"payment"`
	PaymentDate   models.Date          `json:"paymentDate,omitempty"`
	Recipient     fhir.Reference       `json:"recipient"`
	Amount        *fhir.Money          `json:"amount"`
	PaymentStatus fhir.CodeableConcept `json:"paymentStatus"`
}

type paymentReference struct {
	Reference  string           `json:"reference"`
	Identifier *fhir.Identifier `json:"identifier,omitempty"`
}

// PaymentNotice gives a patient's payment: paid while its processor has not said that the money is there, cleared once it is in the books, and cancelled
// once it is not any more. https://hl7.org/fhir/R4/paymentnotice.html
func PaymentNotice(p models.Payment) []byte {
	d := paymentNotice{
		resource:      resource{"PaymentNotice", string(p.ID)},
		Extension:     paidBy(p),
		Status:        "active",
		Created:       p.Received.String(),
		Payment:       paymentReference{Reference: models.Ref{Type: "PaymentReconciliation", ID: string(p.ID)}.String()},
		PaymentDate:   p.Day,
		Amount:        fhir.USD(p.Amount),
		PaymentStatus: fhir.Concept(fhir.SystemPaymentStatus, fhir.PaymentCleared),
	}
	if p.Till != "" {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionTill, ValueString: p.Till})
	}
	if ref := p.Purpose(); ref.Type != "" {
		d.Request = fhir.To(ref.Type, ref.ID)
	}
	if p.Reference != "" {
		d.Payment.Identifier = &fhir.Identifier{Value: p.Reference}
	}
	if practice := fhir.To("Organization", p.RecipientID); practice != nil {
		d.Recipient = *practice
	} else {
		d.Recipient.Display = "The practice"
	}
	switch p.State {
	case models.PaymentPending:
		d.PaymentStatus = fhir.Concept(fhir.SystemPaymentStatus, fhir.PaymentPaid)
	case models.PaymentFailed:
		d.Status, d.PaymentStatus = "cancelled", fhir.Concept(fhir.SystemPaymentStatus, fhir.PaymentPaid) // it never cleared
	case models.PaymentDisputed, models.PaymentRefunded:
		d.Status = "cancelled"
	}
	return fhir.Encode(d)
}

// receiptOutcomes are the outcomes of receipts by the state of the payment.
var receiptOutcomes = map[models.PaymentState]string{
	models.PaymentPending: "queued", models.PaymentSucceeded: "complete", models.PaymentRefunded: "complete", models.PaymentFailed: "error", models.PaymentDisputed: "error",
}

// Receipt gives the receipt of a patient's payment, which the practice issues: what of it pays which invoice, and without an invoice a balance from before. The rest is the
// patient's credit. https://hl7.org/fhir/R4/paymentreconciliation.html
func Receipt(p models.Payment) []byte {
	d := paymentReconciliation{
		resource:          resource{"PaymentReconciliation", string(p.ID)},
		Extension:         append(paidBy(p), fhir.Extension{URL: fhir.ExtensionPayerOfRecord, ValueReference: fhir.To("Patient", p.PatientID)}),
		Status:            "active",
		Created:           p.Received.String(),
		PaymentIssuer:     fhir.To("Organization", p.RecipientID),
		Outcome:           receiptOutcomes[p.State],
		PaymentDate:       string(p.Day),
		PaymentAmount:     fhir.USD(p.Amount),
		PaymentIdentifier: fhir.Identifier{Value: p.Reference},
	}
	if p.Reference == "" {
		d.PaymentIdentifier = fhir.Identifier{System: fhir.SystemReceipt, Value: string(p.ID)}
	}
	sums := map[models.InvoiceID]models.Cents{}
	for _, a := range p.Allocations {
		sums[a.InvoiceID] += a.Amount
	}
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		if sums[id] > 0 {
			d.Detail = append(d.Detail, reconciliationEntry{Type: fhir.Concept(fhir.SystemPaymentType, fhir.PaymentOfClaim), Request: fhir.To("Invoice", id), Amount: fhir.USD(sums[id])})
		}
	}
	return fhir.Encode(d)
}

func paidBy(p models.Payment) []fhir.Extension {
	return []fhir.Extension{
		{URL: fhir.ExtensionPatient, ValueReference: fhir.To("Patient", p.PatientID)},
		{URL: fhir.ExtensionPaymentMethod, ValueCode: string(p.Method)},
	}
}
