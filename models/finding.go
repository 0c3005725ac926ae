package models

// Severity says whether a finding holds a claim.
type Severity string

// Severities; only an error holds.
const (
	SeverityError       Severity = "error"
	SeverityWarning     Severity = "warning"
	SeverityInformation Severity = "information" // something was not checked, or a rule of the practice changed the claim
)

// Finding is what a rule noticed: where (FHIRPath in the Claim), what, and what to do. Text holds no patient value.
type Finding struct {
	Rule     string // stable id, "scrub.npi"
	Severity Severity
	Path     string
	Text     string
	Remedy   string
	Position string   // where it stands in X12: loop, segment and element; "" where that says no more than Path
	Source   string   // table and release that a rule went by, "ptp-practitioner 2024Q3"; "" where it went by none
	Mark     string   // tells the finding from others: by the rule, its release, what it says, and the line or claim it says it of
	Override Override `gorm:"embedded;embeddedPrefix:override_"`
}

// Override is whether a person may say that a finding which holds a claim does not, because the record answers it and no correction
// does; and who said so. The finding only tells then.
type Override struct {
	Role   WorkRole // that may, or a manager; "" for nobody
	By     string   // who did; "" for nobody
	At     Instant
	Reason string
}

// ClaimFinding is a Finding as a row.
type ClaimFinding struct {
	TenantID TenantID `gorm:"primaryKey"`
	ClaimID  ClaimID  `gorm:"primaryKey"`
	Sequence int      `gorm:"primaryKey"`
	Finding  `gorm:"embedded"`
}
