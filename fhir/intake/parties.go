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
		Deceased:   root.Get("deceasedDateTime").Exists() || root.Get("deceasedBoolean").Text() == "true",
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

// billingAddress gives the address that a claim names a provider by: one for billing before a place that can be gone to, that before
// what only takes mail; none that is no longer used. https://hl7.org/fhir/R4/datatypes.html#Address
func billingAddress(addresses fhir.Node) models.Address {
	var chosen models.Address
	best := 0
	for a := range addresses.Children() {
		rank := 2
		switch {
		case a.Get("use").Is("old"):
			continue
		case a.Get("use").Is("billing"):
			rank = 3
		case a.Get("type").Is("postal"):
			rank = 1
		}
		if rank <= best {
			continue
		}
		best, chosen = rank, addressOf(a)
	}
	return chosen
}

// addressOf reads one address.
func addressOf(a fhir.Node) models.Address {
	var street []string
	for line := range a.Get("line").Children() {
		street = append(street, line.Text())
	}
	return models.Address{
		Street: strings.Join(street, "\n"), City: a.Get("city").Text(), State: a.Get("state").Text(),
		PostalCode: a.Get("postalCode").Text(), Country: a.Get("country").Text(),
	}
}

// Party reads an Organization or a Practitioner: its name in one line, its numbers, its taxonomy and its address.
func Party(d *fhir.Document) models.Party {
	root := d.Root()
	p := models.Party{
		ID: d.ID(), Name: root.Get("name").Text(), NPI: npiOf(root), TaxID: numberOf(root, models.SystemEIN), Taxonomy: taxonomyOf(root),
		Address: billingAddress(root.Get("address")),
	}
	if root.Get("name").Kind() == fhir.KindArray {
		name := preferredName(root.Get("name"))
		p.Name = strings.TrimSpace(name.Get("given").At(0).Text() + " " + name.Get("family").Text())
	}
	return p
}
