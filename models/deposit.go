package models

// DepositType is what work about a deposit names it by.
const DepositType = "Deposit"

// DepositState says whether it is known what a deposit pays.
type DepositState string

// The states.
const (
	DepositUnmatched DepositState = "unmatched"
	DepositMatched   DepositState = "matched"
)

// BankFile is a kind of file in which a bank, or a person in its place, tells deposits.
type BankFile string

// The kinds.
const (
	BankJSON BankFile = "json"
	BankCSV  BankFile = "csv"
	BankBAI2 BankFile = "bai2" // a statement of the bank
	BankCCD  BankFile = "ccd"  // entries of the clearing house, with what payers say of them
)

// Deposit is money that the bank says came in on a day. It is in the books from that day on, as money of which nobody knows what it is for until
// it is matched. What a deposit says never changes; Matchings counts how often it was matched.
type Deposit struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        DepositID `gorm:"primaryKey"`
	Day       Date
	Amount    Cents
	Trace     string         // of the payment, "" where the bank does not tell it; X12 TRN02
	PayerID   OrganizationID // "" where nobody said it
	Reference string         // the bank's own number of it, "" where it gives none
	Text      string         // the bank's own words
	Source    BankFile
	LineKey   string // tells the same line of the bank twice from two lines
	State     DepositState
	Matchings int
	Created   Instant
	Updated   Instant
	Matches   []DepositMatch `gorm:"-"` // none while it is unmatched

	AskDue   Instant      // when its payer's server is asked for the remittance; 0 where that is done or not needed
	AskTries int          // calls in vain since it answered
	Asked    DepositAsked // what came of it
}

// DepositAsked is what came of asking the payer of a deposit for its remittance.
type DepositAsked string

// What came of it.
const (
	AskedNothing    DepositAsked = ""           // it was not asked, or did not answer yet
	AskedUntaxed    DepositAsked = "no-number"  // the practice has no tax number by which it could be asked
	AskedAway       DepositAsked = "away"       // it does not answer
	AskedUnknown    DepositAsked = "unknown"    // it tells of no such payment
	AskedOther      DepositAsked = "other"      // what it gives is about something else
	AskedUnreadable DepositAsked = "unreadable" // what it gives cannot be read
	AskedRefused    DepositAsked = "refused"    // what it gives cannot be posted
	AskedTold       DepositAsked = "told"       // the payment is told, and not matched by itself
)

// FoundPayment is a payment that a payer finds where it is asked about one, with a file that tells it.
type FoundPayment struct {
	Trace      string
	Day        Date
	Amount     Cents
	Advice     string // the payer's number of the file
	IsReadable bool   // whether the file is in a form that is read
}

// DepositPays is what a part of a deposit pays.
type DepositPays string

// What a deposit pays.
const (
	PaysRemittance DepositPays = "remittance" // what a payer said it pays
	PaysCard       DepositPays = "card"       // cards that a processor settles
	PaysTill       DepositPays = "till"       // what lay in the drawer
)

// DepositMatch is a part of a matched deposit. Fee is what a processor of cards kept back beside it.
type DepositMatch struct {
	TenantID     TenantID  `gorm:"primaryKey"`
	DepositID    DepositID `gorm:"primaryKey"`
	Sequence     int       `gorm:"primaryKey"`
	Pays         DepositPays
	RemittanceID RemittanceID // "" where it is no payment of a payer
	Amount       Cents
	Fee          Cents
}

// DepositFilter says which deposits are asked for; what is empty does not matter.
type DepositFilter struct {
	State   DepositState
	PayerID OrganizationID
	Trace   string
	Days    Span
	Amount  *Cents
}

// RemittanceFilter says which payments of payers are asked for; what is empty does not matter.
type RemittanceFilter struct {
	Outcome   RemittanceOutcome
	PayerID   OrganizationID
	Trace     string
	Days      Span
	Amount    *Cents
	Deposited *bool // of those that are told and above 0.00: whether a deposit pays them
}
