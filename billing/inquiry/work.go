package inquiry

import (
	"context"
	"slices"
	"time"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
)

// workType is the type of work items over FHIR, whose rights they have.
const workType = "Task"

// WorkList asks for a page of open items after an item, the zero one for the first page. AgeDays is for how many days they are open at
// least; the filter's own moments are set here.
type WorkList struct {
	Filter  models.WorkFilter
	AgeDays int
	Order   models.WorkOrder
	After   models.WorkItem
	Count   int
	Total   bool // whether all of the list are counted and summed
}

// WorkPage is a page of open items in their order. Total is nil where nobody asked for it.
type WorkPage struct {
	Items []models.WorkItem
	More  bool
	Total *WorkTotal
}

// WorkTotal is how many items a whole list has, and what is at stake in them.
type WorkTotal struct {
	Count  int64
	Amount models.Cents
}

// WorkPage gives a page of open work items.
func (b *Books) WorkPage(ctx context.Context, p auth.Principal, list WorkList) (WorkPage, error) {
	var page WorkPage
	err := b.work(ctx, p, func(v *store.View) (err error) {
		f := aged(list.Filter, list.AgeDays, v.DB().Now())
		if page.Items, err = books.WorkList(v, f, list.Order, list.After, list.Count+1); err != nil || !list.Total {
			return err
		}
		page.Total = &WorkTotal{}
		page.Total.Count, page.Total.Amount, err = books.WorkTotal(v, f)
		return err
	})
	if page.More = len(page.Items) > list.Count; page.More {
		page.Items = page.Items[:list.Count]
	}
	return page, err
}

// WorkQueues sums open work items by kind and category, for who asks.
func (b *Books) WorkQueues(ctx context.Context, p auth.Principal, filter models.WorkFilter, ageDays int) (queues []models.WorkQueue, err error) {
	err = b.work(ctx, p, func(v *store.View) error {
		zone, err := documents.Zone(v)
		if err != nil {
			return err
		}
		now := v.DB().Now()
		asker := models.WorkAsker{Names: []string{p.Subject}, Today: models.Date(now.Time().In(zone).Format(time.DateOnly)), Now: now}
		if p.FHIRUser != "" {
			asker.Names = append(asker.Names, p.FHIRUser)
		}
		queues, err = books.WorkQueues(v, aged(filter, ageDays, now), asker)
		return err
	})
	return queues, err
}

// work reads for the office and notes that somebody searched the work.
func (b *Books) work(ctx context.Context, p auth.Principal, read func(*store.View) error) error {
	if err := records.Office(p, workType); err != nil {
		return err
	}
	if _, err := records.Guard(p, workType, auth.PermissionSearch); err != nil {
		return err
	}
	if err := b.view(ctx, p, read); err != nil {
		return err
	}
	return b.records.Session(p).RecordRead(ctx, models.AuditSearch, workType, "")
}

const day = models.Instant(24 * 60 * 60 * 1_000_000)

// aged gives a filter at a moment.
func aged(f models.WorkFilter, days int, now models.Instant) models.WorkFilter {
	f.Now = now
	if days > 0 {
		f.CreatedUntil = now - models.Instant(days)*day
	}
	return f
}

// WorkStory is what the books say of a work item beside its Task.
type WorkStory struct {
	AgeDays int
	Holder  string // who works on it now, "" for nobody
	Until   models.Instant
	Events  []models.WorkEvent
}

// WorkStories gives the stories of work items.
func (b *Books) WorkStories(ctx context.Context, p auth.Principal, ids []models.WorkItemID) (map[models.WorkItemID]WorkStory, error) {
	return office(ctx, b, p, workType, ids, func(v *store.View, ids []models.WorkItemID) (map[models.WorkItemID]WorkStory, error) {
		items, err := books.WorkItemsByID(v, ids)
		if err != nil {
			return nil, err
		}
		events, err := books.WorkEvents(v, ids)
		now := v.DB().Now()
		stories := make(map[models.WorkItemID]WorkStory, len(items))
		for _, w := range items {
			end := now
			if !w.IsOpen() {
				end = w.Updated
			}
			story := WorkStory{AgeDays: int((end - w.Created) / day), Holder: w.Holder(now), Events: slices.Clone(events[w.ID])}
			if story.Holder != "" {
				story.Until = w.TakenUntil
			}
			stories[w.ID] = story
		}
		return stories, err
	})
}
