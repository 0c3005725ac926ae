package models

import (
	"reflect"
	"slices"
)

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

// IsOfQueues reports whether whole queues are meant, with or without what is put off: the kind of a queue says its role.
func (f WorkFilter) IsOfQueues() bool {
	isAwake := f.Snoozed == nil || !*f.Snoozed
	f.Kinds, f.Categories, f.Role, f.Snoozed, f.Now = nil, nil, "", nil, 0
	return isAwake && reflect.DeepEqual(f, WorkFilter{})
}

// Means reports whether a filter of queues means one.
func (f WorkFilter) Means(q WorkQueue) bool {
	return (len(f.Kinds) == 0 || slices.Contains(f.Kinds, q.Kind)) && (len(f.Categories) == 0 || slices.Contains(f.Categories, q.Category)) &&
		(f.Role == "" || f.Role == q.Kind.Facts().Role)
}

// WorkTally is by how much a transaction changed the number of open items of a kind and category that are due on a day, and what is at
// stake in them; one that is Folded stands for many.
type WorkTally struct {
	TenantID TenantID `gorm:"primaryKey"`
	ID       string   `gorm:"primaryKey"`
	Kind     WorkKind
	Category string
	Due      Date
	Items    int64
	Amount   Cents
	Folded   bool
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
