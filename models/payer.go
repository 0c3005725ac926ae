package models

// EveryPayer stands in a fact for all payers that have none of their own.
const EveryPayer OrganizationID = "*"

// Payer is an entry of the practice's payer directory. ID is its Organization, as claims name their insurer.
type Payer struct {
	TenantID     TenantID       `gorm:"primaryKey"`
	ID           OrganizationID `gorm:"primaryKey"`
	Name         string
	Aliases      List[string]     // what else cards and people call it
	Identifiers  List[Identifier] // its number with a clearing house, NAIC, …
	Transactions Codes            // of X12 that it takes: 837P, 837I, 835, 270 …
}

// PayerSubject is what a payer's fact is about.
type PayerSubject string

// The subjects. What a value looks like says internal/payers.
const (
	FilingLimit          PayerSubject = "filing-limit"           // from the service until a first claim comes too late
	CorrectedFilingLimit PayerSubject = "corrected-filing-limit" // the same of a claim that replaces another
	SecondaryFilingLimit PayerSubject = "secondary-filing-limit" // from the first payer's answer
	AppealLimit          PayerSubject = "appeal-limit"           // from the receipt of the answer
	AnswerDays           PayerSubject = "answer-days"            // from when it has a claim, or said something of it, until its silence is work
	TakesReplacement     PayerSubject = "takes-replacement"      // claims of frequency 7
	TakesVoid            PayerSubject = "takes-void"             // claims of frequency 8
	EligibilityChannel   PayerSubject = "eligibility"            // how it is asked what its plans cover
	EligibilityDays      PayerSubject = "eligibility-days"       // for how long what it said of a plan is gone by
	MemberID             PayerSubject = "member-id"              // what a member's number looks like
	TaxonomyRequired     PayerSubject = "taxonomy"               // of whom it wants the taxonomy
	AuthorizationWanted  PayerSubject = "authorization"          // services that it wants to allow before
	Telehealth           PayerSubject = "telehealth"             // modifier and place of a service at a distance
	ModifierRequired     PayerSubject = "modifier"               // what has to stand at a service
	DrugRequired         PayerSubject = "drug"                   // at which services it wants the drug
	CoveredDiagnosis     PayerSubject = "covered-diagnosis"      // for which a service is covered
	Frequency            PayerSubject = "frequency"              // how often a service is covered
	Age                  PayerSubject = "age"                    // at which a service is covered
)

// PayerFact is what a payer wants, on days of service. Code is a service, a range ("99202-99215"), or "" for every service and for
// what is about none; Sequence is its line in the file it came from.
type PayerFact struct {
	TenantID TenantID       `gorm:"primaryKey"`
	PayerID  OrganizationID `gorm:"primaryKey"` // or EveryPayer
	Subject  PayerSubject   `gorm:"primaryKey"`
	Sequence int            `gorm:"primaryKey"`
	Code     string
	Value    string
	From     Date `gorm:"column:from_date"`
	Until    Date `gorm:"column:until_date"`
}

// Span is on which days of service the fact holds.
func (f PayerFact) Span() Span { return Span{From: f.From, Until: f.Until} }

// Enrolment is the days on which a payer takes claims from a provider, who may be a person or a practice.
type Enrolment struct {
	TenantID TenantID       `gorm:"primaryKey"`
	PayerID  OrganizationID `gorm:"primaryKey"`
	Sequence int            `gorm:"primaryKey"`
	NPI      string
	From     Date `gorm:"column:from_date"`
	Until    Date `gorm:"column:until_date"`
}

// Span is the days.
func (e Enrolment) Span() Span { return Span{From: e.From, Until: e.Until} }

// PayerData is all that a practice knows of its payers, or a file of it.
type PayerData struct {
	Payers     []Payer
	Facts      []PayerFact
	Enrolments []Enrolment
}
