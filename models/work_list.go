package models

// WorkOrder is the order of a list of work.
type WorkOrder string

// The orders: due first, largest amount first, oldest first, most pressing first and of those due first.
const (
	WorkByDue      WorkOrder = "due"
	WorkByAmount   WorkOrder = "amount"
	WorkByAge      WorkOrder = "age"
	WorkByPriority WorkOrder = "priority"
)

// WorkFilter says which open items are meant; what is left empty says nothing, and all that is said must hold.
type WorkFilter struct {
	Kinds         []WorkKind // any of these
	Categories    []string   // any of these
	Role          WorkRole
	Assignee      string
	Unassigned    bool
	PatientID     PatientID
	PayerID       OrganizationID
	ProviderID    PractitionerID
	ClaimID       ClaimID
	DueBefore     Date
	CreatedUntil  Instant // 0 for any time
	AmountAtLeast *Cents
	Snoozed       *bool // put off at the moment Now, or not
	Labels        []string
	Text          string // stands in the reason
	Now           Instant
}

// WorkQueue sums the open items of a kind and category. Mine are those that the asker is to do or works on.
type WorkQueue struct {
	Kind     WorkKind
	Category string
	Count    int64
	Amount   Cents
	Oldest   Instant
	Overdue  int64
	Mine     int64
}

// WorkAsker is for whom a queue is summed: the names under which work is theirs, and which day and moment it is.
type WorkAsker struct {
	Names []string
	Today Date
	Now   Instant
}
