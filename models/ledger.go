package models

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
