package billing

import (
	"context"

	"medbill/billing/desk"
	"medbill/billing/worklist"
	"medbill/internal/auth"
	"medbill/models"
	"medbill/models/operation"
)

// TakeWork gives an item to who asks for some minutes. See worklist.Take.
func (o *Office) TakeWork(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID, minutes int) (desk.Done[models.WorkItem], error) {
	return o.work(ctx, p, c, id, worklist.Take(minutes), "take", minutes)
}

// GiveWorkBack makes an item free that who asks has.
func (o *Office) GiveWorkBack(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID) (desk.Done[models.WorkItem], error) {
	return o.work(ctx, p, c, id, worklist.GiveBack(), "give-back")
}

// AssignWork makes a user the one who is to do it, "" nobody.
func (o *Office) AssignWork(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID, user string) (desk.Done[models.WorkItem], error) {
	return o.work(ctx, p, c, id, worklist.Assign(user), "assign", user)
}

// SnoozeWork puts an item off until a moment; 0 brings it back.
func (o *Office) SnoozeWork(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID, until models.Instant, reason string) (desk.Done[models.WorkItem], error) {
	return o.work(ctx, p, c, id, worklist.Snooze(until, reason), "snooze", until, reason)
}

// NoteWork writes something on an item.
func (o *Office) NoteWork(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID, text string) (desk.Done[models.WorkItem], error) {
	return o.work(ctx, p, c, id, worklist.Note(text), "note", text)
}

// LabelWork puts labels on an item and takes others off.
func (o *Office) LabelWork(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID, add, remove []string) (desk.Done[models.WorkItem], error) {
	return o.work(ctx, p, c, id, worklist.Label(add, remove), "label", add, remove)
}

// work does something with one item; said tells the call from another one under the same key.
func (o *Office) work(ctx context.Context, p auth.Principal, c Call, id models.WorkItemID, do worklist.Work, said ...any) (desk.Done[models.WorkItem], error) {
	return desk.Do(ctx, o.db, p, c.command(operation.ScopeWork, taskOf(id), said),
		func(s *desk.Sheet) (models.WorkItem, error) { return worklist.Do(s, id, do) }, worklist.Standing(id))
}
