package models

// Settings is what a tenant's administrator decides.
type Settings struct {
	TenantID      TenantID       `gorm:"primaryKey"`
	Name          string         //
	TimeZone      string         // IANA name; days are taken in it
	PracticeID    OrganizationID // bills where an Encounter names nobody
	GoLive        Date           // visits that ended before it are not billed; "" bills all
	AutoSubmit    bool           //
	DueDays       int            // days from issue to due
	SelfPayHours  int            // how long a visit without any coverage waits before the patient is billed
	ReviewShare   int            // of a hundred visits that a coder coded, how many a second coder looks over before they are sent
	WriteOffMax   int            // dollars of one claim that a biller may write off; more is a manager's
	ClosedThrough Date           // the last day on which the books are closed; "" where none is
	ClosedAt      Instant        // when that was said
	PayerEdition  string         // of what was loaded about payers, anew with each load; "" for nothing
	RuleEdition   string         // of the rules of the practice that are on, anew with each that is switched; "" for none ever
	RateEdition   string         // of the contracts with payers, anew with each load; "" for none ever
	Created       Instant
}

// TableName says what the rows are.
func (Settings) TableName() string { return "tenants" }

// IsClosed reports whether the books are closed on a day, so that nothing is posted to it.
func (s Settings) IsClosed(day Date) bool { return s.ClosedThrough != "" && day <= s.ClosedThrough }

// OpenDay gives the day for which something counts that happened on a day: that day, or the first one after those that are closed.
func (s Settings) OpenDay(day Date) Date {
	if s.IsClosed(day) {
		return s.ClosedThrough.AddDays(1)
	}
	return day
}

// DefaultSettings is what a tenant starts with: Eastern time, bills due in 30 days, claims sent by a person's decision, a day
// for a coverage to arrive.
var DefaultSettings = Settings{TimeZone: "America/New_York", DueDays: 30, SelfPayHours: 24}

// DevelopmentSettings is what a tenant starts with that a development server makes: nobody waits for a coverage there.
var DevelopmentSettings = Settings{TimeZone: "America/New_York", DueDays: 30}

// TenantSettings is all that an administrator decides: the settings, and how each payer that is not left at the default is
// reached.
type TenantSettings struct {
	Settings
	Connections []PayerConnection
}

// SettingsChange is what an administrator changes; nil leaves a setting as it is.
type SettingsChange struct {
	Name          *string
	TimeZone      *string
	PracticeID    *OrganizationID
	GoLive        *Date
	AutoSubmit    *bool
	DueDays       *int
	SelfPayHours  *int
	ReviewShare   *int
	WriteOffMax   *int
	ClosedThrough *Date
	Connections   []PayerConnection // each sets one payer's
}

// Apply gives s with the change.
func (c SettingsChange) Apply(s Settings) Settings {
	set(&s.Name, c.Name)
	set(&s.TimeZone, c.TimeZone)
	set(&s.PracticeID, c.PracticeID)
	set(&s.GoLive, c.GoLive)
	set(&s.AutoSubmit, c.AutoSubmit)
	set(&s.DueDays, c.DueDays)
	set(&s.SelfPayHours, c.SelfPayHours)
	set(&s.ReviewShare, c.ReviewShare)
	set(&s.WriteOffMax, c.WriteOffMax)
	set(&s.ClosedThrough, c.ClosedThrough)
	return s
}

func set[V any](into, from *V) {
	if from != nil {
		*into = *from
	}
}
