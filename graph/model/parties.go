package model

// Who is treated, who treats, who pays.
type (
	// Patient is FHIR Patient.
	Patient struct{ resource }
	// Coverage is FHIR Coverage.
	Coverage struct{ resource }
	// Organization is FHIR Organization.
	Organization struct{ resource }
	// Practitioner is FHIR Practitioner.
	Practitioner struct{ resource }
	// RelatedPerson is FHIR RelatedPerson.
	RelatedPerson struct{ resource }
	// BilledParty is who is asked for what a patient owes.
	BilledParty interface{ IsBilledParty() }
)

// IsBilledParty says that a patient is asked.
func (Patient) IsBilledParty() {}

// IsBilledParty says that somebody near the patient is asked.
func (RelatedPerson) IsBilledParty() {}

// IsBilledParty says that an organization is asked.
func (Organization) IsBilledParty() {}

// Identifier gives the business identifiers.
func (p Patient) Identifier() []Identifier { return list[Identifier](p.get("identifier")) }

// Active says whether the record is in use.
func (p Patient) Active() *bool { return boolean(p.get("active")) }

// Name gives the names.
func (p Patient) Name() []HumanName { return list[HumanName](p.get("name")) }

// Telecom gives telephone and mail.
func (p Patient) Telecom() []ContactPoint { return list[ContactPoint](p.get("telecom")) }

// Gender is the administrative gender.
func (p Patient) Gender() *string { return text(p.get("gender")) }

// BirthDate is the day of birth.
func (p Patient) BirthDate() *string { return text(p.get("birthDate")) }

// DeceasedBoolean says whether the patient died.
func (p Patient) DeceasedBoolean() *bool { return boolean(p.get("deceasedBoolean")) }

// DeceasedDateTime is when the patient died.
func (p Patient) DeceasedDateTime() *string { return text(p.get("deceasedDateTime")) }

// Address gives the addresses.
func (p Patient) Address() []Address { return list[Address](p.get("address")) }

// Identifier gives the business identifiers.
func (c Coverage) Identifier() []Identifier { return list[Identifier](c.get("identifier")) }

// Status is active, cancelled, draft or entered-in-error.
func (c Coverage) Status() *string { return text(c.get("status")) }

// Type is the kind of plan.
func (c Coverage) Type() *CodeableConcept { return one[CodeableConcept](c.get("type")) }

// SubscriberID is the member's number.
func (c Coverage) SubscriberID() *string { return text(c.get("subscriberId")) }

// Dependent tells the members of a family apart.
func (c Coverage) Dependent() *string { return text(c.get("dependent")) }

// Relationship is the patient's to the subscriber.
func (c Coverage) Relationship() *CodeableConcept {
	return one[CodeableConcept](c.get("relationship"))
}

// Period is when the plan is in force.
func (c Coverage) Period() *Period { return one[Period](c.get("period")) }

// Order is the place of the plan in the order of billing.
func (c Coverage) Order() *int { return integer(c.get("order")) }

// Identifier gives the business identifiers.
func (o Organization) Identifier() []Identifier { return list[Identifier](o.get("identifier")) }

// Active says whether the record is in use.
func (o Organization) Active() *bool { return boolean(o.get("active")) }

// Type is the kind of organization.
func (o Organization) Type() []CodeableConcept { return list[CodeableConcept](o.get("type")) }

// Name is the name.
func (o Organization) Name() *string { return text(o.get("name")) }

// Telecom gives telephone and mail.
func (o Organization) Telecom() []ContactPoint { return list[ContactPoint](o.get("telecom")) }

// Address gives the addresses.
func (o Organization) Address() []Address { return list[Address](o.get("address")) }

// Identifier gives the business identifiers.
func (p Practitioner) Identifier() []Identifier { return list[Identifier](p.get("identifier")) }

// Active says whether the record is in use.
func (p Practitioner) Active() *bool { return boolean(p.get("active")) }

// Name gives the names.
func (p Practitioner) Name() []HumanName { return list[HumanName](p.get("name")) }

// Telecom gives telephone and mail.
func (p Practitioner) Telecom() []ContactPoint { return list[ContactPoint](p.get("telecom")) }

// Identifier gives the business identifiers.
func (p RelatedPerson) Identifier() []Identifier { return list[Identifier](p.get("identifier")) }

// Active says whether the record is in use.
func (p RelatedPerson) Active() *bool { return boolean(p.get("active")) }

// Relationship says what the person is to the patient.
func (p RelatedPerson) Relationship() []CodeableConcept {
	return list[CodeableConcept](p.get("relationship"))
}

// Name gives the names.
func (p RelatedPerson) Name() []HumanName { return list[HumanName](p.get("name")) }

// Telecom gives telephone and mail.
func (p RelatedPerson) Telecom() []ContactPoint { return list[ContactPoint](p.get("telecom")) }

// Gender is the administrative gender.
func (p RelatedPerson) Gender() *string { return text(p.get("gender")) }

// BirthDate is the day of birth.
func (p RelatedPerson) BirthDate() *string { return text(p.get("birthDate")) }

// Address gives the addresses.
func (p RelatedPerson) Address() []Address { return list[Address](p.get("address")) }
