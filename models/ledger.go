package models

// LedgerAccount is an account of the chart of accounts; whose money it is stands in the dimensions of a posting, not in the
// name.
type LedgerAccount string

// The accounts that something posts to.
const (
	AccountARInsurance    LedgerAccount = "AR:Insurance"
	AccountARPatient      LedgerAccount = "AR:Patient"
	AccountClearing       LedgerAccount = "Clearing:ERA"
	AccountCardClearing   LedgerAccount = "Cash:Card-clearing"
	AccountDrawer         LedgerAccount = "Cash:Drawer"
	AccountBank           LedgerAccount = "Cash:Bank"
	AccountReceipts       LedgerAccount = "Liability:Unmatched-receipts" // what came to the bank and nobody knows yet what for
	AccountPatientCredits LedgerAccount = "Liability:Patient-credits"
	AccountRevenue        LedgerAccount = "Revenue:Gross"
	AccountContractual    LedgerAccount = "Contra:Contractual"
	AccountBundled        LedgerAccount = "Contra:Bundled"
	AccountSequestration  LedgerAccount = "Contra:Sequestration"
	AccountDenied         LedgerAccount = "Contra:Denial-writeoff"          // what a payer refused and nobody else is asked for
	AccountAdministrative LedgerAccount = "Contra:Administrative"           // any other write-off
	AccountSmallBalance   LedgerAccount = "Contra:Small-balance"            // what is not worth asking a patient for
	AccountCharity        LedgerAccount = "Contra:Charity"                  // what a patient cannot pay
	AccountSelfPay        LedgerAccount = "Contra:Self-pay-discount"        // what who pays for himself is not asked for
	AccountPromptPay      LedgerAccount = "Contra:Prompt-pay"               // what who pays at once is not asked for
	AccountBadDebt        LedgerAccount = "Contra:Bad-debt"                 // what a patient does not pay; what comes after all is taken off it
	AccountPayerRefunds   LedgerAccount = "Receivable:Payer"                // what was paid back to a payer and is returned or not accounted for yet
	AccountPayerOverpaid  LedgerAccount = "Liability:Insurance-overpayment" // to be paid back to a payer
	AccountForward        LedgerAccount = "Liability:Payer-forward-balance" // taken back by a payer from a later payment
	AccountSuspense       LedgerAccount = "Liability:Suspense"              // a payer's money that nobody knows yet
	AccountInterest       LedgerAccount = "Income:Payer-interest"
	AccountIncentive      LedgerAccount = "Income:Incentive"
	AccountPenalties      LedgerAccount = "Expense:Penalties"
	AccountRefunds        LedgerAccount = "Liability:Refunds-payable" // what is to go back to patients
	AccountFees           LedgerAccount = "Income:Fees"               // what patients are charged beside services
	AccountProcessorFees  LedgerAccount = "Expense:Processor-fees"    // kept back by who settles cards
	AccountOverShort      LedgerAccount = "Expense:Over-short"        // what tills had less than they should, and more on the other side
	AccountOpening        LedgerAccount = "Equity:Opening"
)

// AccountClass is the class of an account in bookkeeping.
type AccountClass string

// The classes.
const (
	ClassAsset     AccountClass = "asset"
	ClassLiability AccountClass = "liability"
	ClassRevenue   AccountClass = "revenue"
	ClassContra    AccountClass = "contra-revenue"
	ClassEquity    AccountClass = "equity"
	ClassIncome    AccountClass = "income"
	ClassExpense   AccountClass = "expense"
)

// Side is the sign of a posting that makes an account grow.
type Side int

// The sides.
const (
	SideDebit  Side = 1
	SideCredit Side = -1
)

// InvoiceRole says how a posting on an account shows on a patient's invoice.
type InvoiceRole string

// The roles.
const (
	RoleNothing   InvoiceRole = ""
	RoleAdjusted  InvoiceRole = "adjusted"   // taken off what was billed
	RolePayerPaid InvoiceRole = "payer-paid" //
	RoleOpen      InvoiceRole = "open"       // owed by the patient
	RoleCredit    InvoiceRole = "credit"     // the patient's own money, unused
)

// AccountFacts is a row of the chart of accounts.
type AccountFacts struct {
	Account LedgerAccount
	Class   AccountClass
	Normal  Side
	Role    InvoiceRole
}

