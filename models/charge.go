package models

// ChargeStatus is ChargeItem.status as far as billing goes.
type ChargeStatus string

// The states of a charge.
const (
	ChargePlanned  ChargeStatus = "planned"  // waits for its price
	ChargeBillable ChargeStatus = "billable" // priced and in the books
	ChargeBilled   ChargeStatus = "billed"   // on a claim or an invoice
	ChargeAborted  ChargeStatus = "aborted"  // replaced or voided, reversed in the books
)

// Charge is one billable service of a visit. Billed is the amount for all units. While Billed is 0 it waits for its visit
// or its price and is not in the books.
type Charge struct {
	TenantID    TenantID `gorm:"primaryKey"`
	ID          ChargeID `gorm:"primaryKey"`
	VisitID     VisitID
	PatientID   PatientID
	Sequence    int // order within the visit, from 1
	Status      ChargeStatus
	System      string
	Code        string
	Modifiers   Codes
	Units       int
	Pointers    Numbers
	ServiceDate Date
	RenderingID PractitionerID
	Source      string
	UnitPrice   Cents
	Billed      Cents
	SelfPay     bool // the patient owes it from the start
	Created     Instant
	Updated     Instant
}
