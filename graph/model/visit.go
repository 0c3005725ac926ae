package model

import (
	"medbill/fhir"
	"medbill/fhir/intake"
)

// A visit and what was found, done and charged.
type (
	// Encounter is FHIR Encounter.
	Encounter struct{ resource }
	// EncounterParticipant is who took part.
	EncounterParticipant struct{ node }
	// EncounterDiagnosis is a diagnosis and its place.
	EncounterDiagnosis struct{ node }
	// Condition is FHIR Condition.
	Condition struct{ resource }
	// Procedure is FHIR Procedure.
	Procedure struct{ resource }
	// ChargeItem is FHIR ChargeItem.
	ChargeItem struct{ resource }
)

// IsWorkSubject says that a charge may wait for a person.
func (ChargeItem) IsWorkSubject() {}

// IsWorkSubject says that a visit may wait for a person.
func (Encounter) IsWorkSubject() {}

// Identifier gives the business identifiers.
func (e Encounter) Identifier() []Identifier { return list[Identifier](e.get("identifier")) }

// Status is planned, in-progress, finished and the like.
func (e Encounter) Status() *string { return text(e.get("status")) }

// Class is ambulatory, inpatient, emergency and the like.
func (e Encounter) Class() *Coding { return one[Coding](e.get("class")) }

// Type is the kind of visit.
func (e Encounter) Type() []CodeableConcept { return list[CodeableConcept](e.get("type")) }

// Participant gives who took part.
func (e Encounter) Participant() []EncounterParticipant {
	return list[EncounterParticipant](e.get("participant"))
}

// Period is when the visit was.
func (e Encounter) Period() *Period { return one[Period](e.get("period")) }

// ReasonCode gives why the patient came.
func (e Encounter) ReasonCode() []CodeableConcept { return list[CodeableConcept](e.get("reasonCode")) }

// Diagnosis gives the diagnoses of the visit.
func (e Encounter) Diagnosis() []EncounterDiagnosis {
	return list[EncounterDiagnosis](e.get("diagnosis"))
}

// Type is the role.
func (p EncounterParticipant) Type() []CodeableConcept { return list[CodeableConcept](p.get("type")) }

// Period is when they took part.
func (p EncounterParticipant) Period() *Period { return one[Period](p.get("period")) }

// Use is admission, discharge, billing and the like.
func (d EncounterDiagnosis) Use() *CodeableConcept { return one[CodeableConcept](d.get("use")) }

// Rank is the place among those of the same use.
func (d EncounterDiagnosis) Rank() *int { return integer(d.get("rank")) }

// ClinicalStatus is active, resolved and the like.
func (c Condition) ClinicalStatus() *CodeableConcept {
	return one[CodeableConcept](c.get("clinicalStatus"))
}

// VerificationStatus is confirmed, refuted and the like.
func (c Condition) VerificationStatus() *CodeableConcept {
	return one[CodeableConcept](c.get("verificationStatus"))
}

// IsEstablished reports whether it counts as a diagnosis. ICD-10-CM Official Guidelines, IV.H
func (c Condition) IsEstablished() bool {
	read := intake.Condition(c.of, nil)
	return !read.IsRefuted && !read.IsUncertain
}

// Code is the diagnosis.
func (c Condition) Code() *CodeableConcept { return one[CodeableConcept](c.get("code")) }

// OnsetDateTime is when it began.
func (c Condition) OnsetDateTime() *string { return text(c.get("onsetDateTime")) }

// RecordedDate is when it was written down.
func (c Condition) RecordedDate() *string { return text(c.get("recordedDate")) }

// Status is completed and the like.
func (p Procedure) Status() *string { return text(p.get("status")) }

// Code is what was done.
func (p Procedure) Code() *CodeableConcept { return one[CodeableConcept](p.get("code")) }

// PerformedDateTime is when it was done.
func (p Procedure) PerformedDateTime() *string { return text(p.get("performedDateTime")) }

// PerformedPeriod is from when until when it was done.
func (p Procedure) PerformedPeriod() *Period { return one[Period](p.get("performedPeriod")) }

// Status is planned, billable, billed, aborted and the like.
func (c ChargeItem) Status() *string { return text(c.get("status")) }

// Code is the service.
func (c ChargeItem) Code() *CodeableConcept { return one[CodeableConcept](c.get("code")) }

// Modifier gives the modifiers of the service, which R4 has no element for.
func (c ChargeItem) Modifier() []string {
	modifiers := []string{}
	for e := range c.get("extension").fhir.Each() {
		if code := e.Get("valueCode").Text(); code != "" && e.Get("url").Is(fhir.ExtensionModifier) {
			modifiers = append(modifiers, code)
		}
	}
	return modifiers
}

// OccurrenceDateTime is the day of service.
func (c ChargeItem) OccurrenceDateTime() *string { return text(c.get("occurrenceDateTime")) }

// Quantity is how many units.
func (c ChargeItem) Quantity() *Quantity { return one[Quantity](c.get("quantity")) }

// UnitPrice is the price of one unit.
func (c ChargeItem) UnitPrice() *Money { return amount(c.at("ChargeItem.unitPrice")) }

// PriceOverride is the price of all units.
func (c ChargeItem) PriceOverride() *Money { return amount(c.get("priceOverride")) }
