package models

// Settings is what a tenant's administrator decides.
type Settings struct {
	TenantID   TenantID       `gorm:"primaryKey"`
	Name       string         //
	TimeZone   string         // IANA name; days are taken in it
	PracticeID OrganizationID // bills where an Encounter names nobody
	GoLive     Date           // visits that ended before it are not billed; "" bills all
	AutoSubmit bool           //
	DueDays    int            // days from issue to due
	Created    Instant
}

// TableName says what the rows are.
func (Settings) TableName() string { return "tenants" }

// DefaultSettings is what a tenant starts with: Eastern time, bills due in 30 days, claims sent by a person's decision.
var DefaultSettings = Settings{Name: "", TimeZone: "America/New_York", DueDays: 30}
