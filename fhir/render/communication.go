package render

import (
	"medbill/fhir"
	"medbill/models"
)

type communication struct {
	written
	InResponseTo []fhir.Reference       `json:"inResponseTo,omitempty"`
	Status       string                 `json:"status"`
	Category     []fhir.CodeableConcept `json:"category"`
	Subject      *fhir.Reference        `json:"subject,omitempty"`
	Encounter    *fhir.Reference        `json:"encounter,omitempty"`
	Sent         string                 `json:"sent"`
	Recipient    []fhir.Reference       `json:"recipient,omitempty"`
	Sender       *fhir.Reference        `json:"sender,omitempty"`
	Payload      []payload              `json:"payload"`
}

type payload struct {
	ContentString string `json:"contentString"`
}

// Communication gives what a coder asked about a visit, or what was answered. https://hl7.org/fhir/R4/communication.html
func Communication(m models.Message) []byte {
	d := communication{
		written: ours("Communication", m.ID), Status: "completed", Category: []fhir.CodeableConcept{fhir.Concept(fhir.SystemWorkKind, string(models.WorkQuery))},
		Subject: fhir.To("Patient", m.PatientID), Encounter: fhir.To("Encounter", m.VisitID), Sent: moment(m.At),
		Payload: []payload{{m.Text}},
	}
	if m.Of != "" {
		d.InResponseTo = []fhir.Reference{*fhir.To("Communication", m.Of)}
	}
	if m.To != "" {
		d.Recipient = []fhir.Reference{*fhir.To("Practitioner", m.To)}
	}
	if sender := user(m.From); sender != nil && sender.Reference != "" {
		d.Sender = sender
	}
	return fhir.Encode(d)
}
