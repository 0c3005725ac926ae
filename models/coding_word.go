package models

// CodingKind says how a word on what a visit was came about.
type CodingKind string

// The kinds. A second coder who looks a coding over agrees with it or codes the visit anew.
const (
	CodingCoded   CodingKind = "coded"
	CodingAgreed  CodingKind = "agreed"
	CodingRecoded CodingKind = "recoded"
)

// CodingWord is what a person said a visit was, or that they agree with what another one said; none is ever taken back.
type CodingWord struct {
	TenantID   TenantID     `gorm:"primaryKey"`
	ID         CodingWordID `gorm:"primaryKey"`
	CaseID     CaseID
	PatientID  PatientID
	Kind       CodingKind
	Who        string // the user
	At         Instant
	Of         string         // the user whose coding was looked over; "" where none was
	ProviderID PractitionerID // who did the visit
	Diagnoses  Codes
	Services   Codes     // "system|code" as often as it stands
	Sources    List[Ref] // the records of the visit that were there to read
}
