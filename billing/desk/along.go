package desk

import (
	"medbill/fhir"
	"medbill/fhir/render"
	"medbill/internal/store/documents"
	"medbill/models"
)

// alongMax bounds what goes along with a document.
const alongMax = 200

// travels are the types that a payer is given with a request or a claim: who it is for, by whom, and what shows the need. Da Vinci PAS, 4.3.
var travels = map[string]bool{
	"Patient": true, "Coverage": true, "RelatedPerson": true, "Organization": true, "Practitioner": true, "PractitionerRole": true, "Location": true, "Encounter": true,
	"Condition": true, "ServiceRequest": true, "DeviceRequest": true, "MedicationRequest": true, "Medication": true, "DocumentReference": true, "QuestionnaireResponse": true, "Observation": true,
	"DiagnosticReport": true, "Procedure": true,
}

// along gives the records that a document names and those that they name, as far as a payer is given them with it, each once.
func (s *Sheet) along(d *fhir.Document) ([]*fhir.Document, error) {
	var all []*fhir.Document
	seen := map[models.Ref]bool{{Type: d.Type(), ID: d.ID()}: true}
	for layer := []*fhir.Document{d}; len(layer) > 0 && len(all) < alongMax; {
		var refs []models.Ref
		for _, one := range layer {
			for _, text := range fhir.References(one) {
				typ, id, isOurs := fhir.Local(text)
				if ref := (models.Ref{Type: typ, ID: id}); isOurs && !seen[ref] && travels[typ] {
					seen[ref] = true
					refs = append(refs, ref)
				}
			}
		}
		var err error
		if layer, err = s.Documents(refs...); err != nil {
			return nil, err
		}
		all = append(all, layer...)
	}
	return all, nil
}

// ForPayer gives a Claim with all that it names, as a payer's server takes it. See render.PayerBundle.
func (s *Sheet) ForPayer(d *fhir.Document) ([]byte, error) {
	along, err := s.along(d)
	if err != nil {
		return nil, err
	}
	bases, err := documents.OwnBases(s.View)
	if err != nil {
		return nil, err
	}
	base := ""
	if len(bases) > 0 {
		base = bases[0]
	}
	return render.PayerBundle(base, s.Now(), append([]*fhir.Document{d}, along...)...), nil
}
