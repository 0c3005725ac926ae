package models

import "cmp"

// Patient is the few elements billing reads of a Patient.
type Patient struct {
	ID         PatientID
	FamilyName string
	GivenName  string
	BirthDate  Date
	DeathDate  Date
	Deceased   bool // also where no day is known
	Gender     string
	HasAddress bool
	SSN        string
}

// Coverage is one plan of a patient. PayerID is the Organization that pays: "" where the payors name none, several, or
// somebody else who cannot be found. Order is Coverage.order, 0 where it says nothing.
type Coverage struct {
	ID           CoverageID
	PatientID    PatientID
	PayerID      OrganizationID
	Payors       []Payor // in document order
	SubscriberID string  // the member's number
	Subscriber   Ref     // Patient or RelatedPerson who holds the plan; empty where it says nothing
	Order        int
	Active       bool
	Mistaken     bool // entered in error: there was no such plan
	Period       Span
	Checks       []CoverageCheck // what its payer said of it, as far as that counts
}

// Payor is who a plan says will pay. Ref has no id where it names a record that the Coverage holds itself or that is only
// described, and no type where that is not said either; Name and Identifiers describe it.
type Payor struct {
	Ref         Ref
	Name        string
	Identifiers []Identifier
}

// IsPerson reports whether the patient or somebody near him pays himself.
func (p Payor) IsPerson() bool { return p.Ref.Type == "Patient" || p.Ref.Type == "RelatedPerson" }

// Identifier is a number that somebody has in a system.
type Identifier struct{ System, Value string }

// Party is a provider or payer as a claim names it. PayerNumber is the payer's electronic id.
// TaxID and Taxonomy are "" where the record has none.
type Party struct {
	ID       string
	Name     string
	NPI      string
	TaxID    string
	Taxonomy string // a code of the NUCC's set
	// Address is where a provider is found: the one for billing, else one that is no mere mail box.
	Address Address
}

// Address is a postal address in the words of its document. Street has a line end between its lines; Country is "" where it says nothing.
type Address struct{ Street, City, State, PostalCode, Country string }

// Participant is who took part in a visit or a service, and as what: v3-ParticipationType codes (ATND, PPRF, REF …).
// https://terminology.hl7.org/CodeSystem-v3-ParticipationType.html
type Participant struct {
	Types    Codes
	Provider Provider
}

// Provider is a provider as a document names him: a Practitioner or a PractitionerRole of the tenant's, or the NPI of
// somebody who has no record of his own. PracticeID is for whom he acts, where the document says so itself. The zero Provider
// is somebody billing cannot find.
type Provider struct {
	PractitionerID PractitionerID
	RoleID         string
	NPI            string
	PracticeID     OrganizationID
}

// In gives a provider with what his PractitionerRole says of him; as he is where that is not among roles.
func (p Provider) In(roles []PractitionerRole) Provider {
	for _, r := range roles {
		if p.RoleID != "" && r.ID == p.RoleID {
			p.PractitionerID, p.NPI = cmp.Or(p.PractitionerID, r.PractitionerID), cmp.Or(p.NPI, r.NPI)
			p.PracticeID = cmp.Or(p.PracticeID, r.PracticeID)
		}
	}
	return p
}

// Performer gives a provider as who did a service.
func (p Provider) Performer() Performer {
	if p.PractitionerID != "" {
		return Performer{ID: p.PractitionerID}
	}
	return Performer{NPI: p.NPI}
}

// PractitionerRole is who acts in a role, and for which Organization; NPI is for one who has no record of his own.
type PractitionerRole struct {
	ID             string
	PractitionerID PractitionerID
	NPI            string
	PracticeID     OrganizationID
}

// Location is a place of the practice or the patient. PartOf is the Location it is in, PlaceOfService its code in the CMS
// place of service code set.
type Location struct {
	ID             string
	PartOf         string
	PlaceOfService string
}

// Performer is who did a service: a Practitioner of the tenant's, or, where an EHR sent one without a record of its own, the
// NPI alone. The zero Performer is unknown.
type Performer struct {
	ID  PractitionerID
	NPI string // only where ID is ""
}

// Contact is somebody as a letter is written to him: his whole name, where mail reaches him, and a number to call. What is "" is not known.
type Contact struct {
	Name    string
	Address Address
	Phone   string
}
