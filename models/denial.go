package models

// DenialCategory says what a payer refuses a line for.
type DenialCategory string

// The categories of denials; "" is no denial.
const (
	DeniedEligibility   DenialCategory = "eligibility"
	DeniedAuthorization DenialCategory = "authorization"
	DeniedCoding        DenialCategory = "coding"
	DeniedNecessity     DenialCategory = "medical-necessity"
	DeniedFiling        DenialCategory = "timely-filing"
	DeniedDuplicate     DenialCategory = "duplicate"
	DeniedInformation   DenialCategory = "information"
	DeniedNonCovered    DenialCategory = "non-covered"
	DeniedBundling      DenialCategory = "bundling"
	DeniedCredentials   DenialCategory = "credentialing"
	DeniedCoordination  DenialCategory = "coordination"
	DeniedOther         DenialCategory = "other"
)

// Remedy is what may be done about a denial.
type Remedy string

// The remedies; "" is to look at it first.
const (
	RemedyResend    Remedy = "resend"
	RemedyReplace   Remedy = "replace"
	RemedyAppeal    Remedy = "appeal"
	RemedyNextPayer Remedy = "next-payer"
	RemedyPatient   Remedy = "bill-patient"
	RemedyWriteOff  Remedy = "write-off"
	RemedyCompare   Remedy = "compare"
)

// Denial is what a payer refuses to pay of a line, for one reason: it stays with the payer until somebody decides.
type Denial struct {
	LineSequence int // 0 of the whole claim
	GroupCode    string
	ReasonCode   string // CARC
	RemarkCode   string // RARC, "" where none stands beside the reason
	Amount       Cents
	Category     DenialCategory
	Proposed     Remedy
	Appealable   bool
}
