package models

// Account is a patient's account: the anchor of the patient's postings.
type Account struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        AccountID `gorm:"primaryKey"`
	PatientID PatientID
	Created   Instant
}

// Guarantor is who answers for what is due on an account, in the order in which whoever registered it named them. One who is on
// hold is asked for nothing meanwhile.
type Guarantor struct {
	TenantID   TenantID  `gorm:"primaryKey"`
	AccountID  AccountID `gorm:"primaryKey"`
	Sequence   int       `gorm:"primaryKey"`
	Party      Ref       // Patient, RelatedPerson or Organization
	PeriodFrom Date      // "" for always
	PeriodTo   Date      // "" for no end
	OnHold     bool
}

// Period gives the days on which a guarantor answers.
func (g Guarantor) Period() Span { return Span{g.PeriodFrom, g.PeriodTo} }

// IsInForce reports whether a guarantor answers on a day.
func (g Guarantor) IsInForce(day Date) bool { return !g.OnHold && g.Period().Contains(day) }

// AgeOfMajority is from how many years on a person can be asked for what is due: the age in all but a few states.
const AgeOfMajority = 18

// Person is somebody who may be asked for what a patient owes, and when he was born; "" where that is not known, as of an
// organization.
type Person struct {
	Ref  Ref
	Born Date
}

// IsChild reports whether a person is known to be too young to be asked on a day.
func (p Person) IsChild(day Date) bool { return p.Born != "" && p.Born.YearsUntil(day) < AgeOfMajority }
