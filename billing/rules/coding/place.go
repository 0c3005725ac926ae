package coding

import (
	"slices"

	"medbill/models"
)

// Classes of Encounters that the rules tell apart. https://terminology.hl7.org/ValueSet-v3-ActEncounterCode.html
const classVirtual = "VR"

var inpatientClasses = []string{"IMP", "ACUTE", "NONAC", "SS"}

func isInpatient(class string) bool { return slices.Contains(inpatientClasses, class) }

// placeOfClass is where a visit of a class is where no Location says it. A class that is not here tells no place.
// https://www.cms.gov/medicare/coding-billing/place-of-service-codes/code-sets
var placeOfClass = map[string]string{
	"AMB": "11", "IMP": "21", "ACUTE": "21", "NONAC": "21", "SS": "21", "EMER": "23", "OBSENC": "22", "HH": "12",
}

// locationStatuses is which of an Encounter's locations tell where it was, best first.
// https://hl7.org/fhir/R4/codesystem-encounter-location-status.html
var locationStatuses = []string{"active", "", "completed"}

// LocationOf gives the location that tells where e was: the active one, else one without a status, else one that the patient
// has left; the first of several. It is empty where there is none: one that was only planned tells nothing.
func LocationOf(e models.Encounter) models.Location {
	for _, status := range locationStatuses {
		for _, l := range e.Locations {
			if l.Status == status {
				return l.Location
			}
		}
	}
	return models.Location{}
}

// PlaceOfService gives the CMS place of service code of a visit, or "" where nothing tells it and the claim has to wait.
// chain is the visit's Location, the one it is part of, and so on: the first code counts, else the class. A telehealth visit
// is where the patient is, so a practice's own place does not tell.
func PlaceOfService(chain []models.Location, class string) string {
	said := ""
	for _, l := range chain {
		if said == "" {
			said = l.PlaceOfService
		}
	}
	switch {
	case class == classVirtual:
		return telehealthAt[said]
	case said != "":
		return said
	}
	return placeOfClass[class]
}

// telehealthAt is the telehealth code for what a Location says: 10 at the patient's home, 02 elsewhere.
var telehealthAt = map[string]string{"02": "02", "10": "10", "12": "10"}
