package models

// RemittanceOutcome says whether the payer told all of a payment, as PaymentReconciliation.outcome has it.
type RemittanceOutcome string

// The outcomes. One that is queued is what answers said of it so far.
const (
	RemittanceQueued   RemittanceOutcome = "queued"
	RemittanceComplete RemittanceOutcome = "complete"
)

// Remittance is a payment of a payer for many claims, known by its trace number: what the claims' answers say is paid, and what the payer adds or takes
// that belongs to no claim. Amount is what answers say until the payer tells it, then what reaches the bank: 0.00 where a takeback eats all of it.
// X12 005010X221A1, BPR and TRN.
type Remittance struct {
	TenantID TenantID     `gorm:"primaryKey"`
	ID       RemittanceID `gorm:"primaryKey"`
	PayerID  OrganizationID
	Trace    string // unique with the payer
	Outcome  RemittanceOutcome
	Day      Date // of the payment; the first answer's until the payer tells it
	Amount   Cents
	Method   RemittanceMethod
	Source   AnswerSource
	BodyHash string  // of what completed it; "" until then
	DueAt    Instant // when a person is asked why the payer does not tell it; 0 where that is done or not needed
	Created  Instant
	Updated  Instant
	Details  []RemittanceDetail `gorm:"-"` // none until the payer tells them

	DepositID  DepositID // that pays it; "" for none
	DepositDue Instant   // when a person is asked where the money stays; 0 where that is done or not needed
}

// IsPaid reports whether money is to reach the bank for it: it is told, above 0.00, and not settled otherwise.
func (r Remittance) IsPaid() bool {
	return r.Outcome == RemittanceComplete && r.Amount > 0 && r.Method != MethodNone
}

// AwaitsDeposit reports whether its money did not reach the bank yet.
func (r Remittance) AwaitsDeposit() bool { return r.IsPaid() && r.DepositID == "" }

// Open gives what no deposit pays of it yet.
func (r Remittance) Open() Cents {
	if r.AwaitsDeposit() || r.Outcome == RemittanceQueued {
		return r.Amount
	}
	return 0
}

// RemittanceMethod is how a payer pays, X12 BPR04; "" where nobody said so.
type RemittanceMethod string

// The ways.
const (
	MethodUnsaid RemittanceMethod = ""
	MethodACH    RemittanceMethod = "ACH"
	MethodCheck  RemittanceMethod = "CHK"
	MethodWire   RemittanceMethod = "FWT"
	MethodOther  RemittanceMethod = "BOP" // the payer's choice
	MethodNone   RemittanceMethod = "NON" // nothing reaches the bank
)

// RemittanceMethods lists the ways that a payer may state.
func RemittanceMethods() []RemittanceMethod {
	return []RemittanceMethod{MethodACH, MethodCheck, MethodWire, MethodOther, MethodNone}
}

// AnswerSource is the door that an answer or a remittance came by.
type AnswerSource string

// The sources.
const (
	SourceFHIR  AnswerSource = "fhir"
	SourceFile  AnswerSource = "file"
	SourcePaper AnswerSource = "paper" // a person entered it
)

// RemittanceDetail is a part of a payment: what it has for one answer to a claim, below zero where that takes money back (X12 CLP04), or what the
// payer adds that belongs to no claim, below zero where it takes it (the negative of X12 PLB04).
type RemittanceDetail struct {
	TenantID     TenantID     `gorm:"primaryKey"`
	RemittanceID RemittanceID `gorm:"primaryKey"`
	Sequence     int          `gorm:"primaryKey"`
	ClaimID      ClaimID      // "" where it is not about a claim
	AnswerID     AnswerID
	Code         string // X12 PLB03-1; "" where it is about a claim
	Reference    string // X12 PLB03-2, which later joins it
	Amount       Cents
}

// IsClaim reports whether a detail is what is paid for a claim.
func (d RemittanceDetail) IsClaim() bool { return d.Code == "" }
