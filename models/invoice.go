package models

// InvoiceStatus is Invoice.status.
type InvoiceStatus string

// The states of an invoice; balanced means nothing is owed on it.
const (
	InvoiceIssued    InvoiceStatus = "issued"
	InvoiceBalanced  InvoiceStatus = "balanced"
	InvoiceCancelled InvoiceStatus = "cancelled"
)

// Invoice is what a patient is asked to pay for one visit. Due is what is owed on it now.
type Invoice struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        InvoiceID `gorm:"primaryKey"`
	Number    string
	PatientID PatientID
	VisitID   VisitID
	AccountID AccountID
	IssuerID  OrganizationID
	Status    InvoiceStatus
	Issued    Date
	DueDate   Date
	Billed    Cents // gross of its charges
	Due       Cents
	Earlier   Cents  // open balance of earlier visits when it was issued, shown apart
	Cause     string // what made it, unique: "visit/<id>"
	Created   Instant
	Updated   Instant
	Lines     []InvoiceLine `gorm:"-"`
}

// InvoiceLine tells the story of one charge: billed − contractual − bundled − payer paid = responsibility;
// responsibility − patient paid = due.
type InvoiceLine struct {
	TenantID    TenantID  `gorm:"primaryKey"`
	InvoiceID   InvoiceID `gorm:"primaryKey"`
	Sequence    int       `gorm:"primaryKey"`
	ChargeID    ChargeID
	Billed      Cents
	Adjusted    Cents // all contra accounts
	PayerPaid   Cents
	Deductible  Cents
	Coinsurance Cents
	Copay       Cents
	PatientPaid Cents
	Due         Cents
}

// Account is a patient's account: the anchor of the patient's postings.
type Account struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        AccountID `gorm:"primaryKey"`
	PatientID PatientID
	Created   Instant
}

// WorkKind says what a person has to do.
type WorkKind string

// What waits for a person; each is also the code of its Task.
const (
	WorkCode      WorkKind = "code-visit"      // choose diagnoses and services
	WorkPrice     WorkKind = "price-service"   // add a price to the fee schedule
	WorkClaim     WorkKind = "correct-claim"   // findings hold the claim
	WorkAnswer    WorkKind = "review-answer"   // an adjustment is not posted by itself
	WorkCancelled WorkKind = "cancelled-visit" // an Encounter was cancelled after its claim went out
	WorkCoverage  WorkKind = "clarify-coverage"
)

// WorkStatus is Task.status.
type WorkStatus string

// The states of a work item.
const (
	WorkRequested WorkStatus = "requested"
	WorkCompleted WorkStatus = "completed"
	WorkDropped   WorkStatus = "cancelled"
)

// WorkItem is one thing a person must do. Subject is "Encounter/…", "Claim/…" or "ClaimResponse/…"; kind and subject are
// unique among open items, so a repeated job opens nothing twice.
type WorkItem struct {
	TenantID  TenantID   `gorm:"primaryKey"`
	ID        WorkItemID `gorm:"primaryKey"`
	Kind      WorkKind
	Status    WorkStatus
	Subject   string
	PatientID PatientID
	Reason    string // one sentence without patient values
	Created   Instant
	Updated   Instant
}

// Settings is what a tenant's administrator decides.
type Settings struct {
	TenantID   TenantID       `gorm:"primaryKey"`
	Name       string         //
	TimeZone   string         // IANA name; days are taken in it
	PracticeID OrganizationID // bills where an Encounter names nobody
	GoLive     Date           // visits that ended before it are not billed; "" bills all
	AutoSubmit bool           //
	DueDays    int            // days from issue to due
	Created    Instant
}

// TableName says what the rows are.
func (Settings) TableName() string { return "tenants" }

// DefaultSettings is what a tenant starts with: Eastern time, bills due in 30 days, claims sent by a person's decision.
var DefaultSettings = Settings{Name: "", TimeZone: "America/New_York", DueDays: 30}
