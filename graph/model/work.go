package model

import (
	"medbill/fhir"
	"medbill/models"
)

// WorkItem is what waits for a person: FHIR Task, in the office's words.
type WorkItem struct{ resource }

// What work is told by.
type (
	// WorkItemConnection is a page of work items.
	WorkItemConnection struct {
		Connection[WorkItem]
		TotalAmount *Money
	}
	// WorkItemEdge is a work item on a page.
	WorkItemEdge = Edge[WorkItem]
	// User is somebody of the office.
	User struct{ ID string }
	// Reason is one of several things that an item was opened for.
	Reason struct{ node }
	// Note is what somebody wrote on an item.
	Note struct{ node }
	// Decision is what may be decided about an item.
	Decision struct{ facts models.DecisionFacts }
	// WorkEvent is what was done with an item.
	WorkEvent struct{ row models.WorkEvent }
	// WorkQueue sums the open items of a kind and category.
	WorkQueue struct{ row models.WorkQueue }
	// WorkItemPayload leads to the item.
	WorkItemPayload struct{ payload }
	// DecideWorkItemPayload leads to the item that was decided.
	DecideWorkItemPayload struct{ payload }
	// DecideWorkItemsPayload leads to the items that were decided.
	DecideWorkItemsPayload struct {
		ids       []string
		rehearsal *Rehearsal
	}
)

// Kind says what is to be done.
func (w WorkItem) Kind() string { return w.at("WorkItem.kind").fhir.Text() }

// Category tells items of a kind from each other.
func (w WorkItem) Category() *string { return text(w.at("WorkItem.category")) }

// Role says whose work it is.
func (w WorkItem) Role() string { return w.at("WorkItem.role").fhir.Text() }

// Status is requested while it waits.
func (w WorkItem) Status() string { return w.get("status").fhir.Text() }

// Priority is FHIR's word for it.
func (w WorkItem) Priority() *string { return text(w.get("priority")) }

// DueOn is the day until which it is to be done.
func (w WorkItem) DueOn() string { return w.at("WorkItem.dueOn").fhir.Text() }

// Amount is the money that waits for it.
func (w WorkItem) Amount() Money {
	if m := amount(node{extension(w.fhir, fhir.ExtensionWorkAmount).Get("valueMoney"), w.of}); m != nil {
		return *m
	}
	return USD(0)
}

// Deposit names the deposit that it is about; nil where it is about something else.
func (w WorkItem) Deposit() *string {
	focus := w.fhir.In("focus", "identifier")
	if !focus.Get("system").Is(fhir.SystemDeposit) {
		return nil
	}
	return given(focus.Get("value").Text())
}

// Assignee is who is to do it: a record, or the name in a token.
func (w WorkItem) Assignee() *User {
	owner := w.fhir.Get("owner")
	if name := owner.Get("reference").Text(); name != "" {
		return &User{name}
	}
	return UserOf(owner.In("identifier", "value").Text())
}

// UserOf names a user; nil for nobody.
func UserOf(name string) *User {
	if name == "" {
		return nil
	}
	return &User{name}
}

// SnoozedUntil is until when it is put off.
func (w WorkItem) SnoozedUntil() *string { return text(w.at("WorkItem.snoozedUntil")) }

// Labels are those that somebody put on it.
func (w WorkItem) Labels() []string {
	labels := []string{}
	for e := range w.fhir.Get("extension").Each() {
		if e.Get("url").Is(fhir.ExtensionWorkLabel) {
			labels = append(labels, e.Get("valueString").Text())
		}
	}
	return labels
}

// Reasons are what it was opened for.
func (w WorkItem) Reasons() []Reason { return list[Reason](w.at("WorkItem.reasons")) }

// Description says in one sentence what to do.
func (w WorkItem) Description() string { return w.get("description").fhir.Text() }

// Decisions are what may be decided about it.
func (w WorkItem) Decisions() []Decision {
	decisions := []Decision{}
	if w.Status() != string(models.WorkRequested) {
		return decisions
	}
	for _, facts := range models.WorkKind(w.Kind()).Decisions() {
		decisions = append(decisions, Decision{facts})
	}
	return decisions
}

