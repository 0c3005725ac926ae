package render

import (
	"medbill/fhir"
	"medbill/models"
)

type provenance struct {
	written
	Target   []fhir.Reference     `json:"target"`
	Recorded string               `json:"recorded"`
	Activity fhir.CodeableConcept `json:"activity"`
	Agent    []provenanceAgent    `json:"agent"`
	Entity   []provenanceEntity   `json:"entity,omitempty"`
}

type provenanceAgent struct {
	Type fhir.CodeableConcept `json:"type"`
	Who  *fhir.Reference      `json:"who"`
}

type provenanceEntity struct {
	Role string         `json:"role"`
	What fhir.Reference `json:"what"`
}

// Provenance gives who coded a visit, when, and from which of its records; one who looked a coding over is its verifier.
// https://hl7.org/fhir/R4/provenance.html
func Provenance(w models.CodingWord) []byte {
	part := "author"
	if w.Kind == models.CodingAgreed {
		part = "verifier"
	}
	d := provenance{
		written: ours("Provenance", string(w.ID)), Target: []fhir.Reference{{Reference: w.CaseID.Origin().String()}}, Recorded: moment(w.At),
		Activity: fhir.Concept(fhir.SystemCoding, string(w.Kind)),
		Agent:    []provenanceAgent{{fhir.Concept("http://terminology.hl7.org/CodeSystem/provenance-participant-type", part), user(w.Who)}},
	}
	for _, ref := range w.Sources {
		d.Entity = append(d.Entity, provenanceEntity{"source", fhir.Reference{Reference: ref.String()}})
	}
	return fhir.Encode(d)
}
