package models

// ContractID is what a practice calls a contract.
type ContractID string

// Contract is what a payer agreed to allow on days of service, with the rates beside it. Amounts that have four decimals are in ten
// thousandths of a dollar.
type Contract struct {
	TenantID       TenantID   `gorm:"primaryKey"`
	ID             ContractID `gorm:"primaryKey"`
	PayerID        OrganizationID
	Name           string
	From           Date `gorm:"column:from_date"`
	Until          Date `gorm:"column:until_date"`
	Lesser         Lesser
	Policy         PricePolicy
	Tolerance      Cents  // an answer that lies at most so far below is right,
	ToleranceShare int    // or at most so many hundredths of a percent, whichever is more
	DisputeDays    int    // from the answer, until the payer takes no dispute any more
	Locality       string // of Medicare, as carrier-locality: "13202-01"; "" for the nation
	ScheduleDay    Date   // whose fee schedule of Medicare's counts; "" for that of the day of service
	Conversion     int64  // the conversion factor, in ten thousandths; 0 for the fee schedule's own
	Base           int64  // for a DRG of weight 1, in ten thousandths; 0 for none
}

// Span is on which days of service the contract holds.
func (c Contract) Span() Span { return Span{From: c.From, Until: c.Until} }

// DisputeDaysUsual is how long payers usually take disputes where a contract says nothing.
const DisputeDaysUsual = 60

// Lesser says where a payer allows the charge if it is less than the rate.
type Lesser string

// Where the lesser of charge and rate counts.
const (
	LesserNever Lesser = "never"
	LesserLine  Lesser = "line"
	LesserClaim Lesser = "claim"
)

// PricePolicy says whose rules change a rate by modifiers and for several procedures of one day.
type PricePolicy string

// The policies.
const (
	PolicyMedicare PricePolicy = "medicare"
	PolicyNone     PricePolicy = "none" // a rate is what it says
)

// RateKind says what the value of a rate is.
type RateKind string

// The kinds of rates. Shares are in percent.
const (
	RateFlat     RateKind = "flat"                // dollars for each time that the service is done
	RateUnit     RateKind = "per-unit"            // dollars for each unit that is billed, a minute too
	RateCharge   RateKind = "percent-of-charge"   //
	RateMedicare RateKind = "percent-of-medicare" // of what the fee schedule comes to
	RateCase     RateKind = "case"                // dollars for the claim, whatever else stands on it
	RateDay      RateKind = "per-diem"            // the same for each day of a stay
	RateDRG      RateKind = "drg"                 // the weight of a DRG, of which the contract has the base
	RateModifier RateKind = "modifier"            // the share of a rate that is allowed with a modifier
)

// ContractRate is one rate of a contract. Code is a code, a range ("99202-99215"), or "" for every service; all its modifiers have to stand
// on the line; Place and Provider narrow it, "" for any. Value is in ten thousandths of a dollar, of a percent or of a weight; Sequence is its line in the file it came from.
type ContractRate struct {
	TenantID   TenantID   `gorm:"primaryKey"`
	ContractID ContractID `gorm:"primaryKey"`
	Sequence   int        `gorm:"primaryKey"`
	Kind       RateKind
	Code       string
	Modifiers  Codes
	Place      string // of service
	Provider   string // the id of who did it, or the NPI of one who has no record
	Value      int64
	From       Date `gorm:"column:from_date"`
	Until      Date `gorm:"column:until_date"`
}

// Span is on which days of service the rate holds.
func (r ContractRate) Span() Span { return Span{From: r.From, Until: r.Until} }

// ContractData is all contracts of a practice, or a file of them.
type ContractData struct {
	Contracts []Contract
	Rates     []ContractRate
}
