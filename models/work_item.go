package models

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// WorkStatus is Task.status.
type WorkStatus string

// The states of a work item.
const (
	WorkRequested WorkStatus = "requested"
	WorkCompleted WorkStatus = "completed" // decided, or what it was about went away
	WorkDeclined  WorkStatus = "rejected"  // a person decided to leave it; the same cause opens nothing again
)

// WorkItem is one thing a person must do. Kind and subject are unique among open items, so a repeated step opens nothing
// twice. Priority and Due follow from the kind when it is opened, and Role where who opens it says nothing else; Amount, ClaimID, PayerID and ProviderID from what the
// case says now.
type WorkItem struct {
	TenantID     TenantID   `gorm:"primaryKey"`
	ID           WorkItemID `gorm:"primaryKey"`
	Kind         WorkKind
	Category     string // what tells items of a kind from each other: the first rule that holds a claim; "" for nothing
	Role         WorkRole
	Priority     WorkPriority
	Status       WorkStatus
	CaseID       CaseID // "" where it is about no case
	Subject      Ref
	PatientID    PatientID
	ClaimID      ClaimID        // "" where it is about no one claim
	PayerID      OrganizationID // of the claim
	ProviderID   PractitionerID // who did it
	Reason       string         // one sentence or more without patient values
	Reasons      List[WorkReason]
	Cause        string // tells what it is opened for from what it was before, where a person may decide to leave it
	Amount       Cents
	Due          Date
	Assignee     string // a user; "" for nobody
	TakenBy      string // the user who works on it until TakenUntil
	TakenUntil   Instant
	SnoozedUntil Instant
	Labels       Codes
	Notes        List[WorkNote]
	Given        List[Ref] // documents that the payer was given
	Decision     Decision  // that closed it; "" where it is open, or its cause went away
	Version      int       // counts its changes; each is a WorkEvent
	Created      Instant
	Updated      Instant
}

// CategoryDocuments tells the payer's own request for documents from what its answers ask for: the payer reads it, and what it was given.
const CategoryDocuments = "documents"

// WorkReason is one of several things that an item is opened for.
type WorkReason struct {
	Code string `json:"code"`           // the rule that noticed it
	Path string `json:"path,omitempty"` // FHIRPath in what it is about
	Text string `json:"text"`
}

// WorkNote is what a person wrote down about an item.
type WorkNote struct {
	By   string  `json:"by"`
	At   Instant `json:"at"`
	Text string  `json:"text"`
}

// LabelCharsMax bounds a label, a word by which people sort their work.
const LabelCharsMax = 40

// IsLabel reports whether a text has the form of a label: small letters, digits and hyphens.
func IsLabel(text string) bool {
	isOther := func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }
	return text != "" && len(text) <= LabelCharsMax && !strings.ContainsFunc(text, isOther)
}

// IsOpen reports whether somebody is to do it.
func (w WorkItem) IsOpen() bool { return w.Status == WorkRequested }

// Holder gives the user who works on it at a moment; "" where it is free.
func (w WorkItem) Holder(now Instant) string {
	if w.TakenUntil > now {
		return w.TakenBy
	}
	return ""
}

// IsSame reports whether two items are about the same thing: one of them is open at a time.
func (w WorkItem) IsSame(other WorkItem) bool {
	return w.Kind == other.Kind && w.Subject == other.Subject
}

// Restated gives w with what its owner says of it now. Where that is something else, it goes to whose work it is now, with the labels it
// has then; as long as it is the same, what people did with labels stands.
func (w WorkItem) Restated(now WorkItem) WorkItem {
	if !reflect.DeepEqual(w.Reasons, now.Reasons) {
		w.Role = cmp.Or(now.Role, w.Role)
		w.Labels = slices.Clone(w.Labels)
		for _, label := range now.Labels {
			if !slices.Contains(w.Labels, label) {
				w.Labels = append(w.Labels, label)
			}
		}
	}
	w.Category, w.Reason, w.Reasons, w.Cause = now.Category, now.Reason, now.Reasons, now.Cause
	w.CaseID, w.PatientID = now.CaseID, now.PatientID
	if w.Kind.Facts().Stake == StakeStated {
		w.Amount = now.Amount
	}
	return w
}

// WorkAction says what was done with a work item.
type WorkAction string

// The actions.
const (
	WorkOpened    WorkAction = "opened"
	WorkChanged   WorkAction = "changed" // what it is about, or what is at stake
	WorkTaken     WorkAction = "taken"
	WorkGivenBack WorkAction = "given-back"
	WorkAssigned  WorkAction = "assigned"
	WorkSnoozed   WorkAction = "snoozed"
	WorkNoted     WorkAction = "noted"
	WorkLabelled  WorkAction = "labelled"
	WorkOverrode  WorkAction = "overridden" // a finding that it is about, or that it is not any more
	WorkDecided   WorkAction = "decided"
	WorkClosed    WorkAction = "closed" // what it was about went away
)

// WorkEvent is one change of a work item; none is ever taken back.
type WorkEvent struct {
	TenantID TenantID   `gorm:"primaryKey"`
	WorkID   WorkItemID `gorm:"primaryKey"`
	Sequence int        `gorm:"primaryKey"` // the version that it made
	Action   WorkAction
	Who      string // the user, or the machine
	At       Instant
	Text     string // what a person wrote, or chose
}
