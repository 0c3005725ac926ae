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

// Severity says whether a finding holds a claim.
type Severity string

// Severities; only an error holds.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Finding is what a rule noticed: where (FHIRPath in the Claim), what, and what to do. Text holds no patient value.
type Finding struct {
	Rule     string // stable id, "scrub.npi"
	Severity Severity
	Path     string
	Text     string
	Remedy   string
}

// ClaimFinding is a Finding as a row.
type ClaimFinding struct {
	TenantID TenantID `gorm:"primaryKey"`
	ClaimID  ClaimID  `gorm:"primaryKey"`
	Sequence int      `gorm:"primaryKey"`
	Finding  `gorm:"embedded"`
}

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

// Answer is a payer's account of one claim: what it paid, took off and left to the patient.
type Answer struct {
	TenantID TenantID `gorm:"primaryKey"`
	ID       AnswerID `gorm:"primaryKey"`
	ClaimID  ClaimID
	PayerID  OrganizationID
	Key      string `gorm:"column:answer_key"` // identifier, else body hash; unique with claim and payer
	BodyHash string
	Review   bool // some adjustment waits for a person
	Billed   Cents
	Paid     Cents
	Created  Instant
	Lines    []AnswerLine `gorm:"-"`
	// Claim-level adjustments stand on no line; LineSequence is 0.
	Adjustments []Adjustment `gorm:"-"`
	// Totals as the payer states them, checked against the lines; nil where it states none.
	StatedSubmitted *Cents `gorm:"-"`
	StatedPaid      *Cents `gorm:"-"`
	StatedPayment   *Cents `gorm:"-"`
}

// AnswerLine is the payer's judgement of one claim line.
type AnswerLine struct {
	TenantID     TenantID `gorm:"primaryKey"`
	AnswerID     AnswerID `gorm:"primaryKey"`
	LineSequence int      `gorm:"primaryKey"`
	ChargeID     ChargeID
	Billed       Cents  // submitted
	Allowed      *Cents // eligible, where stated
	Paid         Cents  // benefit
}

// Adjustment is one group code, CARC and amount; positive takes off the charge.
type Adjustment struct {
	TenantID     TenantID `gorm:"primaryKey"`
	AnswerID     AnswerID `gorm:"primaryKey"`
	Sequence     int      `gorm:"primaryKey"`
	LineSequence int      // 0 at claim level
	GroupCode    string   // CO PR OA PI
	ReasonCode   string   // CARC
	Amount       Cents
}
