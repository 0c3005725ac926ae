package models

import "slices"

// CodedBy says where a visit's codes come from.
type CodedBy string

// Where codes come from; what a person coded is never overwritten by what an EHR sends later.
const (
	CodedByNobody CodedBy = ""
	CodedByEHR    CodedBy = "ehr"
	CodedByCoder  CodedBy = "coder"
	CodedByDraft  CodedBy = "draft" // a front end's draft is the case's coding
)

// Diagnosis is one ICD-10-CM code of a visit or claim, in order; Sequence starts at 1.
type Diagnosis struct {
	Sequence int
	Code     string // with or without the point, as sent
	InHospital
}

// Equal reports whether two diagnoses say the same.
func (d Diagnosis) Equal(other Diagnosis) bool {
	return d.Sequence == other.Sequence && d.Code == other.Code && d.InHospital.Equal(other.InHospital)
}

// InHospital is what a hospital says of a diagnosis.
type InHospital struct {
	Roles       Codes  // principal, admitting, …; none where nobody said so
	OnAdmission string // Y, N, U, W or 1, which is exempt; "" where nobody said so
	Package     string // MS-DRG, of the principal diagnosis
}

// Equal reports whether the same is said.
func (h InHospital) Equal(other InHospital) bool {
	return slices.Equal(h.Roles, other.Roles) && h.OnAdmission == other.OnAdmission && h.Package == other.Package
}

// Service is one coded service before it has a price. One that has a revenue code is the house's; where it has no other code, that is
// its code, of SystemRevenue.
type Service struct {
	System      string  // SystemCPT, SystemHCPCS or SystemRevenue
	Code        string  //
	Revenue     string  // four digits
	Modifiers   Codes   // at most four
	Units       Units   //
	Measure     Measure // of the units
	Drug        Drug    // that was given
	Pointers    Numbers // sequences of diagnoses, at most four
	ServiceDate Date    //
	Rendering   Performer
	Stated      *Cents // price of all units that the EHR stated; nil where it stated none
	Source      string // "ChargeItem/…" or "Procedure/…" that it was taken from; "" when a coder wrote it
}

// Equal reports whether two say that the same was done; what it costs and which record says so apart.
func (s Service) Equal(o Service) bool {
	return s.System == o.System && s.Code == o.Code && s.Revenue == o.Revenue && s.Units == o.Units && s.Measure == o.Measure && s.Drug == o.Drug &&
		s.ServiceDate == o.ServiceDate && s.Rendering == o.Rendering && slices.Equal(s.Modifiers, o.Modifiers) && slices.Equal(s.Pointers, o.Pointers)
}

// Coding is what a coder or an EHR says a visit was: its diagnoses in order and its services.
type Coding struct {
	Diagnoses []Diagnosis
	Services  []Service
	Stay      Stay // where the house bills
}

// Code systems that billing reads. https://terminology.hl7.org/external_terminologies.html
const (
	SystemICD10CM        = "http://hl7.org/fhir/sid/icd-10-cm"
	SystemCPT            = "http://www.ama-assn.org/go/cpt"
	SystemHCPCS          = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
	SystemNDC            = "http://hl7.org/fhir/sid/ndc"
	SystemUCUM           = "http://unitsofmeasure.org"
	SystemICD10PCS       = "http://www.cms.gov/Medicare/Coding/ICD10"
	SystemRevenue        = "https://www.nubc.org/CodeSystem/RevenueCodes"
	SystemPlaceOfService = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
	SystemNPI            = "http://hl7.org/fhir/sid/us-npi"
	SystemSSN            = "http://hl7.org/fhir/sid/us-ssn"
	SystemEIN            = "urn:oid:2.16.840.1.113883.4.4"
	SystemTaxonomy       = "http://nucc.org/provider-taxonomy"
	SystemGroup          = "https://x12.org/codes/claim-adjustment-group-codes"
	SystemCARC           = "https://x12.org/codes/claim-adjustment-reason-codes"
	SystemClaimStatus    = "https://x12.org/codes/claim-status-category-codes"
	SystemRARC           = "https://x12.org/codes/remittance-advice-remark-codes"
	SystemPLB            = "https://codesystem.x12.org/005010/426" // provider-level adjustments
)
