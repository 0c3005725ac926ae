package intake

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// Patient reads a Patient. Of several names the official one counts, else the first.
func Patient(d *fhir.Document) models.Patient {
	root := d.Root()
	name := preferredName(root.Get("name"))
	return models.Patient{
		ID:         models.PatientID(d.ID()),
		FamilyName: name.Get("family").Text(),
		GivenName:  name.Get("given").At(0).Text(),
		BirthDate:  day(root.Get("birthDate")),
		DeathDate:  day(root.Get("deceasedDateTime")),
		Gender:     root.Get("gender").Text(),
		HasAddress: hasAddress(root.Get("address")),
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

// Coverage reads a Coverage. The payer is the first payor, when it is an Organization; the member's number is
// subscriberId, else the identifier of type MB.
func Coverage(d *fhir.Document) models.Coverage {
	root := d.Root()
	order, _ := positiveOf(root.Get("order"))
	c := models.Coverage{
		ID:           models.CoverageID(d.ID()),
		PatientID:    models.PatientID(idOf(root.Get("beneficiary"), "Patient")),
		PayerID:      models.OrganizationID(idOf(root.Get("payor").At(0), "Organization")),
		SubscriberID: root.Get("subscriberId").Text(),
		Order:        order,
		Active:       root.Get("status").Is("active"),
		Period:       spanOf(root.Get("period")),
	}
	for identifier := range root.Get("identifier").Children() {
		if c.SubscriberID == "" && hasCode(identifier.Get("type"), fhir.SystemIdentifierType, "MB") {
			c.SubscriberID = identifier.Get("value").Text()
		}
	}
	return c
}

// Party reads an Organization or a Practitioner: its name in one line and its NPI.
func Party(d *fhir.Document) models.Party {
	root := d.Root()
	p := models.Party{ID: d.ID(), Name: root.Get("name").Text()}
	if root.Get("name").Kind() == fhir.KindArray {
		name := preferredName(root.Get("name"))
		p.Name = strings.TrimSpace(name.Get("given").At(0).Text() + " " + name.Get("family").Text())
	}
	for identifier := range root.Get("identifier").Children() {
		if p.NPI == "" && identifier.Get("system").Is(models.SystemNPI) {
			p.NPI = identifier.Get("value").Text()
		}
	}
	return p
}

// PlaceOfService gives the CMS place of service code of a visit: what its Location (nil where there is none) says, else
// by its class 21 for IMP and 23 for EMER, else 11.
func PlaceOfService(location *fhir.Document, class string) string {
	if location != nil {
		for concept := range location.Root().Get("type").Children() {
			if code := codeIn(concept, models.SystemPlaceOfService); code != "" {
				return code
			}
		}
	}
	switch class {
	case "IMP":
		return "21"
	case "EMER":
		return "23"
	}
	return "11"
}
