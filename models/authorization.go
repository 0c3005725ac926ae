package models

// AuthorizationState is how far a request to a payer for authorization is.
type AuthorizationState string

// The states of a request.
const (
	AuthorizationAsked    AuthorizationState = "asked"    // its payer is to get it, or has it
	AuthorizationPended   AuthorizationState = "pended"   // its payer decides later
	AuthorizationApproved AuthorizationState = "approved" // all of it
	AuthorizationPartly   AuthorizationState = "partly"   // some of it, or otherwise than it was asked for
	AuthorizationDenied   AuthorizationState = "denied"   // none of it
	AuthorizationRefused  AuthorizationState = "refused"  // it was not taken in; a person sees to it
	AuthorizationDropped  AuthorizationState = "dropped"  // nobody asks any more
)

// IsDecided reports whether the payer has said what it allows.
func (s AuthorizationState) IsDecided() bool {
	return s == AuthorizationApproved || s == AuthorizationPartly || s == AuthorizationDenied
}

// ReviewAction is what a payer says of one service of a request. X12 005010X217, HCR01.
type ReviewAction string

// The actions. What is not said is none.
const (
	ReviewCertified ReviewAction = "A1"
	ReviewPartly    ReviewAction = "A2"
	ReviewDenied    ReviewAction = "A3"
	ReviewPended    ReviewAction = "A4"
	ReviewModified  ReviewAction = "A6"
	ReviewCancelled ReviewAction = "C"
	ReviewCall      ReviewAction = "CT" // the payer wants to be called
	ReviewNeedless  ReviewAction = "NA" // the payer wants no request for it
)

// Allows reports whether the service may be done, as far as the payer says.
func (a ReviewAction) Allows() bool {
	return a == ReviewCertified || a == ReviewPartly || a == ReviewModified || a == ReviewNeedless
}

// Authorization is a request to a payer to allow services before they are done, and what it said. The id is that of the Claim of use preauthorization that asks.
type Authorization struct {
	TenantID   TenantID `gorm:"primaryKey"`
	ID         ClaimID  `gorm:"primaryKey"`
	Number     string   // of the request, as system|value: its payer's answers name it
	PatientID  PatientID
	CoverageID CoverageID
	PayerID    OrganizationID
	Urgent     bool
	State      AuthorizationState
	Services   List[AuthorizedService]
	ResponseID string  // of the ClaimResponse that counts; "" until one came
	Decides    Date    // until when the payer has to decide
	Tries      int     // to send it that failed since one went well
	DueAt      Instant // when it is to be sent, or asked about; 0 where nothing is to be done by itself
	Created    Instant
	Updated    Instant
}

// AuthorizedService is one service of a request, and what its payer says of it.
type AuthorizedService struct {
	Sequence int          `json:"sequence"`
	Code     string       `json:"code"`
	Units    Units        `json:"units,omitempty"` // as asked for, else as allowed; 0 where nobody counts
	Days     Span         `json:"days,omitzero"`   // on which it is to be done; an end that nobody names is open
	Action   ReviewAction `json:"action,omitempty"`
	Number   string       `json:"number,omitempty"` // of the authorization
	Reason   string       `json:"reason,omitempty"` // why it is not, or otherwise. X12 886
}

// IsAbout reports whether the service is the one of a line of a claim.
func (s AuthorizedService) IsAbout(code string, day Date) bool {
	return s.Code == code && s.Days.Contains(day)
}

// Review is what a payer says to a request for authorization. It is read from a ClaimResponse.
type Review struct {
	ID        string // of the response
	RequestID ClaimID
	Numbers   []string // by which it may name the request, as system|value
	PatientID PatientID
	PayerID   OrganizationID
	Services  []AuthorizedService
	All       AuthorizedService    // what is said of all services alike; no action where they are named
	Refusals  []EligibilityRefusal // why the request was not taken in; empty where it was
}
