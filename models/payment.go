package models

// Payment is money a patient paid, with or without a bill. For says what it is for: an invoice, a visit or an appointment, or nothing, and then
// it pays what is due longest. Unapplied is what of it pays nothing yet, which is the patient's credit; Refunded what of it was given back, or is about to be. Key is the
// Idempotency-Key of Caller, BodyHash tells a repeat from a contradiction. A processor's Reference names one payment by card or ach.
type Payment struct {
	TenantID    TenantID  `gorm:"primaryKey"`
	ID          PaymentID `gorm:"primaryKey"`
	PatientID   PatientID
	For         string `gorm:"column:purpose"` // a Ref as text
	RecipientID OrganizationID
	Amount      Cents
	Method      PaymentMethod
	Processor   string // who moves the money; "" where the desk took it
	Reference   string
	Till        string // where the desk keeps it; "" where it has one only
	State       PaymentState
	Day         Date
	Unapplied   Cents
	Refunded    Cents
	Moves       int // how often it was allocated, taken off again or taken back
	Caller      string
	Key         string `gorm:"column:idempotency_key"`
	BodyHash    string
	Received    Instant
	Updated     Instant
	Allocations []Allocation `gorm:"-"`
}

// Purpose gives what a payment is for; the zero Ref where it is for nothing named.
func (p Payment) Purpose() Ref { return RefOf(p.For) }

// InvoiceID gives the invoice that a payment names, or "".
func (p Payment) InvoiceID() InvoiceID {
	if ref := p.Purpose(); ref.Type == "Invoice" {
		return InvoiceID(ref.ID)
	}
	return ""
}

// Allocation is what of a payment pays a charge, as an invoice asked for it; without an invoice it is a balance from before.
type Allocation struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	PaymentID PaymentID `gorm:"primaryKey"`
	ChargeID  ChargeID  `gorm:"primaryKey"`
	InvoiceID InvoiceID `gorm:"primaryKey"`
	PatientID PatientID // who owed it: the payment's own patient, or one for whom that one answers
	CaseID    CaseID
	Amount    Cents
}

// PaymentFilter says which payments of patients are asked for; what is empty does not matter.
type PaymentFilter struct {
	PatientID PatientID
	State     PaymentState
	Method    PaymentMethod
}

// PaymentState says how far a payment is.
type PaymentState string

// The states. Only a payment that succeeded is in the books; what of it was taken back is out of them again.
const (
	PaymentPending   PaymentState = "pending"
	PaymentSucceeded PaymentState = "succeeded"
	PaymentFailed    PaymentState = "failed"
	PaymentDisputed  PaymentState = "disputed"
	PaymentRefunded  PaymentState = "refunded"
)

// PaymentMethod says how a patient paid, and so where the money lies until the bank has it.
type PaymentMethod string

// The methods.
const (
	PaymentCard  PaymentMethod = "card"
	PaymentCash  PaymentMethod = "cash"
	PaymentCheck PaymentMethod = "check"
	PaymentACH   PaymentMethod = "ach"
	PaymentOther PaymentMethod = "other"
)

// PaymentMethods lists the methods.
func PaymentMethods() []PaymentMethod {
	return []PaymentMethod{PaymentCard, PaymentCash, PaymentCheck, PaymentACH, PaymentOther}
}

// IsProcessed reports whether a processor stands behind the method, and not the desk.
func (m PaymentMethod) IsProcessed() bool { return m == PaymentCard || m == PaymentACH }
