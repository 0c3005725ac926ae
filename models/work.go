package models

// WorkKind says what a person has to do; it is the code of its Task.
type WorkKind string

// The kinds of work.
const (
	WorkCode            WorkKind = "code-visit"           // choose diagnoses and services
	WorkPrice           WorkKind = "price-service"        // add a price to the fee schedule
	WorkCoverage        WorkKind = "clarify-coverage"     // say who pays
	WorkDuplicate       WorkKind = "duplicate-visit"      // the same visit came before under another id
	WorkUnfinished      WorkKind = "unfinished-visit"     // a finished Encounter went back to another status
	WorkPatient         WorkKind = "clarify-patient"      // what belongs to the visit names another patient
	WorkChangedCoding   WorkKind = "changed-after-coding" // the EHR changed the chart after a person coded it
	WorkLateCharge      WorkKind = "late-charge"          // a service came after the claim was sent
	WorkChangedSent     WorkKind = "changed-after-sent"   // something else changed after it was sent
	WorkCoverageChanged WorkKind = "coverage-changed"     // another plan pays than the one that was asked
	WorkCancelled       WorkKind = "cancelled-visit"      // a visit was cancelled after its claim went out
	WorkClaim           WorkKind = "correct-claim"        // findings hold the claim
	WorkRejected        WorkKind = "rejected-claim"       // the payer turned the claim away
	WorkAnswer          WorkKind = "review-answer"        // an answer, or a part of it, is not posted by itself
	WorkNextPayer       WorkKind = "next-payer"           // another plan comes before the patient
	WorkHardship        WorkKind = "protected-patient"    // the payer says that the patient must not be billed
	WorkCharge          WorkKind = "place-charge"         // a ChargeItem has no visit to be billed with
	WorkStep            WorkKind = "failed-step"          // a step failed for good and can be run again
)

// WorkOwner says which part of the office opens and closes a kind by itself: it names all that is to be open, and what it does
// not name is closed.
type WorkOwner string

// The owners.
const (
	OwnerPlan    WorkOwner = "plan"
	OwnerScrub   WorkOwner = "scrub"
	OwnerAnswer  WorkOwner = "answer"
	OwnerBill    WorkOwner = "bill"
	OwnerMachine WorkOwner = "machine"
)

// WorkFacts is what there is to know about a kind of work.
type WorkFacts struct {
	Kind  WorkKind
	Owner WorkOwner
}

// WorkKinds is the table of kinds.
var WorkKinds = []WorkFacts{
	{WorkCode, OwnerPlan},
	{WorkPrice, OwnerPlan},
	{WorkCoverage, OwnerPlan},
	{WorkDuplicate, OwnerPlan},
	{WorkUnfinished, OwnerPlan},
	{WorkPatient, OwnerPlan},
	{WorkChangedCoding, OwnerPlan},
	{WorkLateCharge, OwnerPlan},
	{WorkChangedSent, OwnerPlan},
	{WorkCoverageChanged, OwnerPlan},
	{WorkCancelled, OwnerPlan},
	{WorkClaim, OwnerScrub},
	{WorkRejected, OwnerAnswer},
	{WorkAnswer, OwnerAnswer},
	{WorkNextPayer, OwnerBill},
	{WorkHardship, OwnerBill},
	{WorkCharge, OwnerMachine},
	{WorkStep, OwnerMachine},
}

// Facts gives the row of the table; the zero row for an unknown kind.
func (k WorkKind) Facts() WorkFacts {
	for _, facts := range WorkKinds {
		if facts.Kind == k {
			return facts
		}
	}
	return WorkFacts{}
}

// WorkStatus is Task.status.
type WorkStatus string

// The states of a work item.
const (
	WorkRequested WorkStatus = "requested"
	WorkCompleted WorkStatus = "completed"
)

// WorkItem is one thing a person must do. Kind and subject are unique among open items, so a repeated step opens nothing
// twice.
type WorkItem struct {
	TenantID  TenantID   `gorm:"primaryKey"`
	ID        WorkItemID `gorm:"primaryKey"`
	Kind      WorkKind
	Status    WorkStatus
	CaseID    CaseID // "" where it is about no case
	Subject   Ref
	PatientID PatientID
	Reason    string // one sentence or more without patient values
	Created   Instant
	Updated   Instant
}
