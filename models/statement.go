package models

import (
	"slices"
	"strings"
)

// Statement is a letter to a guarantor that asks for what is due, over all its patients. It is frozen when it is sent; what was paid since is not in it. Cause keeps the same one from
// being sent twice.
type Statement struct {
	TenantID  TenantID    `gorm:"primaryKey"`
	ID        StatementID `gorm:"primaryKey"`
	Guarantor Ref
	Day       Date
	Step      StatementStep
	Amount    Cents // the sum of its lines
	Lines     List[StatementLine]
	Latest    bool // of those that ask for all that is due: the next one goes by it
	Cause     Cause
	Created   Instant
}

// statementPrefix marks the number of a letter.
const statementPrefix = "S"

// Number is what people call it by: its day, and what tells it from others of the day.
func (s Statement) Number() string {
	id := strings.ToUpper(strings.ReplaceAll(string(s.ID), "-", ""))
	return statementPrefix + strings.ReplaceAll(string(s.Day), "-", "") + "-" + id[max(0, len(id)-6):]
}

// StatementLine is an invoice or a balance from before, or the part of a payment plan.
type StatementLine struct {
	Subject   Ref       `json:"subject"` // an Invoice, or the ChargeItem of a balance from before; the zero Ref for a part of a plan
	PatientID PatientID `json:"patient,omitempty"`
	Day       Date      `json:"day"` // when it was issued, done, or falls due
	Amount    Cents     `json:"amount"`
	Asked     int       `json:"asked,omitempty"` // how many letters asked for it, with this one
	Part      int       `json:"part,omitempty"`  // of the plan
}

// StatementStep says how often a letter asks: by the days after the first bill, or for a part of a payment plan.
type StatementStep string

// The steps.
const (
	StatementFirst  StatementStep = "day-0"
	StatementSecond StatementStep = "day-30"
	StatementThird  StatementStep = "day-60"
	StatementFinal  StatementStep = "day-90"
	StatementOfPlan StatementStep = "plan-part"
)

// StatementCycle is the steps in their order; after the last one people decide about collections.
var StatementCycle = []StatementStep{StatementFirst, StatementSecond, StatementThird, StatementFinal}

// HoldKind says why a guarantor is sent no statements.
type HoldKind string

// The kinds.
const (
	HoldDispute         HoldKind = "dispute"          // the guarantor disputes a bill
	HoldEstimateDispute HoldKind = "estimate-dispute" // a bill is disputed that is above a good faith estimate; 45 CFR 149.620
	HoldDeceased        HoldKind = "deceased"
	HoldBankruptcy      HoldKind = "bankruptcy"
	HoldBadAddress      HoldKind = "bad-address" // mail came back
	HoldCollections     HoldKind = "collections" // all letters were sent
	HoldManual          HoldKind = "manual"
)

// HoldKinds lists the kinds.
func HoldKinds() []HoldKind {
	return []HoldKind{HoldDispute, HoldEstimateDispute, HoldDeceased, HoldBankruptcy, HoldBadAddress, HoldCollections, HoldManual}
}

// PutByPeople reports whether somebody may put a hold of the kind by itself: disputes are of an invoice, and collections follow from the letters.
func (k HoldKind) PutByPeople() bool {
	return slices.Contains([]HoldKind{HoldDeceased, HoldBankruptcy, HoldBadAddress, HoldManual}, k)
}

// EstimateDisputeDays is how long there is to dispute a bill above a good faith estimate, and how long nobody is dunned for one that is disputed. 45 CFR 149.620(c)
const EstimateDisputeDays = 120

// StatementHold keeps statements from a guarantor. About is the Invoice of a dispute.
type StatementHold struct {
	TenantID  TenantID `gorm:"primaryKey"`
	ID        HoldID   `gorm:"primaryKey"`
	Guarantor Ref
	Kind      HoldKind
	About     Ref
	From      Date `gorm:"column:held_from"`
	Until     Date `gorm:"column:held_until"` // the first day on which it does not hold any more; "" where it holds until it is lifted
	Reason    string
	By        string `gorm:"column:held_by"`
	Lifted    Date   // "" while nobody lifted it
	LiftedBy  string
	Created   Instant
	Updated   Instant
}

// Holds reports whether it holds on a day.
func (h StatementHold) Holds(day Date) bool {
	return h.Lifted == "" && h.From <= day && (h.Until == "" || day < h.Until)
}

// PlanState says how a payment plan stands.
type PlanState string

// The states.
const (
	PlanActive   PlanState = "active"
	PlanKept     PlanState = "kept"     // all of it was paid
	PlanBroken   PlanState = "broken"   // a part was not paid in time
	PlanReplaced PlanState = "replaced" // another plan came in its place
	PlanEnded    PlanState = "ended"    // people ended it
)

// PaymentPlan is what a guarantor agreed to pay in parts. Covers is what it pays, as it was due when it was made: what is still due of that tells what was paid, whoever paid it.
type PaymentPlan struct {
	TenantID  TenantID `gorm:"primaryKey"`
	ID        PlanID   `gorm:"primaryKey"`
	Guarantor Ref
	State     PlanState
	Amount    Cents
	Covers    List[PlanCover]
	By        string `gorm:"column:made_by"`
	Created   Instant
	Updated   Instant
	Parts     []PlanPart `gorm:"-"`
}

// PlanCover is a charge and what of it a plan pays.
type PlanCover struct {
	ChargeID ChargeID `json:"charge"`
	Amount   Cents    `json:"amount"`
}

// PlanPart is a part of a payment plan, due on a day.
type PlanPart struct {
	TenantID TenantID `gorm:"primaryKey"`
	PlanID   PlanID   `gorm:"primaryKey"`
	Sequence int      `gorm:"primaryKey"`
	Day      Date
	Amount   Cents
}

// TableName says what they are.
func (PlanPart) TableName() string { return "payment_plan_parts" }
