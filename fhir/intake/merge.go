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

// Identifiers gives the business identifiers of a record as it writes them, those without a system left out: they are numbers in
// nobody's namespace.
func Identifiers(d *fhir.Document) []models.Identifier {
	var list []models.Identifier
	for i := range d.Root().Get("identifier").Each() {
		if one := (models.Identifier{System: i.Get("system").Text(), Value: i.Get("value").Text()}); one.System != "" && one.Value != "" {
			list = append(list, one)
		}
	}
	return list
}
