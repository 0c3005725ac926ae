package models

// Patient is the dozen elements billing reads of a Patient.
type Patient struct {
	ID         PatientID
	FamilyName string
	GivenName  string
	BirthDate  Date
	DeathDate  Date
	Gender     string
	HasAddress bool
}

// Coverage is one plan of a patient. Order is Coverage.order, 0 where it says nothing.
type Coverage struct {
	ID           CoverageID
	PatientID    PatientID
	PayerID      OrganizationID
	SubscriberID string
	Order        int
	Active       bool
	Period       Span
}

// Party is a provider or payer as a claim names it. PayerNumber is the payer's electronic id.
type Party struct {
	ID   string
	Name string
	NPI  string
}

// Performer is who did a service: a Practitioner of the tenant's, or, where an EHR sent one without a record of its own, the
// NPI alone. The zero Performer is unknown.
type Performer struct {
	ID  PractitionerID
	NPI string // only where ID is ""
}
