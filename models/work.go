package models

// WorkKind says what a person has to do.
type WorkKind string

// What waits for a person; each is also the code of its Task.
const (
	WorkCode      WorkKind = "code-visit"      // choose diagnoses and services
	WorkPrice     WorkKind = "price-service"   // add a price to the fee schedule
	WorkClaim     WorkKind = "correct-claim"   // findings hold the claim
	WorkAnswer    WorkKind = "review-answer"   // an adjustment is not posted by itself
	WorkCancelled WorkKind = "cancelled-visit" // an Encounter was cancelled after its claim went out
	WorkCoverage  WorkKind = "clarify-coverage"
)

// WorkStatus is Task.status.
type WorkStatus string

// The states of a work item.
const (
	WorkRequested WorkStatus = "requested"
	WorkCompleted WorkStatus = "completed"
	WorkDropped   WorkStatus = "cancelled"
)

// WorkItem is one thing a person must do. Subject is "Encounter/…", "Claim/…" or "ClaimResponse/…"; kind and subject are
// unique among open items, so a repeated job opens nothing twice.
type WorkItem struct {
	TenantID  TenantID   `gorm:"primaryKey"`
	ID        WorkItemID `gorm:"primaryKey"`
	Kind      WorkKind
	Status    WorkStatus
	Subject   string
	PatientID PatientID
	Reason    string // one sentence without patient values
	Created   Instant
	Updated   Instant
}
