package render

import (
	"medbill/fhir"
	"medbill/models"
)

type paymentReconciliation struct {
	resource
	Extension         []fhir.Extension      `json:"extension,omitempty"`
	Status            string                `json:"status"`
	Created           string                `json:"created"`
	PaymentIssuer     *fhir.Reference       `json:"paymentIssuer,omitempty"`
	Outcome           string                `json:"outcome"`
	PaymentDate       string                `json:"paymentDate"`
	PaymentAmount     *fhir.Money           `json:"paymentAmount"`
	PaymentIdentifier fhir.Identifier       `json:"paymentIdentifier"`
	Detail            []reconciliationEntry `json:"detail,omitempty"`
}

type reconciliationEntry struct {
	Identifier *fhir.Identifier     `json:"identifier,omitempty"`
	Type       fhir.CodeableConcept `json:"type"`
	Request    *fhir.Reference      `json:"request,omitempty"`
	Response   *fhir.Reference      `json:"response,omitempty"`
	Amount     *fhir.Money          `json:"amount"`
}

// Remittance gives a payer's payment as a PaymentReconciliation: queued with what its answers come to until the payer tells it, then complete with every detail. What
// belongs to no claim has the code of its adjustment beside the type and the reference that joins it. https://hl7.org/fhir/R4/paymentreconciliation.html
func Remittance(r models.Remittance) []byte {
	d := paymentReconciliation{
		resource:          resource{"PaymentReconciliation", string(r.ID)},
		Status:            "active",
		Created:           r.Created.String(),
		PaymentIssuer:     fhir.To("Organization", r.PayerID),
		Outcome:           string(r.Outcome),
		PaymentDate:       string(r.Day),
		PaymentAmount:     fhir.USD(r.Amount),
		PaymentIdentifier: fhir.Identifier{Value: r.Trace},
	}
	d.Extension = sourceExtension(r.Source)
	if r.Method != models.MethodUnsaid {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionPaymentMethod, ValueCode: string(r.Method)})
	}
	for _, one := range r.Details {
		entry := reconciliationEntry{Type: fhir.Concept(fhir.SystemPaymentType, fhir.PaymentOfClaim), Amount: fhir.USD(one.Amount)}
		if one.IsClaim() {
			entry.Request, entry.Response = fhir.To("Claim", one.ClaimID), fhir.To("ClaimResponse", one.AnswerID)
		} else {
			entry.Type = fhir.Concept(fhir.SystemPaymentType, paymentType(one))
			entry.Type.Coding = append(entry.Type.Coding, fhir.Coding{System: models.SystemPLB, Code: one.Code})
		}
		if one.Reference != "" {
			entry.Identifier = &fhir.Identifier{Value: one.Reference}
		}
		d.Detail = append(d.Detail, entry)
	}
	return fhir.Encode(d)
}

// paymentType tells what is paid ahead from other adjustments. X12 PLB03-1.
func paymentType(d models.RemittanceDetail) string {
	if d.Code == "AP" || d.Code == "PI" {
		return fhir.PaymentAdvance
	}
	return fhir.PaymentAdjustment
}

// sourceExtension says by which door a document came, where that was not FHIR.
func sourceExtension(source models.AnswerSource) []fhir.Extension {
	if source == "" || source == models.SourceFHIR {
		return nil
	}
	return []fhir.Extension{{URL: fhir.ExtensionSource, ValueCode: string(source)}}
}
