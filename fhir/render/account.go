package render

import (
	"medbill/fhir"
	"medbill/models"
)

type account struct {
	resource
	Status  string               `json:"status"`
	Type    fhir.CodeableConcept `json:"type"`
	Subject []*fhir.Reference    `json:"subject,omitempty"`
}

// Account gives a patient's account, of the type patient billing account. Its balance is in the books, not in the
// document, and who answers for it stands there as its sender wrote it. https://hl7.org/fhir/R4/account.html
func Account(a models.Account) []byte {
	d := account{
		resource: resource{"Account", string(a.ID)},
		Status:   "active",
		Type:     fhir.Concept(fhir.SystemActCode, fhir.CodePatientAccount),
	}
	if patient := fhir.To("Patient", a.PatientID); patient != nil {
		d.Subject = []*fhir.Reference{patient}
	}
	return fhir.Encode(d)
}
