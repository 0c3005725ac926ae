package render

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

type claimResponse struct {
	resource
	Extension    []fhir.Extension     `json:"extension,omitempty"`
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
	ProcessNote  []processNote        `json:"processNote,omitempty"`
}

type processNote struct {
	Extension []fhir.Extension `json:"extension"`
	Text      string           `json:"text"`
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

// Answer gives a payer's answer as a ClaimResponse; one that is no judgement has no lines. Otherwise it has per line
// submitted, eligible where stated, one entry per CAS triplet (category = group code, reason = CARC and the RARC beside it) and
// benefit. A RARC of the whole answer is a note. What it is and what it takes back or is taken back by stands in extensions; what was taken back is cancelled. A key of the form `system|value` is its identifier; a body's
// hash is not shown. Totals, payment, notes in words and those of lines are the payer's, which the books check and do not hold as
// such: they stay as they were sent. https://hl7.org/fhir/R4/claimresponse.html
func Answer(a models.Answer) []byte {
	d := claimResponse{
		resource:  resource{"ClaimResponse", string(a.ID)},
		Status:    answerStatus(a),
		Type:      fhir.Concept(fhir.SystemClaimType, string(a.ClaimType)),
		Use:       "claim",
		Patient:   fhir.To("Patient", a.PatientID),
		Created:   a.Created.String(),
		Insurer:   fhir.To("Organization", a.PayerID),
		Requestor: fhir.To("Organization", a.BillingID),
		Request:   fhir.To("Claim", a.ClaimID),
		Outcome:   string(a.Outcome),
	}
	d.Extension = sourceExtension(a.Source)
	if a.Status != "" {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionClaimPaymentStatus, ValueCode: a.Status})
	}
	if a.Category != "" {
		status := fhir.Concept(models.SystemClaimStatus, a.Category)
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionClaimStatus, ValueCodeableConcept: &status})
	}
	d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionAnswerKind, ValueCode: string(a.Kind)})
	if a.Carrier != "" && a.Carrier != models.UnknownOrganization {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionCrossoverCarrier, ValueReference: fhir.To("Organization", a.Carrier)})
	}
	if a.Reverses != "" {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionReverses, ValueReference: fhir.To("ClaimResponse", a.Reverses)})
	}
	if a.Reversed != "" {
		d.Extension = append(d.Extension, fhir.Extension{URL: fhir.ExtensionReversedBy, ValueReference: fhir.To("ClaimResponse", a.Reversed)})
	}
	if system, value, ok := strings.Cut(a.Key, "|"); ok {
		d.Identifier = []fhir.Identifier{{System: system, Value: value}}
	}
	adjustments := map[int][]adjudication{}
	for _, one := range a.Adjustments {
		adjustments[one.LineSequence] = append(adjustments[one.LineSequence], adjudication{
			fhir.Concept(models.SystemGroup, one.GroupCode), reason(one), fhir.USD(one.Amount),
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
	for _, remark := range a.Remarks {
		d.ProcessNote = append(d.ProcessNote, processNote{[]fhir.Extension{{URL: fhir.ExtensionRemarkCode, ValueCoding: &fhir.Coding{System: models.SystemRARC, Code: remark}}}, remark})
	}
	return fhir.Encode(d)
}

// Unmatched gives an answer that names no claim of ours: all of it is the payer's, as it was sent.
func Unmatched(u models.Unmatched) []byte {
	return fhir.Encode(resource{"ClaimResponse", string(u.ID)})
}

// answerStatus is cancelled once another answer took it back.
func answerStatus(a models.Answer) string {
	if a.Reversed != "" {
		return "cancelled"
	}
	return "active"
}

func reason(a models.Adjustment) *fhir.CodeableConcept {
	concept := fhir.Concept(models.SystemCARC, a.ReasonCode)
	if a.RemarkCode != "" {
		concept.Coding = append(concept.Coding, fhir.Coding{System: models.SystemRARC, Code: a.RemarkCode})
	}
	return &concept
}

func summary(category string, amount money.Cents) adjudication {
	return adjudication{Category: fhir.Concept(fhir.SystemAdjudication, category), Amount: fhir.USD(amount)}
}
