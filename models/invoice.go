package models

// InvoiceStatus is Invoice.status.
type InvoiceStatus string

// The states of an invoice; balanced means nothing is owed on it any more, cancelled that it was taken back unpaid.
const (
	InvoiceIssued    InvoiceStatus = "issued"
	InvoiceBalanced  InvoiceStatus = "balanced"
	InvoiceCancelled InvoiceStatus = "cancelled"
)

// Invoice is what is asked for a case of a patient. Everything but Status, Due and Earlier is frozen when it is issued:
// more owed later is a new invoice. Net is what was asked, Due what is open now, Credit what the patient's credit paid of it
// at issue, Earlier the open balance of other cases as of now.
type Invoice struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        InvoiceID `gorm:"primaryKey"`
	Number    string
	CaseID    CaseID
	PatientID PatientID
	AccountID AccountID
	Recipient Ref // who is asked: Patient, RelatedPerson or Organization
	IssuerID  OrganizationID
	Status    InvoiceStatus
	Issued    Date
	DueDate   Date
	Billed    Cents // gross of its charges
	Net       Cents
	Credit    Cents
	Due       Cents
	Earlier   Cents
	Cause     Cause
	Created   Instant
	Updated   Instant
	Lines     []InvoiceLine `gorm:"-"`
}

// InvoiceLine tells the story of one charge as it stood at issue: Billed − Adjusted − PayerPaid − what was asked before = Net.
// Due is what is open of it now.
type InvoiceLine struct {
	TenantID    TenantID  `gorm:"primaryKey"`
	InvoiceID   InvoiceID `gorm:"primaryKey"`
	Sequence    int       `gorm:"primaryKey"`
	ChargeID    ChargeID
	ServiceDate Date
	Billed      Cents
	Adjusted    Cents // all contra accounts
	PayerPaid   Cents
	Deductible  Cents
	Coinsurance Cents
	Copay       Cents
	Net         Cents
	Due         Cents
}
