package render

import (
	"medbill/fhir"
	"medbill/models"
)

type task struct {
	resource
	Status       models.WorkStatus    `json:"status"`
	Intent       string               `json:"intent"`
	Code         fhir.CodeableConcept `json:"code"`
	Description  string               `json:"description,omitempty"`
	Focus        *fhir.Reference      `json:"focus,omitempty"`
	For          *fhir.Reference      `json:"for,omitempty"`
	Encounter    *fhir.Reference      `json:"encounter,omitempty"`
	AuthoredOn   string               `json:"authoredOn,omitempty"`
	LastModified string               `json:"lastModified,omitempty"`
}

// Task gives a work item: what to do is its code, about what its focus, why its description. The visit of its case
// is its encounter. https://hl7.org/fhir/R4/task.html
func Task(w models.WorkItem) []byte {
	d := task{
		resource:     resource{"Task", string(w.ID)},
		Status:       w.Status,
		Intent:       "order",
		Code:         fhir.Concept(fhir.SystemWorkKind, string(w.Kind)),
		Description:  w.Reason,
		For:          fhir.To("Patient", w.PatientID),
		AuthoredOn:   moment(w.Created),
		LastModified: moment(max(w.Created, w.Updated)),
	}
	if w.Subject != (models.Ref{}) {
		d.Focus = &fhir.Reference{Reference: w.Subject.String()}
	}
	d.Encounter = fhir.To("Encounter", w.CaseID.Visit())
	return fhir.Encode(d)
}
