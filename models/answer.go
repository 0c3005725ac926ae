package models

import "medbill/models/money"

// Adjudication tells how one billed line became paid, adjusted and the patient's:
// Billed = Paid + Σ Contra + Deductible + Coinsurance + Copay + Review.
type Adjudication struct {
	LineSequence int
	ChargeID     ChargeID
	Billed       Cents
	Paid         Cents
	Contra       Balances // contra accounts only
	Deductible   Cents
	Coinsurance  Cents
	Copay        Cents
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

// Answer is a payer's account of one claim: what it paid, took off and left to the patient.
type Answer struct {
	TenantID TenantID `gorm:"primaryKey"`
	ID       AnswerID `gorm:"primaryKey"`
	ClaimID  ClaimID
	PayerID  OrganizationID
	Key      string `gorm:"column:answer_key"` // identifier, else body hash; unique with claim and payer
	BodyHash string
	Review   bool // some adjustment waits for a person
	Billed   Cents
	Paid     Cents
	Created  Instant
	Lines    []AnswerLine `gorm:"-"`
	// Claim-level adjustments stand on no line; LineSequence is 0.
	Adjustments []Adjustment `gorm:"-"`
	// Totals as the payer states them, checked against the lines; nil where it states none.
	StatedSubmitted *Cents `gorm:"-"`
	StatedPaid      *Cents `gorm:"-"`
	StatedPayment   *Cents `gorm:"-"`
}

// AnswerLine is the payer's judgement of one claim line.
type AnswerLine struct {
	TenantID     TenantID `gorm:"primaryKey"`
	AnswerID     AnswerID `gorm:"primaryKey"`
	LineSequence int      `gorm:"primaryKey"`
	ChargeID     ChargeID
	Billed       Cents  // submitted
	Allowed      *Cents // eligible, where stated
	Paid         Cents  // benefit
}

// Adjustment is one group code, CARC and amount; positive takes off the charge.
type Adjustment struct {
	TenantID     TenantID `gorm:"primaryKey"`
	AnswerID     AnswerID `gorm:"primaryKey"`
	Sequence     int      `gorm:"primaryKey"`
	LineSequence int      // 0 at claim level
	GroupCode    string   // CO PR OA PI
	ReasonCode   string   // CARC
	Amount       Cents
}
