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
