package models

// WriteOff is what the practice does not ask a patient for any more of an invoice, for a kind of reason. Lines say of which charges; Amount is what of it stands: what is
// reverted, or was never owed because a payer judged otherwise, is taken off it.
type WriteOff struct {
	TenantID  TenantID   `gorm:"primaryKey"`
	ID        WriteOffID `gorm:"primaryKey"`
	PatientID PatientID
	InvoiceID InvoiceID
	CaseID    CaseID
	Kind      WriteOffKind
	Amount    Cents
	Reason    string
	By        string `gorm:"column:decided_by"`
	Day       Date
	Moves     int // how often it was posted, or taken back in whole or in part
	Lines     List[WriteOffLine]
	Created   Instant
	Updated   Instant
}

// WriteOffLine is what of a write-off is of a charge.
type WriteOffLine struct {
	ChargeID ChargeID `json:"charge"`
	Amount   Cents    `json:"amount"`
}

// WriteOffKind says why a patient is asked for less.
type WriteOffKind string

// The kinds, each with an account of its own.
const (
	WriteOffSmallBalance WriteOffKind = "small-balance"
	WriteOffCharity      WriteOffKind = "charity"
	WriteOffSelfPay      WriteOffKind = "self-pay-discount"
	WriteOffPromptPay    WriteOffKind = "prompt-pay"
	WriteOffBadDebt      WriteOffKind = "bad-debt"
	WriteOffOther        WriteOffKind = "administrative"
)

// WriteOffAccounts says where what is written off goes, and so which kinds there are.
var WriteOffAccounts = map[WriteOffKind]LedgerAccount{
	WriteOffSmallBalance: AccountSmallBalance, WriteOffCharity: AccountCharity, WriteOffSelfPay: AccountSelfPay, WriteOffPromptPay: AccountPromptPay,
	WriteOffBadDebt: AccountBadDebt, WriteOffOther: AccountAdministrative,
}
