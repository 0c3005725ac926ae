package models

// Payment is money a patient paid. Key is the Idempotency-Key of Caller, BodyHash tells a repeat from a contradiction. A
// processor's Reference names one payment by card or ach.
type Payment struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        PaymentID `gorm:"primaryKey"`
	PatientID PatientID
	InvoiceID InvoiceID
	Amount    Cents
	Method    PaymentMethod
	Reference string
	Caller    string
	Key       string `gorm:"column:idempotency_key"`
	BodyHash  string
	Received  Instant
}

// PaymentMethod says how a patient paid, and so where the money lies.
type PaymentMethod string

// The methods $pay takes.
const (
	PaymentCard  PaymentMethod = "card"
	PaymentCash  PaymentMethod = "cash"
	PaymentCheck PaymentMethod = "check"
	PaymentACH   PaymentMethod = "ach"
)
