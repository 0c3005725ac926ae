package models

// EligibilityQuestion is what a payer is asked about a plan. It is read from a CoverageEligibilityRequest.
type EligibilityQuestion struct {
	ID         string // of the request
	CoverageID CoverageID
	PatientID  PatientID
	PayerID    OrganizationID
	Active     bool
	Day        Date   // of service; "" for the day on which it is asked
	Service    string // type of service, 30 for all
	Created    Date
}

// Eligibility is what a payer says about a plan on a day of service: whether it is in force, what it covers and what is left of its amounts. It is read from a CoverageEligibilityResponse, which is kept
// whole; what is absent is unknown, and not nothing.
type Eligibility struct {
	ID         string // of the response
	RequestID  string
	CoverageID CoverageID
	PatientID  PatientID
	PayerID    OrganizationID
	Day        Date // of service that was asked for
	Checked    Date
	Refusals   []EligibilityRefusal // why nothing is said; empty where something is
	InForce    *bool
	Period     Span   // in which the plan is in force; either end may be open
	Plan       string // what the payer calls it
	Benefits   []Benefit
	Others     []OtherPayer
}

// EligibilityRefusal is a reason for which a payer does not answer. X12 005010X279A1, AAA03 and AAA04.
type EligibilityRefusal struct {
	Code     string
	FollowUp string
	Text     string
}

// OtherPayer is another payer that the asked one knows of. X12 005010X279A1, EB*R.
type OtherPayer struct {
	PayerID OrganizationID // "" where only an identifier names it
	Number  Identifier
	Order   int // 1 is before all others; 0 where it is not said
	Member  string
}

// BenefitKind says which amount of a plan a benefit is.
type BenefitKind string

// The kinds of benefits that estimates need. http://terminology.hl7.org/CodeSystem/benefit-type, coverage-copay-type
const (
	BenefitDeductible  BenefitKind = "deductible"
	BenefitCopay       BenefitKind = "copay"
	BenefitCoinsurance BenefitKind = "coinsurance"
	BenefitMaximum     BenefitKind = "out-of-pocket" // what a member or a family pays at most in a term
)

// Benefit is one amount of a plan, for a type of service or one service, in a network, of a member or a family.
type Benefit struct {
	Kind       BenefitKind // "" where it is no amount: what is excluded, or authorized before
	Service    string      // type of service, 30 for all; "" where a code says it. X12 EB03
	Code       string      // of one service; "" for a type of service
	Network    string      // in, out, or "" where it is not said
	Unit       string      // individual or family; "" where it is not said, which is one member
	Term       string      // annual, day, lifetime, or ""
	Allowed    *Cents      // the whole amount
	Used       *Cents
	Percent    *int // of BenefitCoinsurance
	Excluded   bool
	Authorized *bool // whether the payer wants to authorize it before
}

// Remaining gives what is left of an amount, never below nothing; nil where one part of it is unknown.
func (b Benefit) Remaining() *Cents {
	if b.Allowed == nil || b.Used == nil {
		return nil
	}
	left := max(0, *b.Allowed-*b.Used)
	return &left
}

// The words of a benefit that are looked for.
const (
	ServiceAny   = "30" // health benefit plan coverage. X12 service type code
	UnitFamily   = "family"
	NetworkOut   = "out"
	TermAnnual   = "annual"
	RefusalRetry = "42" // the payer cannot answer now. X12 AAA03
	RefusalEnrol = "43" // the payer does not know the provider
)

// ActiveOn reports whether the plan is in force on a day of service: of the day that was asked for what the payer says of it, of another one by the days that it names. nil where it says neither.
func (e Eligibility) ActiveOn(day Date) *bool {
	if e.InForce == nil {
		return nil
	}
	is := *e.InForce
	if e.Period != (Span{}) && (is || day != e.Day) {
		is = e.Period.Contains(day)
	}
	return &is
}

// CheckState is how far a question about a plan is.
type CheckState string

// The states of a question.
const (
	CheckPlanned  CheckState = "planned"  // it is to be asked at DueAt
	CheckAsked    CheckState = "asked"    // its payer has it; where nothing is said until DueAt, a person is asked
	CheckDelayed  CheckState = "delayed"  // its payer cannot answer now; it is asked again at DueAt
	CheckAnswered CheckState = "answered" // its payer said what it covers
	CheckRefused  CheckState = "refused"  // its payer said that it does not, or nothing; a person sees to it
	CheckDropped  CheckState = "dropped"  // nobody asks any more
)

// CoverageCheck is a question to a payer about a plan, and what came of it. Latest marks what counts of a plan and a type of service.
type CoverageCheck struct {
	TenantID   TenantID        `gorm:"primaryKey"`
	ID         CoverageCheckID `gorm:"primaryKey"` // of the CoverageEligibilityRequest
	CoverageID CoverageID
	PatientID  PatientID
	PayerID    OrganizationID
	Service    string // type of service
	Day        Date   // of service
	Asked      Date
	Cause      string // for what billing asks itself, as Appointment/1; "" where somebody else asked
	State      CheckState
	Tries      int
	DueAt      Instant // 0 where nothing is to be done by itself
	ResponseID string
	InForce    Tristate
	PeriodFrom Date
	PeriodTo   Date
	Others     List[OtherPayer]
	Latest     bool
	Created    Instant
	Updated    Instant
}

// CoverageCheckID is the id of a question about a plan.
type CoverageCheckID string

// Tristate is what somebody says to a question, or does not.
type Tristate string

// The answers.
const (
	Unsaid Tristate = ""
	Yes    Tristate = "yes"
	No     Tristate = "no"
)

// TristateOf gives what a word that may be absent says.
func TristateOf(is *bool) Tristate {
	switch {
	case is == nil:
		return Unsaid
	case *is:
		return Yes
	}
	return No
}

// ActiveOn reports what a payer said of a plan on a day of service. See Eligibility.ActiveOn.
func (c CoverageCheck) ActiveOn(day Date) Tristate {
	if c.InForce == Unsaid {
		return Unsaid
	}
	is := c.InForce == Yes
	return TristateOf(Eligibility{Day: c.Day, InForce: &is, Period: Span{From: c.PeriodFrom, Until: c.PeriodTo}}.ActiveOn(day))
}
