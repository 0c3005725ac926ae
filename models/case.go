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

// VisitDiagnosis is a Diagnosis as a row.
type VisitDiagnosis struct {
	TenantID TenantID `gorm:"primaryKey"`
	VisitID  VisitID  `gorm:"primaryKey"`
	Sequence int      `gorm:"primaryKey"`
	Code     string
}
