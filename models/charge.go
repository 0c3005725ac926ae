package models

// ChargeState says how far a charge has come.
type ChargeState string

// The states of a charge. What an EHR sent waits until its case is planned; what is in the books stands there until it is
// reversed.
const (
	ChargePlanned  ChargeState = "planned"          // held back by the EHR, or waits for its price
	ChargeBillable ChargeState = "billable"         // asked for, not in the books yet
	ChargePosted   ChargeState = "posted"           // in the books
	ChargeBilled   ChargeState = "billed"           // in the books, and asked for on a claim that was sent or an invoice
	ChargeComing   ChargeState = "coming"           // on a corrected claim; in the books once its payer judges that
	ChargeLeaving  ChargeState = "leaving"          // in the books until then, and not on the corrected claim
	ChargeAborted  ChargeState = "aborted"          // reversed, or superseded before it was in the books
	ChargeMistaken ChargeState = "entered-in-error" // taken back by who sent it
)

// ChargeFacts is what there is to know about a state of a charge: whether it is in the books, and ChargeItem.status. A charge is
// billed in FHIR's words once the billing engine has made financial transactions of it, and ours does when it posts it.
// https://hl7.org/fhir/R4/codesystem-chargeitem-status.html
type ChargeFacts struct {
	State   ChargeState
	InBooks bool
	Waits   bool // it may still come into the books
	Status  string
}

// ChargeStates is the table of states.
var ChargeStates = []ChargeFacts{
	{State: ChargePlanned, Waits: true, Status: "planned"},
	{State: ChargeBillable, Waits: true, Status: "billable"},
	{State: ChargePosted, InBooks: true, Status: "billed"},
	{State: ChargeBilled, InBooks: true, Status: "billed"},
	{State: ChargeComing, Waits: true, Status: "billable"},
	{State: ChargeLeaving, InBooks: true, Status: "billed"},
	{State: ChargeAborted, Status: "aborted"},
	{State: ChargeMistaken, Status: "entered-in-error"},
}

// Facts gives the row of the table; the zero row for an unknown state.
func (s ChargeState) Facts() ChargeFacts {
	for _, facts := range ChargeStates {
		if facts.State == s {
			return facts
		}
	}
	return ChargeFacts{}
}

// Charge is one billable service of a case. Billed is the amount for all units and means something once the charge is in the
// books, where 0.00 is a price like any other. UnitPrice is nil where the amount is no whole number of cents a unit, or not
// known yet. Posting counts how often the charge went into the books: each time is a cause of its own.
type Charge struct {
	TenantID    TenantID `gorm:"primaryKey"`
	ID          ChargeID `gorm:"primaryKey"`
	CaseID      CaseID   // "" where an EHR named no visit
	PatientID   PatientID
	Sequence    int // order within the case, from 1
	State       ChargeState
	System      string
	Code        string
	Revenue     string // four digits, of what the house bills
	Modifiers   Codes
	Units       Units
	Measure     Measure
	Drug        Drug `gorm:"embedded;embeddedPrefix:drug_"`
	Pointers    Numbers
	ServiceDate Date
	Rendering   Performer `gorm:"embedded;embeddedPrefix:rendering_"`
	Source      string    // "ChargeItem/…", "Procedure/…" or "Claim/…" it was taken from; "" when a coder wrote it
	Stated      *Cents    // what the sender asked for all units; the schedule wins where it has a price
	UnitPrice   *Cents
	Billed      Cents
	PayerID     OrganizationID // who is asked first; "" where the patient owes it from the start
	Posting     int
	Created     Instant
	Updated     Instant
}

// ClaimType gives the type of claim that the charge stands on.
func (c Charge) ClaimType() ClaimType { return ClaimTypeOf(c.Revenue) }

// Service gives what was done, without what it costs.
func (c Charge) Service() Service {
	return Service{
		System: c.System, Code: c.Code, Revenue: c.Revenue, Modifiers: c.Modifiers, Units: c.Units, Measure: c.Measure, Drug: c.Drug, Pointers: c.Pointers,
		ServiceDate: c.ServiceDate, Rendering: c.Rendering, Source: c.Source,
	}
}

// IsPosted reports whether the charge is in the books.
func (c Charge) IsPosted() bool { return c.State.Facts().InBooks }

// IsSelfPay reports whether the patient owes a posted charge from the start.
func (c Charge) IsSelfPay() bool { return c.IsPosted() && c.PayerID == "" }

// IsSent reports whether an EHR sent the charge as a ChargeItem.
func (c Charge) IsSent() bool { return c.Source == Ref{"ChargeItem", string(c.ID)}.String() }
