package models

import (
	"slices"
	"strings"

	"medbill/models/money"
)

// AnswerKind says what a payer's answer is.
type AnswerKind string

// The kinds of answers. An acknowledgement moves the claim and no money; an interim answer judges some of the lines; a reversal
// takes an answer back and a correction comes in its place.
const (
	AnswerOriginal   AnswerKind = "original"
	AnswerInterim    AnswerKind = "interim"
	AnswerAck        AnswerKind = "acknowledgement"
	AnswerReversal   AnswerKind = "reversal"
	AnswerCorrection AnswerKind = "correction"
)

// AnswerOutcome is ClaimResponse.outcome. https://hl7.org/fhir/R4/valueset-remittance-outcome.html
type AnswerOutcome string

// The outcomes.
const (
	OutcomeQueued   AnswerOutcome = "queued"
	OutcomeComplete AnswerOutcome = "complete"
	OutcomeError    AnswerOutcome = "error"
	OutcomePartial  AnswerOutcome = "partial"
)

// Answer is a payer's account of one claim: what it paid, took off and left to the patient. Posted says that its money is in
// the books; one that is not waits for a person. PatientID and BillingID are those of the claim as it was answered: one that was
// turned away may say something else afterwards.
type Answer struct {
	TenantID  TenantID `gorm:"primaryKey"`
	ID        AnswerID `gorm:"primaryKey"`
	ClaimID   ClaimID
	ClaimType ClaimType
	CaseID    CaseID
	PatientID PatientID
	BillingID OrganizationID
	PayerID   OrganizationID
	Kind      AnswerKind
	Outcome   AnswerOutcome
	Status    string // X12 CLP02, "" where the payer states none; StatusReversal takes an answer back
	Key       string `gorm:"column:answer_key"` // identifier, else body hash; unique with claim, payer, Status and Trace
	Category  string // claim status category of an acknowledgement, X12 STC01-1
	Trace     string // of the payment that it comes with, X12 TRN02; "" where it names none
	Source    AnswerSource
	BodyHash  string
	Posted    bool
	Reverses  AnswerID       // the answer that this one takes back, once it did
	Reversed  AnswerID       `gorm:"column:reversed_by"` // the answer that took this one back; "" while it counts
	NextPayer OrganizationID // who owes what the patient would; "" where it is the patient
	PassedOn  bool           // the payer gave the claim to another one, so that nobody else sends it there
	Carrier   OrganizationID `gorm:"column:crossover_carrier"` // who got it; "" where the answer does not say, UnknownOrganization where nobody knows whom it says
	Unplaced  bool           // it is not known whom the payer gave it to, so what it leaves to others stands with the payer
	Shielded  bool           // the patient must not be asked, and nobody else comes after the payer, so what it leaves stands with it until a person decides
	Review    bool           // some adjustment waits for a person
	Effective Date           // day of payment, else of the answer
	Remarks   Codes          // RARC of the whole answer, which no line names
	Billed    Cents
	Paid      Cents
	Created   Instant
	Lines     []AnswerLine `gorm:"-"`
	// Claim-level adjustments stand on no line; LineSequence is 0.
	Adjustments []Adjustment `gorm:"-"`
	// Totals as the payer states them, checked against the lines; nil where it states none.
	StatedSubmitted *Cents `gorm:"-"`
	StatedPaid      *Cents `gorm:"-"`
	StatedPayment   *Cents `gorm:"-"`
	// The carrier where the answer names it by an identifier.
	CarrierNumber Identifier `gorm:"-"`
}

// UnknownOrganization stands for one of which there is no record.
const UnknownOrganization OrganizationID = "?"

// What an answer is by X12 CLP02, where that decides what becomes of it.
const (
	StatusCrossedFirst  = "19" // judged as the first payer, and passed on to another one
	StatusCrossedSecond = "20"
	StatusCrossedThird  = "21"
	StatusReversal      = "22" // takes another one back
	StatusForwarded     = "23" // not the payer's claim, passed on
	StatusPredetermined = "25" // what would be paid
)

// Judges reports whether the answer stands in the books as what the payer decided: a reversal does not, and none that was taken back.
func (a Answer) Judges() bool { return a.Posted && a.Kind != AnswerReversal && a.Reversed == "" }

// Says reports whether the answer has one of some remarks, of the whole claim, of a line or beside a reason.
func (a Answer) Says(remarks ...string) bool {
	isIt := func(code string) bool { return slices.Contains(remarks, code) }
	return slices.ContainsFunc(a.Remarks, isIt) ||
		slices.ContainsFunc(a.Lines, func(line AnswerLine) bool { return slices.ContainsFunc(line.Remarks, isIt) }) ||
		slices.ContainsFunc(a.Adjustments, func(adjustment Adjustment) bool { return isIt(adjustment.RemarkCode) })
}

// IsUnprocessed reports whether the payer says that it could not process the claim: it takes a new one, none that replaces this, and no appeal. RARC MA130.
func (a Answer) IsUnprocessed() bool { return a.Paid == 0 && a.Says("MA130") }

// AnswerLine is the payer's judgement of one claim line.
type AnswerLine struct {
	TenantID     TenantID `gorm:"primaryKey"`
	AnswerID     AnswerID `gorm:"primaryKey"`
	LineSequence int      `gorm:"primaryKey"`
	ChargeID     ChargeID
	Billed       Cents  // submitted
	Allowed      *Cents // eligible, where stated
	Paid         Cents  // benefit
	Refused      Cents  // what is neither paid, taken off nor left to others; a person decides what becomes of it
	Remarks      Codes  // RARC of the line
}

// Adjustment is one group code, CARC and amount; positive takes off the charge.
type Adjustment struct {
	TenantID     TenantID `gorm:"primaryKey"`
	AnswerID     AnswerID `gorm:"primaryKey"`
	Sequence     int      `gorm:"primaryKey"`
	LineSequence int      // 0 at claim level
	GroupCode    string   // CO PR OA PI
	ReasonCode   string   // CARC
	RemarkCode   string   // RARC, "" where none stands beside the reason
	Amount       Cents
}

// Adjudication tells how one billed line became paid, adjusted and the patient's:
// Billed = Paid + Σ Contra + Deductible + Coinsurance + Copay + Prior + Review.
type Adjudication struct {
	LineSequence int
	ChargeID     ChargeID
	Rendering    Performer
	Billed       Cents
	Paid         Cents
	Contra       Balances // contra accounts only
	Deductible   Cents
	Coinsurance  Cents
	Copay        Cents
	Prior        Cents // what earlier payers paid and took off, as this one says; their answers posted it
	Review       Cents // stays with the payer until a person decides
}

// Responsibility is what the patient owes of the line.
func (a Adjudication) Responsibility() Cents {
	return money.Sum(a.Deductible, a.Coinsurance, a.Copay)
}

// Adjusted is what the line gives up, over all contra accounts.
func (a Adjudication) Adjusted() Cents {
	var total Cents
	for _, amount := range a.Contra {
		total += amount
	}
	return total
}

// PayerNumber gives the payer's number of the claim by which the answer goes, as system|value; "" where it names none. X12 CLP07
func (a Answer) PayerNumber() string {
	if a.Key == a.BodyHash || !strings.Contains(a.Key, "|") {
		return ""
	}
	return a.Key
}
