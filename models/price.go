package models

// Price is what a practice charges for one unit of a service while the span lasts. PayerID is "" for every payer.
type Price struct {
	TenantID     TenantID `gorm:"primaryKey"`
	DefinitionID string   `gorm:"primaryKey"` // ChargeItemDefinition id
	Sequence     int      `gorm:"primaryKey"`
	System       string
	Code         string
	Modifiers    Codes
	PayerID      OrganizationID
	From         Date `gorm:"column:from_date"`
	Until        Date `gorm:"column:until_date"`
	Amount       Cents
}
