package models

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
}

// Service is one coded service before it has a price.
type Service struct {
	System      string  // SystemCPT or SystemHCPCS
	Code        string  //
	Modifiers   Codes   // at most four
	Units       Units   //
	Pointers    Numbers // sequences of diagnoses, at most four
	ServiceDate Date    //
	Rendering   Performer
	Stated      *Cents // price of all units that the EHR stated; nil where it stated none
	Source      string // "ChargeItem/…" or "Procedure/…" that it was taken from; "" when a coder wrote it
}

// Coding is what a coder or an EHR says a visit was: its diagnoses in order and its services.
type Coding struct {
	Diagnoses []Diagnosis
	Services  []Service
}

// Code systems that billing reads. https://terminology.hl7.org/external_terminologies.html
const (
	SystemICD10CM        = "http://hl7.org/fhir/sid/icd-10-cm"
	SystemCPT            = "http://www.ama-assn.org/go/cpt"
	SystemHCPCS          = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
	SystemICD10PCS       = "http://www.cms.gov/Medicare/Coding/ICD10"
	SystemPlaceOfService = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
	SystemNPI            = "http://hl7.org/fhir/sid/us-npi"
	SystemSSN            = "http://hl7.org/fhir/sid/us-ssn"
	SystemEIN            = "urn:oid:2.16.840.1.113883.4.4"
	SystemTaxonomy       = "http://nucc.org/provider-taxonomy"
	SystemGroup          = "https://x12.org/codes/claim-adjustment-group-codes"
	SystemCARC           = "https://x12.org/codes/claim-adjustment-reason-codes"
	SystemRARC           = "https://x12.org/codes/remittance-advice-remark-codes"
)
