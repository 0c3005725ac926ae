package models

// ProcessorEvent is what a processor told, once: ID is its own number of that, BodyHash tells a repeat from a contradiction. Reference is the processor's of the payment that it is about; PatientID who paid, where the
// event says so; PaymentID the payment, "" until that is known. Of a payout, Fee is what the processor kept of the payments in it, and DepositID the deposit that it is at the bank, "" until that is known.
type ProcessorEvent struct {
	TenantID  TenantID `gorm:"primaryKey"`
	Processor string   `gorm:"primaryKey"`
	ID        string   `gorm:"primaryKey;column:event_id"`
	Type      ProcessorEventType
	Reference string
	Amount    Cents
	PatientID PatientID
	PaymentID PaymentID
	Fee       Cents
	DepositID DepositID
	BodyHash  string
	Created   Instant // by the processor's clock
	Received  Instant
}

// ProcessorEventType says what happened at a processor.
type ProcessorEventType string

// The types. A payout is money on its way to the bank, and about no payment.
const (
	EventSucceeded ProcessorEventType = "payment.succeeded"
	EventFailed    ProcessorEventType = "payment.failed"
	EventDisputed  ProcessorEventType = "payment.disputed"
	EventRefunded  ProcessorEventType = "payment.refunded"
	EventWon       ProcessorEventType = "payment.dispute-won"  // the bank gave the money back
	EventLost      ProcessorEventType = "payment.dispute-lost" // it does not
	EventPayout    ProcessorEventType = "payout"
)

// ProcessorEventTypes lists the types.
func ProcessorEventTypes() []ProcessorEventType {
	return []ProcessorEventType{EventSucceeded, EventFailed, EventDisputed, EventRefunded, EventWon, EventLost, EventPayout}
}
