package intake

import (
	"medbill/fhir"
	"medbill/models"
)

// provider gives whom a reference names, and false where it says that he is no provider. Somebody who is only named in words
// is a provider whom billing cannot find.
func (h held) provider(reference fhir.Node) (models.Provider, bool) {
	if !reference.Exists() || isOther(reference, "Practitioner", "PractitionerRole") {
		return models.Provider{}, false
	}
	if id := idOf(reference, "Practitioner"); id != "" {
		return models.Provider{PractitionerID: models.PractitionerID(id)}, true
	}
	if id := idOf(reference, "PractitionerRole"); id != "" {
		return models.Provider{RoleID: id}, true
	}
	if own := h[reference.Get("reference").Text()]; own.Exists() {
		return h.ownProvider(own)
	}
	return models.Provider{NPI: npiNamed(reference)}, true
}

func (h held) ownProvider(own fhir.Node) (models.Provider, bool) {
	switch own.Get("resourceType").Text() {
	case "Practitioner":
		return models.Provider{NPI: npiOf(own)}, true
	case "PractitionerRole":
		role := roleIn(own, h)
		return models.Provider{PractitionerID: role.PractitionerID, NPI: role.NPI, PracticeID: role.PracticeID}, true
	}
	return models.Provider{}, false
}

// PractitionerRole reads a PractitionerRole: its Organization and its Practitioner, or where he is no record, the NPI of the one
// it holds itself, names, or has.
func PractitionerRole(d *fhir.Document) models.PractitionerRole {
	return roleIn(d.Root(), heldIn(d.Root()))
}

// roleIn reads a PractitionerRole in a document that holds h.
func roleIn(root fhir.Node, h held) models.PractitionerRole {
	who := root.Get("practitioner")
	role := models.PractitionerRole{
		ID: root.Get("id").Text(), PractitionerID: models.PractitionerID(idOf(who, "Practitioner")),
		PracticeID: models.OrganizationID(idOf(root.Get("organization"), "Organization")),
	}
	if role.PractitionerID != "" {
		return role
	}
	for _, npi := range []string{npiOf(h.of(who, "Practitioner")), npiNamed(who), npiOf(root)} {
		if role.NPI == "" {
			role.NPI = npi
		}
	}
	return role
}

// npiOf gives the first NPI among a resource's identifiers.
func npiOf(resource fhir.Node) string { return numberOf(resource, models.SystemNPI) }

// numberOf gives the first number of a system among a resource's identifiers.
func numberOf(resource fhir.Node, system string) string {
	for identifier := range resource.Get("identifier").Children() {
		if value := identifier.Get("value").Text(); value != "" && systemOf(identifier.Get("system")) == system {
			return value
		}
	}
	return ""
}

// taxonomyOf gives the taxonomy among the qualifications of a Practitioner or the types of an Organization.
func taxonomyOf(resource fhir.Node) string {
	for qualification := range resource.Get("qualification").Children() {
		if code := codeIn(qualification.Get("code"), models.SystemTaxonomy); code != "" {
			return code
		}
	}
	for typ := range resource.Get("type").Children() {
		if code := codeIn(typ, models.SystemTaxonomy); code != "" {
			return code
		}
	}
	return ""
}

// npiNamed gives the NPI by which a reference names somebody without a record, or "".
func npiNamed(reference fhir.Node) string {
	if identifier := reference.Get("identifier"); systemOf(identifier.Get("system")) == models.SystemNPI {
		return identifier.Get("value").Text()
	}
	return ""
}

// Location reads a Location: the code of the CMS place of service code set among its types, and the Location it is part of.
func Location(d *fhir.Document) models.Location { return locationIn(d.Root()) }

func locationIn(root fhir.Node) models.Location {
	l := models.Location{ID: root.Get("id").Text(), PartOf: idOf(root.Get("partOf"), "Location")}
	for concept := range root.Get("type").Children() {
		if l.PlaceOfService == "" {
			l.PlaceOfService = codeIn(concept, models.SystemPlaceOfService)
		}
	}
	return l
}
