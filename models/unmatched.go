package models

// Unmatched is a payer's answer that names no claim of ours that the payer has: it is kept as it was sent, posts nothing, and a person says what it answers. Its
// money counts for the payment that it comes with all the same.
type Unmatched struct {
	TenantID TenantID `gorm:"primaryKey"`
	ID       AnswerID `gorm:"primaryKey"`
	PayerID  OrganizationID
	Kind     AnswerKind
	Status   string // X12 CLP02
	Key      string `gorm:"column:answer_key"` // unique with payer, Status and Trace
	Trace    string
	BodyHash string
	Paid     Cents
	ClaimID  ClaimID // that it turned out to answer; "" until then
	IsLeft   bool    // a person said that it is to no claim of ours: it counts for nothing
	Created  Instant
}

// TableName says what they are.
func (Unmatched) TableName() string { return "unmatched_answers" }
