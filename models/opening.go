package models

// Opening is a balance from before the practice moved in: what a payer, or where there is none the patient, still owed of a service by another system. It
// is a case of its own with one charge, and with a payer one claim that the other system sent. Number is that system's, unique among what is due from
// before and among claims. Due is what the patient still owes of one without a payer: no invoice asks for it, so it stands here, with the Recipient, who is asked for it.
type Opening struct {
	TenantID    TenantID `gorm:"primaryKey"`
	Number      string   `gorm:"primaryKey"`
	ChargeID    ChargeID
	PatientID   PatientID
	PayerID     OrganizationID // "" where the patient owes it
	CoverageID  CoverageID
	PayerNumber string // the payer's own number of the claim, "" where nobody wrote it down
	ServiceDate Date
	System      string
	Code        string
	Amount      Cents
	Due         Cents
	Recipient   Ref // the zero Ref where a payer owes it, and while it is not clear who answers for the patient
	Created     Instant
}

// CaseID gives the case of the balance.
func (o Opening) CaseID() CaseID { return CaseID(Ref{OriginOpening, string(o.ChargeID)}.String()) }

// IsFee reports whether it is what a patient is charged for a payment that was taken back.
func (o Opening) IsFee() bool { return o.System == SystemCharge && o.Code == CodeReturnedPayment }

// IsOpening reports whether the case is a balance from before.
func (id CaseID) IsOpening() bool { return id.Origin().Type == OriginOpening }

// IsOpening reports whether the claim is one that another system sent; what goes to a next payer after it is not.
func (c Claim) IsOpening() bool { return c.Cause == CauseOfOpening(c.ID) }

// What a service is called of which nobody says what it was.
const (
	SystemCharge        = "https://medbill.dev/fhir/CodeSystem/charge"
	CodeOpeningBalance  = "opening-balance"
	CodeReturnedPayment = "returned-payment" // the fee for one
)

// PayerNumberMax bounds a payer's number of a claim. X12 005010X222A1, loop 2300, REF02.
const PayerNumberMax = 50
