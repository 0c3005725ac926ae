package render

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

type claimResponse struct {
	resource
	Identifier   []fhir.Identifier    `json:"identifier,omitempty"`
	Status       string               `json:"status"`
	Type         fhir.CodeableConcept `json:"type"`
	Use          string               `json:"use"`
	Patient      *fhir.Reference      `json:"patient,omitempty"`
	Created      string               `json:"created"`
	Insurer      *fhir.Reference      `json:"insurer,omitempty"`
	Requestor    *fhir.Reference      `json:"requestor,omitempty"`
	Request      *fhir.Reference      `json:"request,omitempty"`
	Outcome      string               `json:"outcome"`
	Item         []answerItem         `json:"item,omitempty"`
	Adjudication []adjudication       `json:"adjudication,omitempty"`
	Total        []answerTotal        `json:"total,omitempty"`
	Payment      *answerPayment       `json:"payment,omitempty"`
}

type answerItem struct {
	ItemSequence int            `json:"itemSequence"`
	Adjudication []adjudication `json:"adjudication"`
}

type adjudication struct {
	Category fhir.CodeableConcept  `json:"category"`
	Reason   *fhir.CodeableConcept `json:"reason,omitempty"`
	Amount   *fhir.Money           `json:"amount"`
}

type answerTotal struct {
	Category fhir.CodeableConcept `json:"category"`
	Amount   *fhir.Money          `json:"amount"`
}

type answerPayment struct {
	Type   fhir.CodeableConcept `json:"type"`
	Amount *fhir.Money          `json:"amount"`
}

// Answer gives a payer's answer to c as a ClaimResponse: per line submitted, eligible where stated, one entry per CAS
// triplet (category = group code, reason = CARC) and benefit. Totals and payment appear as the payer stated them. A key
// of the form `system|value` is its identifier; a body's hash is not shown. https://hl7.org/fhir/R4/claimresponse.html
func Answer(a models.Answer, c models.Claim) []byte {
	d := claimResponse{
		resource:  resource{"ClaimResponse", string(a.ID)},
		Status:    "active",
		Type:      fhir.Concept(fhir.SystemClaimType, "professional"),
		Use:       "claim",
		Patient:   fhir.To("Patient", c.PatientID),
		Created:   a.Created.String(),
		Insurer:   fhir.To("Organization", a.PayerID),
		Requestor: fhir.To("Organization", c.BillingID),
		Request:   fhir.To("Claim", a.ClaimID),
		Outcome:   "complete",
	}
	if system, value, ok := strings.Cut(a.Key, "|"); ok {
		d.Identifier = []fhir.Identifier{{System: system, Value: value}}
	}
	adjustments := map[int][]adjudication{}
	for _, adjustment := range a.Adjustments {
		reason := fhir.Concept(models.SystemCARC, adjustment.ReasonCode)
		adjustments[adjustment.LineSequence] = append(adjustments[adjustment.LineSequence], adjudication{
			fhir.Concept(models.SystemGroup, adjustment.GroupCode), &reason, fhir.USD(adjustment.Amount),
		})
	}
	for _, line := range a.Lines {
		entries := []adjudication{summary("submitted", line.Billed)}
		if line.Allowed != nil {
			entries = append(entries, summary("eligible", *line.Allowed))
		}
		entries = append(entries, adjustments[line.LineSequence]...)
		d.Item = append(d.Item, answerItem{line.LineSequence, append(entries, summary("benefit", line.Paid))})
	}
	d.Adjudication = adjustments[0]
	if a.StatedSubmitted != nil {
		d.Total = append(d.Total, answerTotal{fhir.Concept(fhir.SystemAdjudication, "submitted"), fhir.USD(*a.StatedSubmitted)})
	}
	if a.StatedPaid != nil {
		d.Total = append(d.Total, answerTotal{fhir.Concept(fhir.SystemAdjudication, "benefit"), fhir.USD(*a.StatedPaid)})
	}
	if a.StatedPayment != nil {
		d.Payment = &answerPayment{fhir.Concept(fhir.SystemPaymentType, "complete"), fhir.USD(*a.StatedPayment)}
	}
	return fhir.Encode(d)
}

func summary(category string, amount money.Cents) adjudication {
	return adjudication{Category: fhir.Concept(fhir.SystemAdjudication, category), Amount: fhir.USD(amount)}
}
