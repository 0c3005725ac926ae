package models

// UsedKey is what a call under a client's own idempotency key did: its HTTP status and the version of the record that it led
// to. Entry tells the entries of a Bundle apart, counted from 1; 0 is the call as a whole. Caller, key and entry are unique, so
// the same key of somebody else says nothing.
type UsedKey struct {
	TenantID  TenantID `gorm:"primaryKey"`
	Caller    string   `gorm:"primaryKey"`
	Key       string   `gorm:"primaryKey"`
	Entry     int      `gorm:"primaryKey"`
	Operation string
	InputHash string
	Status    int
	Type      string
	Record    string
	Version   int64
	Created   Instant
}

// TableName says what the rows are.
func (UsedKey) TableName() string { return "idempotency_keys" }
