package intake

import (
	"strings"
	"time"

	"medbill/fhir"
	"medbill/models"
)

// Patient reads a Patient; its days are taken in zone, or as written where zone is nil. Of several names the official one
// counts, else the first.
func Patient(d *fhir.Document, zone *time.Location) models.Patient {
	root := d.Root()
	name := preferredName(root.Get("name"))
	return models.Patient{
		ID:         models.PatientID(d.ID()),
		FamilyName: name.Get("family").Text(),
		GivenName:  name.Get("given").At(0).Text(),
		BirthDate:  day(root.Get("birthDate")),
		DeathDate:  dayIn(root.Get("deceasedDateTime"), zone),
		Gender:     root.Get("gender").Text(),
		HasAddress: hasAddress(root.Get("address")),
		SSN:        numberOf(root, models.SystemSSN),
	}
}

func preferredName(names fhir.Node) fhir.Node {
	for name := range names.Children() {
		if name.Get("use").Is("official") {
			return name
		}
	}
	return names.At(0)
}

// hasAddress reports whether mail would find the patient: a street line and a city in an address still in use.
func hasAddress(addresses fhir.Node) bool {
	for address := range addresses.Children() {
		if !address.Get("use").Is("old") && address.Get("line").Len() > 0 && address.Get("city").Exists() {
			return true
		}
	}
	return false
}

// Party reads an Organization or a Practitioner: its name in one line, its numbers and its taxonomy.
func Party(d *fhir.Document) models.Party {
	root := d.Root()
	p := models.Party{ID: d.ID(), Name: root.Get("name").Text(), NPI: npiOf(root), TaxID: numberOf(root, models.SystemEIN), Taxonomy: taxonomyOf(root)}
	if root.Get("name").Kind() == fhir.KindArray {
		name := preferredName(root.Get("name"))
		p.Name = strings.TrimSpace(name.Get("given").At(0).Text() + " " + name.Get("family").Text())
	}
	return p
}
