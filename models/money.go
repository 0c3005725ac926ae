package models

import "medbill/models/money"

// Cents is money.Cents, under the name the nouns use.
type Cents = money.Cents

// Price is what a practice charges for one unit of a service while the span lasts. PayerID is "" for every payer.
type Price struct {
	TenantID     TenantID `gorm:"primaryKey"`
	DefinitionID string   `gorm:"primaryKey"` // ChargeItemDefinition id
	Sequence     int      `gorm:"primaryKey"`
	System       string
	Code         string
	Modifiers    Codes
	PayerID      OrganizationID
	From         Date `gorm:"column:from_date"`
	Until        Date `gorm:"column:until_date"`
	Amount       Cents
}

// LedgerAccount is an account of the chart of accounts; sub-ledger dimensions are columns of the posting, not parts of the name.
type LedgerAccount string

// The chart of accounts, as far as the spine posts to it.
const (
	AccountARInsurance    LedgerAccount = "AR:Insurance"
	AccountARPatient      LedgerAccount = "AR:Patient"
	AccountClearing       LedgerAccount = "Clearing:ERA"
	AccountCardClearing   LedgerAccount = "Cash:Card-clearing"
	AccountDrawer         LedgerAccount = "Cash:Drawer"
	AccountBank           LedgerAccount = "Cash:Bank"
	AccountPatientCredits LedgerAccount = "Liability:Patient-credits"
	AccountRevenue        LedgerAccount = "Revenue:Gross"
	AccountContractual    LedgerAccount = "Contra:Contractual"
	AccountBundled        LedgerAccount = "Contra:Bundled"
	AccountSequestration  LedgerAccount = "Contra:Sequestration"
)

// EntryKind is the event an entry records.
type EntryKind string

// The events of the spine, and the reversal of each.
const (
	EntryCharge         EntryKind = "charge"
	EntryAnswer         EntryKind = "answer"
	EntryResponsibility EntryKind = "patient-responsibility"
	EntryPayment        EntryKind = "payment"
	EntryReversal       EntryKind = "reversal"
)

// Entry is one event in the books: immutable, balanced, caused once. Cause is unique in the tenant
// ("charge/<id>", "answer/<id>", "payment/<id>", "reversal/<entry id>").
type Entry struct {
	TenantID TenantID `gorm:"primaryKey"`
	ID       EntryID  `gorm:"primaryKey"`
	Kind     EntryKind
	Cause    string
	Reverses EntryID // the entry this one mirrors, or ""
	Posted   Instant
	Digest   string    // of its postings, so that a change by hand is found
	Postings []Posting `gorm:"-"`
}

// Posting is one line of an entry; positive amounts are debits. The dimensions say whose money it is.
type Posting struct {
	TenantID  TenantID `gorm:"primaryKey"`
	EntryID   EntryID  `gorm:"primaryKey"`
	Sequence  int      `gorm:"primaryKey"`
	Account   LedgerAccount
	Amount    Cents
	PatientID PatientID
	VisitID   VisitID
	ChargeID  ChargeID
	ClaimID   ClaimID
	PayerID   OrganizationID
	AnswerID  AnswerID
	PaymentID PaymentID
}

// TableName keeps the ledger's own word.
func (Entry) TableName() string { return "journal_entries" }

// Balances is the sum of postings per account.
type Balances map[LedgerAccount]Cents

// Payment is money a patient paid. Key is the client's Idempotency-Key, BodyHash tells a repeat from a contradiction.
type Payment struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        PaymentID `gorm:"primaryKey"`
	PatientID PatientID
	InvoiceID InvoiceID
	Amount    Cents
	Method    PaymentMethod
	Reference string
	Key       string `gorm:"column:idempotency_key"`
	BodyHash  string
	Received  Instant
}

// PaymentMethod says how a patient paid, and so where the money lies.
type PaymentMethod string

// The methods $pay takes.
const (
	PaymentCard  PaymentMethod = "card"
	PaymentCash  PaymentMethod = "cash"
	PaymentCheck PaymentMethod = "check"
	PaymentACH   PaymentMethod = "ach"
)
