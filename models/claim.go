package models

// ClaimState is the claim's lifecycle, finer than Claim.status.
type ClaimState string

// The states the spine reaches; later ones stand in docs/ARCHITECTURE.md.
const (
	ClaimDraft       ClaimState = "draft"
	ClaimHeld        ClaimState = "held"
	ClaimReady       ClaimState = "ready"
	ClaimTransmitted ClaimState = "transmitted"
	ClaimAdjudicated ClaimState = "adjudicated"
	ClaimVoided      ClaimState = "entered-in-error" // made by mistake, never sent
)

// IsSent reports whether the payer has it; from then on only the state changes.
func (s ClaimState) IsSent() bool { return s == ClaimTransmitted || s == ClaimAdjudicated }

// Limits of a professional claim. X12 005010X222A1: HI segments, loop 2400, SV107, CLM01.
const (
	ClaimLinesMax     = 50
	ClaimDiagnosesMax = 12
	LinePointersMax   = 4
	LineModifiersMax  = 4
	ClaimNumberMax    = 20
)

// Claim is what we ask one payer to pay for one visit. Number is ours, unique in the tenant, opaque to the payer.
type Claim struct {
	TenantID       TenantID `gorm:"primaryKey"`
	ID             ClaimID  `gorm:"primaryKey"`
	Number         string
	VisitID        VisitID // "" for a draft that a client wrote
	PatientID      PatientID
	CoverageID     CoverageID
	InsurerID      OrganizationID
	BillingID      OrganizationID
	RenderingID    PractitionerID
	State          ClaimState
	Position       int // place of the payer in the coverage order, from 1
	Part           int // from 1; a visit over 50 lines has several
	ServiceFrom    Date
	ServiceUntil   Date
	PlaceOfService string
	Billed         Cents
	Cause          string // what made it, unique: "visit/<id>/payer/<n>/part/<n>/<version>" or "draft/<id>"
	Created        Instant
	Updated        Instant
	Lines          []ClaimLine      `gorm:"-"`
	Diagnoses      []ClaimDiagnosis `gorm:"-"`
}

// ClaimLine is one charge on a claim.
type ClaimLine struct {
	TenantID    TenantID `gorm:"primaryKey"`
	ClaimID     ClaimID  `gorm:"primaryKey"`
	Sequence    int      `gorm:"primaryKey"`
	ChargeID    ChargeID // "" for a draft that a client wrote
	System      string
	Code        string
	Modifiers   Codes
	Units       int
	Pointers    Numbers
	ServiceDate Date
	Billed      Cents
}

// ClaimDiagnosis is one diagnosis of a claim.
type ClaimDiagnosis struct {
	TenantID TenantID `gorm:"primaryKey"`
	ClaimID  ClaimID  `gorm:"primaryKey"`
	Sequence int      `gorm:"primaryKey"`
	Code     string
}
