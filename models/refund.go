package models

// Refund is money of a payment that goes back to the patient. Once approved it is owed to the patient and pays nothing any more; once paid it has left the practice; once cancelled it is the patient's credit again,
// or gone with the payment that was taken back.
type Refund struct {
	TenantID  TenantID `gorm:"primaryKey"`
	ID        RefundID `gorm:"primaryKey"`
	PaymentID PaymentID
	PatientID PatientID
	Amount    Cents
	State     RefundState
	Reason    string
	Reference string // of the check or the processor, by which it was paid
	By        string `gorm:"column:decided_by"`      // who approved it
	Key       string `gorm:"column:idempotency_key"` // the Idempotency-Key under which it was approved
	Day       Date
	Till      string // out of which it was paid, where that was a till; "" where the desk has one only
	PaidDay   Date   // for which it counts that it went; "" before
	EndReason string // why it was cancelled
	EndedBy   string // who did that
	Created   Instant
	Updated   Instant
}

// RefundState says how far a refund is.
type RefundState string

// The states.
const (
	RefundApproved  RefundState = "approved"
	RefundPaid      RefundState = "paid"
	RefundCancelled RefundState = "cancelled"
)

// ReversalReason says why a payment is taken back.
type ReversalReason string

// The reasons.
const (
	ReversalReturned   ReversalReason = "nsf"        // the bank did not pay it
	ReversalChargeback ReversalReason = "chargeback" // the cardholder had it taken back
	ReversalError      ReversalReason = "error"      // it never was
)

// ReversalReasons lists the reasons.
func ReversalReasons() []ReversalReason {
	return []ReversalReason{ReversalReturned, ReversalChargeback, ReversalError}
}
