package models

// Account is a patient's account: the anchor of the patient's postings.
type Account struct {
	TenantID  TenantID  `gorm:"primaryKey"`
	ID        AccountID `gorm:"primaryKey"`
	PatientID PatientID
	Created   Instant
}