// Notes are what people wrote on it.
func (w WorkItem) Notes() []Note { return list[Note](w.at("WorkItem.notes")) }

// AuthoredOn is when it was opened.
func (w WorkItem) AuthoredOn() *string { return text(w.get("authoredOn")) }

// PayerReference refers to the payer whom it is about.
func (w WorkItem) PayerReference() string {
	return extension(w.fhir, fhir.ExtensionPayer).In("valueReference", "reference").Text()
}

// Code is the rule that noticed it.
func (r Reason) Code() string { return r.at("Reason.code").fhir.Text() }

// Path is where in what the work is about.
func (r Reason) Path() *string { return text(r.at("Reason.path")) }

// Text says it.
func (r Reason) Text() string { return r.at("Reason.text").fhir.Text() }

// By is who wrote it.
func (n Note) By() string { return n.at("Note.by").fhir.Text() }

// At is when.
func (n Note) At() string { return n.at("Note.at").fhir.Text() }

// Text is what they wrote.
func (n Note) Text() string { return n.get("text").fhir.Text() }

// Decision names it.
func (d Decision) Decision() models.Decision { return d.facts.Decision }

// NeedsReason says whether it needs one.
func (d Decision) NeedsReason() bool { return d.facts.NeedsReason }

// Description says what it does.
func (d Decision) Description() string { return d.facts.Text }

// WorkEventsOf shows what was done with an item.
func WorkEventsOf(rows []models.WorkEvent) []WorkEvent {
	events := make([]WorkEvent, len(rows))
	for i, row := range rows {
		events[i] = WorkEvent{row}
	}
	return events
}

// Action says what was done.
func (e WorkEvent) Action() string { return string(e.row.Action) }

// By is who did it.
func (e WorkEvent) By() User { return User{e.row.Who} }

// At is when.
func (e WorkEvent) At() string { return e.row.At.String() }

// Text is what was written or chosen.
func (e WorkEvent) Text() *string { return given(e.row.Text) }

// WorkQueuesOf shows queues.
func WorkQueuesOf(rows []models.WorkQueue) []WorkQueue {
	queues := make([]WorkQueue, len(rows))
	for i, row := range rows {
		queues[i] = WorkQueue{row}
	}
	return queues
}

// Kind says what is to be done.
func (q WorkQueue) Kind() string { return string(q.row.Kind) }

// Category is nil where the kind has none.
func (q WorkQueue) Category() *string { return given(q.row.Category) }

// Count counts its items.
func (q WorkQueue) Count() int { return int(q.row.Count) }

// Amount sums what waits for them.
func (q WorkQueue) Amount() Money { return USD(q.row.Amount) }

// Oldest is when the oldest was opened.
func (q WorkQueue) Oldest() string { return q.row.Oldest.String() }

// Overdue counts those that are late.
func (q WorkQueue) Overdue() int { return int(q.row.Overdue) }

// Mine counts the asker's.
func (q WorkQueue) Mine() int { return int(q.row.Mine) }

// WorkedOn gives the payload of an item.
func WorkedOn(id string, r *Rehearsal) *WorkItemPayload { return &WorkItemPayload{payload{id, r}} }

// DecidedItem gives the payload of an item that was decided.
func DecidedItem(id string, r *Rehearsal) *DecideWorkItemPayload {
	return &DecideWorkItemPayload{payload{id, r}}
}

// DecidedItems gives the payload of items that were decided.
func DecidedItems(ids []string, r *Rehearsal) *DecideWorkItemsPayload {
	return &DecideWorkItemsPayload{ids, r}
}

// Items names the items; none in a rehearsal.
func (p DecideWorkItemsPayload) Items() []models.Ref {
	if p.rehearsal != nil {
		return nil
	}
	refs := make([]models.Ref, len(p.ids))
	for i, id := range p.ids {
		refs[i] = models.Ref{Type: "Task", ID: id}
	}
	return refs
}

// Rehearsal is nil where the change was made.
func (p DecideWorkItemsPayload) Rehearsal() *Rehearsal { return p.rehearsal }
