package models

// VisitState says how far a visit has come in billing.
type VisitState string

// The states of a visit. https://hl7.org/fhir/R4/encounter.html has no word for them; the Claim's own lifecycle begins
// where VisitCharged ends.
const (
	VisitCoding  VisitState = "coding"  // waits for a coder
	VisitPricing VisitState = "pricing" // coded, a price is missing
	VisitCharged VisitState = "charged" // charges are in the books
	VisitBilled  VisitState = "billed"  // claims or the invoice are made
	VisitVoided  VisitState = "voided"  // cancelled before anything was sent
	VisitHeld    VisitState = "held"    // cancelled after something was sent; a person decides
)

// Visit is a billing case: a finished Encounter as billing reads it.
type Visit struct {
	TenantID       TenantID       `gorm:"primaryKey"`
	ID             VisitID        `gorm:"primaryKey"`
	PatientID      PatientID      //
	State          VisitState     //
	ServiceDate    Date           //
	EndDate        Date           // day the visit ended; go-live is judged on it
	PlaceOfService string         // two digits, CMS place of service code set
	RenderingID    PractitionerID // who did it
	BillingID      OrganizationID // the practice
	CodedBy        CodedBy        // who coded it
	Created        Instant
	Updated        Instant
}

// CodedBy says where a visit's codes come from.
type CodedBy string

// Where codes come from; what a person coded is never overwritten by what an EHR sends later.
const (
	CodedByNobody CodedBy = ""
	CodedByEHR    CodedBy = "ehr"
	CodedByCoder  CodedBy = "coder"
)

// Diagnosis is one ICD-10-CM code of a visit or claim, in order; Sequence starts at 1.
type Diagnosis struct {
	Sequence int
	Code     string // with or without the point, as sent
}

// VisitDiagnosis is a Diagnosis as a row.
type VisitDiagnosis struct {
	TenantID TenantID `gorm:"primaryKey"`
	VisitID  VisitID  `gorm:"primaryKey"`
	Sequence int      `gorm:"primaryKey"`
	Code     string
}

// Service is one coded service before it has a price.
type Service struct {
	System      string  // SystemCPT or SystemHCPCS
	Code        string  //
	Modifiers   Codes   // at most four
	Units       int     // at least one
	Pointers    Numbers // sequences of diagnoses, at most four
	ServiceDate Date    //
	RenderingID PractitionerID
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
	SystemPlaceOfService = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
	SystemNPI            = "http://hl7.org/fhir/sid/us-npi"
	SystemGroup          = "https://x12.org/codes/claim-adjustment-group-codes"
	SystemCARC           = "https://x12.org/codes/claim-adjustment-reason-codes"
)

// ChargeStatus is ChargeItem.status as far as billing goes.
type ChargeStatus string

// The states of a charge.
const (
	ChargePlanned  ChargeStatus = "planned"  // waits for its price
	ChargeBillable ChargeStatus = "billable" // priced and in the books
	ChargeBilled   ChargeStatus = "billed"   // on a claim or an invoice
	ChargeAborted  ChargeStatus = "aborted"  // replaced or voided, reversed in the books
)

// Charge is one billable service of a visit. Billed is the amount for all units. While Billed is 0 it waits for its visit
// or its price and is not in the books.
type Charge struct {
	TenantID    TenantID `gorm:"primaryKey"`
	ID          ChargeID `gorm:"primaryKey"`
	VisitID     VisitID
	PatientID   PatientID
	Sequence    int // order within the visit, from 1
	Status      ChargeStatus
	System      string
	Code        string
	Modifiers   Codes
	Units       int
	Pointers    Numbers
	ServiceDate Date
	RenderingID PractitionerID
	Source      string
	UnitPrice   Cents
	Billed      Cents
	SelfPay     bool // the patient owes it from the start
	Created     Instant
	Updated     Instant
}