// ChartOfAccounts is every account there is; nothing else is posted to.
var ChartOfAccounts = []AccountFacts{
	{AccountARInsurance, ClassAsset, SideDebit, RoleNothing},
	{AccountARPatient, ClassAsset, SideDebit, RoleOpen},
	{AccountClearing, ClassAsset, SideDebit, RolePayerPaid},
	{AccountCardClearing, ClassAsset, SideDebit, RoleNothing},
	{AccountDrawer, ClassAsset, SideDebit, RoleNothing},
	{AccountBank, ClassAsset, SideDebit, RoleNothing},
	{AccountPatientCredits, ClassLiability, SideCredit, RoleCredit},
	{AccountRevenue, ClassRevenue, SideCredit, RoleNothing},
	{AccountContractual, ClassContra, SideDebit, RoleAdjusted},
	{AccountBundled, ClassContra, SideDebit, RoleAdjusted},
	{AccountSequestration, ClassContra, SideDebit, RoleAdjusted},
	{AccountDenied, ClassContra, SideDebit, RoleAdjusted},
	{AccountAdministrative, ClassContra, SideDebit, RoleAdjusted},
	{AccountSmallBalance, ClassContra, SideDebit, RoleAdjusted},
	{AccountCharity, ClassContra, SideDebit, RoleAdjusted},
	{AccountSelfPay, ClassContra, SideDebit, RoleAdjusted},
	{AccountPromptPay, ClassContra, SideDebit, RoleAdjusted},
	{AccountBadDebt, ClassContra, SideDebit, RoleAdjusted},
	{AccountPayerRefunds, ClassAsset, SideDebit, RoleNothing},
	{AccountPayerOverpaid, ClassLiability, SideCredit, RoleNothing},
	{AccountForward, ClassLiability, SideCredit, RoleNothing},
	{AccountSuspense, ClassLiability, SideCredit, RoleNothing},
	{AccountReceipts, ClassLiability, SideCredit, RoleNothing},
	{AccountInterest, ClassIncome, SideCredit, RoleNothing},
	{AccountIncentive, ClassIncome, SideCredit, RoleNothing},
	{AccountPenalties, ClassExpense, SideDebit, RoleNothing},
	{AccountRefunds, ClassLiability, SideCredit, RoleNothing},
	{AccountFees, ClassIncome, SideCredit, RoleNothing},
	{AccountProcessorFees, ClassExpense, SideDebit, RoleNothing},
	{AccountOverShort, ClassExpense, SideDebit, RoleNothing},
	{AccountOpening, ClassEquity, SideCredit, RoleNothing},
}

// Facts gives the row of the chart; false for an account that is not in it.
func (a LedgerAccount) Facts() (AccountFacts, bool) {
	for _, facts := range ChartOfAccounts {
		if facts.Account == a {
			return facts, true
		}
	}
	return AccountFacts{}, false
}

// EntryKind is the event an entry records.
type EntryKind string

// The events, and the reversal of each.
const (
	EntryCharge         EntryKind = "charge"
	EntryAnswer         EntryKind = "answer"
	EntryResponsibility EntryKind = "patient-responsibility"
	EntryPayment        EntryKind = "payment"
	EntryAllocation     EntryKind = "allocation"       // what of a payment pays charges
	EntryDeallocation   EntryKind = "deallocation"     // and pays them no more
	EntryReturn         EntryKind = "payment-returned" // money of a payment that is not there after all
	EntryRefund         EntryKind = "refund"           // what of a payment is to go back to the patient
	EntryPayout         EntryKind = "refund-paid"      // and went
	EntryFee            EntryKind = "fee"              // what a patient is charged beside services
	EntryWriteOff       EntryKind = "write-off"        // what is not asked for any more
	EntryWriteOffBack   EntryKind = "write-off-reverted"
	EntryTransfer       EntryKind = "transfer"            // of what a payer owes to the patient, or of what it paid too much to what is owed to it
	EntryAdjustment     EntryKind = "provider-adjustment" // of a payer's payment, about no claim
	EntryOverShort      EntryKind = "over-short"          // of a till that was counted
	EntryOpening        EntryKind = "opening"             // what was due before the practice moved in
	EntryDeposit        EntryKind = "deposit"             // what the bank says came in
	EntryMatch          EntryKind = "deposit-match"       // what a deposit pays
	EntryReversal       EntryKind = "reversal"
)

// Entry is one event in the books: immutable, balanced, caused once. Effective is the day it counts for (the accounting date),
// Posted the instant it was written, or that of the entry which it mirrors where the clock of who wrote that was ahead.
type Entry struct {
	TenantID  TenantID `gorm:"primaryKey"`
	ID        EntryID  `gorm:"primaryKey"`
	Kind      EntryKind
	Cause     Cause
	Reverses  EntryID // the entry this one mirrors, or ""
	Effective Date
	Posted    Instant
	Digest    string    // of everything it says, so that a change by hand is found
	Postings  []Posting `gorm:"-"`
}

// Dimensions say whose money a posting is, each "" where it is nobody's.
type Dimensions struct {
	PatientID    PatientID
	CaseID       CaseID
	ChargeID     ChargeID
	ClaimID      ClaimID
	PayerID      OrganizationID
	AnswerID     AnswerID
	RemittanceID string
	PaymentID    PaymentID
	InvoiceID    InvoiceID
	RenderingID  PractitionerID
	LocationID   string
}

// Posting is one line of an entry; positive amounts are debits.
type Posting struct {
	TenantID   TenantID `gorm:"primaryKey"`
	EntryID    EntryID  `gorm:"primaryKey"`
	Sequence   int      `gorm:"primaryKey"`
	Account    LedgerAccount
	Amount     Cents
	Dimensions `gorm:"embedded"`
}

// TableName keeps the ledger's own word.
func (Entry) TableName() string { return "journal_entries" }

// Balances is the sum of postings per account.
type Balances map[LedgerAccount]Cents
