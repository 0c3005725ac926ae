// Package worklist is the work desk: people take what waits for them, pass it on, put it off, write on it and decide about it. What
// comes of a decision is the other desks', and the office puts the two together. It opens no work and looks for none.
package worklist

import (
	"fmt"

	"medbill/billing/desk"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Work is what somebody does with an open item: the item as it is to be, and what its history says of it. One that is as it was is
// left alone.
type Work func(w models.WorkItem, now models.Instant, by string) (next models.WorkItem, action models.WorkAction, text string, err error)

// Do does something with an item that is open. It refuses one that is not there (NotFound), one that is done (Conflict, work.closed)
// and, unless what is done is for everybody, one that somebody else has (Conflict, work.taken, with who and until when).
func Do(s *desk.Sheet, id models.WorkItemID, do Work) (models.WorkItem, error) {
	w, err := open(s, id)
	if err != nil {
		return w, err
	}
	next, action, text, err := do(w, s.Now(), s.Subject())
	if err != nil || action == "" {
		return w, err
	}
	return books.SaveWork(s.Tx, w, next, action, text)
}

// Standing gives an item as it stands.
func Standing(id models.WorkItemID) func(*desk.Sheet) (models.WorkItem, error) {
	return func(s *desk.Sheet) (models.WorkItem, error) {
		w, found, err := books.WorkItem(s.View, id)
		if err == nil && !found {
			err = errNone
		}
		return w, err
	}
}

var (
	errNone   = fault.New(fault.NotFound, "not-found", "There is no such work item.")
	errClosed = fault.New(fault.Conflict, "work.closed", "The work is done already; its history says by whom, or that what it was about went away.")
)

// open gives an open item under the lock of its case, on which whoever closes it is met.
func open(s *desk.Sheet, id models.WorkItemID) (models.WorkItem, error) {
	w, err := Standing(id)(s)
	if err != nil {
		return w, err
	}
	if err := books.Lock(s.Tx, string(w.CaseID)); err != nil {
		return w, err
	}
	if !w.IsOpen() {
		return w, errClosed
	}
	return w, nil
}

// isFree refuses an item that somebody else works on.
func isFree(w models.WorkItem, now models.Instant, by string) error {
	holder := w.Holder(now)
	if holder == "" || holder == by {
		return nil
	}
	return fault.New(fault.Conflict, "work.taken", fmt.Sprintf("%s has the work until %s; choose another item, or wait until then.", holder, w.TakenUntil))
}

// Decide notes what a person decided about an item and gives it as it stands then, closed where the decision alone does that. It
// refuses what cannot be decided about its kind (Conflict, work.decision), what somebody else has (Conflict, work.taken) and a
// decision without the reason that it needs (Invalid).
func Decide(s *desk.Sheet, id models.WorkItemID, d models.Decision, reason string) (models.WorkItem, models.DecisionFacts, error) {
	none := models.DecisionFacts{}
	w, err := open(s, id)
	if err != nil {
		return w, none, err
	}
	facts, ok := w.Kind.Decides(d)
	if !ok {
		return w, none, fault.At(fault.Conflict, "work.decision", "decision", "This cannot be decided about work of its kind; the item lists what can.")
	}
	if err := isFree(w, s.Now(), s.Subject()); err != nil {
		return w, none, err
	}
	if reason == "" && facts.NeedsReason {
		return w, none, fault.At(fault.Invalid, "required", "reason", "The decision needs a reason, which stays in the history of the work; state one.")
	}
	if reason != "" {
		if err := fault.Under("reason", models.CheckText(reason)); err != nil {
			return w, none, err
		}
	}
	before := w
	w.Decision, w.TakenBy, w.TakenUntil = d, "", 0
	switch {
	case facts.Leaves:
		w.Status = models.WorkDeclined
	case facts.Closes:
		w.Status = models.WorkCompleted
	}
	text := string(d)
	if reason != "" {
		text += ": " + reason
	}
	w, err = books.SaveWork(s.Tx, before, w, models.WorkDecided, text)
	return w, facts, err
}

// Undo takes back what was decided about a closed item, which is open again then, as it was. It refuses (Conflict, work.decision) what cannot be taken back, and (Conflict, work.open) an item
// beside which another one is open about the same.
func Undo(s *desk.Sheet, id models.WorkItemID, reason string) (models.WorkItem, models.DecisionFacts, error) {
	w, err := Standing(id)(s)
	if err != nil {
		return w, models.DecisionFacts{}, err
	}
	if err := books.Lock(s.Tx, string(w.CaseID)); err != nil {
		return w, models.DecisionFacts{}, err
	}
	facts, ok := w.Undoing()
	if !ok {
		return w, facts, fault.At(fault.Conflict, "work.decision", "decision", "What was decided about the work cannot be taken back, or nothing was decided.")
	}
	if reason == "" {
		return w, facts, fault.At(fault.Invalid, "required", "reason", "The decision needs a reason, which stays in the history of the work; state one.")
	}
	if err := fault.Under("reason", models.CheckText(reason)); err != nil {
		return w, facts, err
	}
	_, isOpen, err := books.OpenItem(s.View, w.Kind, w.Subject)
	if err == nil && isOpen {
		err = fault.At(fault.Conflict, "work.open", "decision", "Other work about the same is open; decide that.")
	}
	if err != nil {
		return w, facts, err
	}
	before := w
	w.Status, w.Decision = models.WorkRequested, models.Undecided
	w, err = books.SaveWork(s.Tx, before, w, models.WorkDecided, string(facts.Decision)+": "+reason)
	return w, facts, err
}

// Decided gives an item after its decision was carried out, and refuses a decision that did not take away what the item is about
// (Conflict, work.stands): everything is as it was then.
func Decided(s *desk.Sheet, id models.WorkItemID) (models.WorkItem, error) {
	w, err := Standing(id)(s)
	if err == nil && w.IsOpen() {
		err = fault.New(fault.Conflict, "work.stands", "What the work is about still stands, so nothing was done: "+w.Reason)
	}
	return w, err
}
