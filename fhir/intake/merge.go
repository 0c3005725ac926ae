package intake

import (
	"medbill/fhir"
	"medbill/models"
)

// ReplacedBy gives the Patient that a record was merged into, "" where it stands for itself.
// https://hl7.org/fhir/R4/patient-definitions.html#Patient.link
func ReplacedBy(d *fhir.Document) models.PatientID {
	for link := range d.Root().Get("link").Children() {
		if link.Get("type").Is("replaced-by") {
			if id := idOf(link.Get("other"), "Patient"); id != "" {
				return models.PatientID(id)
			}
		}
	}
	return ""
}
