package fhir

import (
	"slices"
	"strings"
)

// Owner says whose word counts for a type.
type Owner uint8

// The owners. What the EHR owns is kept as it was sent; what billing owns is rendered from its tables.
const (
	Kept Owner = iota
	Booked
)

// Type is one row of the register: a resource type that is served. Routes, CapabilityStatement, search, scopes and audit
// follow from it; which patients a document belongs to follows from R4's own definition of the patient compartment.
type Type struct {
	Name  string
	Owner Owner
	// CreateOnly marks a booked type that a client may create and never changes.
	CreateOnly bool
	// AlsoOurs marks a kept type of which billing writes some itself, with the tag OriginBilling.
	AlsoOurs bool
}

// IsChanged reports whether clients update and delete records of the type; they create those of all.
func (t Type) IsChanged() bool { return !t.CreateOnly }

// types is the register, by name. A kept type needs no more than its row here.
var types = []Type{
	{Name: "Account", Owner: Booked},
	{Name: "AllergyIntolerance"},
	{Name: "Appointment"},
	{Name: "CarePlan"},
	{Name: "CareTeam"},
	{Name: "ChargeItem", Owner: Booked},
	{Name: "ChargeItemDefinition"},
	{Name: "Claim", Owner: Booked},
	{Name: "ClaimResponse", Owner: Booked},
	{Name: "Communication", AlsoOurs: true},
	{Name: "Condition"},
	{Name: "Contract"},
	{Name: "Coverage"},
	{Name: "CoverageEligibilityRequest", AlsoOurs: true},
	{Name: "CoverageEligibilityResponse"},
	{Name: "Device"},
	{Name: "DiagnosticReport"},
	{Name: "DocumentReference"},
	{Name: "Encounter"},
	{Name: "EpisodeOfCare"},
	{Name: "ExplanationOfBenefit", Owner: Booked},
	{Name: "Goal"},
	{Name: "HealthcareService"},
	{Name: "ImagingStudy"},
	{Name: "Immunization"},
	{Name: "InsurancePlan"},
	{Name: "Invoice", Owner: Booked},
	{Name: "Location"},
	{Name: "Media"},
	{Name: "Medication"},
	{Name: "MedicationAdministration"},
	{Name: "MedicationRequest"},
	{Name: "MedicationStatement"},
	{Name: "Observation"},
	{Name: "Organization"},
	{Name: "Patient"},
	{Name: "PaymentNotice", Owner: Booked, CreateOnly: true},
	{Name: "PaymentReconciliation", Owner: Booked},
	{Name: "Practitioner"},
	{Name: "PractitionerRole"},
	{Name: "Procedure"},
	{Name: "Provenance", AlsoOurs: true},
	{Name: "RelatedPerson"},
	{Name: "ServiceRequest"},
	{Name: "Specimen"},
	{Name: "SupplyDelivery"},
	{Name: "Task", Owner: Booked, CreateOnly: true},
}

// Types gives the register, sorted by name.
func Types() []Type { return slices.Clone(types) }

// TypeOf gives the row of a served type. Names are case-sensitive, as everywhere in FHIR.
func TypeOf(name string) (Type, bool) {
	i, found := slices.BinarySearchFunc(types, name, func(t Type, name string) int { return strings.Compare(t.Name, name) })
	if !found {
		return Type{}, false
	}
	return types[i], true
}
