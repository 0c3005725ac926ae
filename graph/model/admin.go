package model

import "medbill/models"

// What a practice has set.
type (
	// Settings are the tenant's.
	Settings struct{ row models.TenantSettings }
	// PayerConnection is how one payer is reached.
	PayerConnection struct{ row models.PayerConnection }
	// FeeSchedule is one version of a price list.
	FeeSchedule struct{ row models.FeeSchedule }
)

// SettingsOf shows settings.
func SettingsOf(row models.TenantSettings) *Settings { return &Settings{row} }

// Name is nil where none is set.
func (s Settings) Name() *string { return given(s.row.Name) }

// TimeZone is an IANA name.
func (s Settings) TimeZone() string { return s.row.TimeZone }

// PracticeID names the Organization that bills by default.
func (s Settings) PracticeID() models.OrganizationID { return s.row.PracticeID }

// GoLive is nil where every visit is billed.
func (s Settings) GoLive() *string { return given(s.row.GoLive) }

// AutoSubmit says whether claims are sent without a person.
func (s Settings) AutoSubmit() bool { return s.row.AutoSubmit }

// DueDays counts from the issue of an invoice.
func (s Settings) DueDays() int { return s.row.DueDays }

// WriteOffMax is how many dollars of a claim a biller may write off.
func (s Settings) WriteOffMax() int { return s.row.WriteOffMax }

// ReviewShare is how many of a hundred codings are looked over.
func (s Settings) ReviewShare() int { return s.row.ReviewShare }

// ClosedThrough is nil where the books are open on every day.
func (s Settings) ClosedThrough() *string { return given(s.row.ClosedThrough) }

// SelfPayHours is how long a visit waits for a coverage.
func (s Settings) SelfPayHours() int { return s.row.SelfPayHours }

// Connections are the payers that are not left at the default.
func (s Settings) Connections() []PayerConnection {
	connections := make([]PayerConnection, len(s.row.Connections))
	for i, row := range s.row.Connections {
		connections[i] = PayerConnection{row}
	}
	return connections
}

// PayerID names the Organization.
func (c PayerConnection) PayerID() models.OrganizationID { return c.row.PayerID }

// Kind is the way.
func (c PayerConnection) Kind() models.ConnectionKind { return c.row.Kind }

// FeeScheduleOf shows a version.
func FeeScheduleOf(row models.FeeSchedule) *FeeSchedule { return &FeeSchedule{row} }

// FeeSchedulesOf shows versions.
func FeeSchedulesOf(rows []models.FeeSchedule) []FeeSchedule {
	schedules := make([]FeeSchedule, len(rows))
	for i, row := range rows {
		schedules[i] = FeeSchedule{row}
	}
	return schedules
}

// ID names the version.
func (s FeeSchedule) ID() string { return string(s.row.ID) }

// Name is the schedule's, the same for all its versions.
func (s FeeSchedule) Name() string { return s.row.Name }

// PayerID names the Organization whose patients it is for; "" for everybody's.
func (s FeeSchedule) PayerID() models.OrganizationID { return s.row.PayerID }

// From is nil where the version holds since ever.
func (s FeeSchedule) From() *string { return given(s.row.From) }

// Until is nil where the version does not end.
func (s FeeSchedule) Until() *string { return given(s.row.Until) }

// Prices counts them.
func (s FeeSchedule) Prices() int { return s.row.Prices }

// given is nil for what is empty.
func given[Text ~string](text Text) *string {
	if text == "" {
		return nil
	}
	plain := string(text)
	return &plain
}
