package models

// FeeScheduleID is one version of a practice's fee schedule, or for prices that a ChargeItemDefinition states, its reference.
type FeeScheduleID string

// DefinitionSchedule is under which schedule the prices of a ChargeItemDefinition stand. No version has such an id.
func DefinitionSchedule(definition string) FeeScheduleID {
	return FeeScheduleID("ChargeItemDefinition/" + definition)
}

// FeeSchedule is one version of the price list that a practice knows under a name. A version ends the day before the next
// one of its name begins.
type FeeSchedule struct {
	TenantID TenantID       `gorm:"primaryKey"`
	ID       FeeScheduleID  `gorm:"primaryKey"`
	Name     string         // "2026 standard"
	PayerID  OrganizationID // whose patients it is for; "" for everyone's
	From     Date           `gorm:"column:from_date"`
	Until    Date           `gorm:"column:until_date"`
	Prices   int            // how many it has
	Created  Instant
	Updated  Instant
}

// Price is what a practice charges for one unit of a service on the days of the span; nothing (0) is a price too. PayerID
// is "" for every payer.
type Price struct {
	TenantID   TenantID      `gorm:"primaryKey"`
	ScheduleID FeeScheduleID `gorm:"primaryKey"`
	Sequence   int           `gorm:"primaryKey"` // the line of the file, or the place in the definition
	System     string
	Code       string
	Modifiers  Codes
	PayerID    OrganizationID
	From       Date `gorm:"column:from_date"`
	Until      Date `gorm:"column:until_date"`
	Amount     Cents
}
