package books

import (
	"strings"

	"medbill/internal/store"
	"medbill/models"
)

// WorkList gives at most count open items that a filter means, in an order, after an item (the zero one is before all of them).
func WorkList(v *store.View, f models.WorkFilter, order models.WorkOrder, after models.WorkItem, count int) ([]models.WorkItem, error) {
	c := conditionsOf(v, f, order == models.WorkByDue)
	by := "due, id"
	switch order {
	case models.WorkByAmount:
		by = "amount DESC, id DESC"
		c.after(after, "(amount, id) < (?, ?)", after.Amount, after.ID)
	case models.WorkByAge:
		by = "id"
		c.after(after, "id > ?", after.ID)
	case models.WorkByPriority:
		by = "priority, due, id"
		c.after(after, "(priority, due, id) > (?, ?, ?)", int(after.Priority), after.Due, after.ID)
	default:
		c.after(after, "(due, id) > (?, ?)", after.Due, after.ID)
	}
	return store.Some[models.WorkItem](v, count, by, c.text(), c.args...)
}

// totalOfWork counts and sums the open items that a filter means, by looking at each.
func totalOfWork(v *store.View, f models.WorkFilter) (count int64, amount models.Cents, err error) {
	c := conditionsOf(v, f, false)
	err = v.Rows(func(row store.Row) error { return row.Scan(&count, &amount) },
		"SELECT count(*), CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM work_items WHERE tenant_id = ? AND "+c.text(), append([]any{v.Tenant()}, c.args...)...)
	return count, amount, err
}

// sumsOfWork sums the open items that a filter means by kind and category, by looking at each.
func sumsOfWork(v *store.View, f models.WorkFilter, asker models.WorkAsker) (queues []models.WorkQueue, err error) {
	c := conditionsOf(v, f, false)
	args := []any{asker.Today, asker.Names, asker.Names, asker.Now, v.Tenant()}
	return queuesOf(v, "SELECT kind, category, count(*), CAST(sum(amount) AS BIGINT), min(created), sum(CASE WHEN due < ? THEN 1 ELSE 0 END),"+
		" sum(CASE WHEN assignee IN ? OR taken_by IN ? AND taken_until > ? THEN 1 ELSE 0 END)"+
		" FROM work_items WHERE tenant_id = ? AND "+c.text()+" GROUP BY kind, category ORDER BY kind, category", append(args, c.args...)...)
}

// queuesOf reads queues, each as kind, category, count, amount, oldest, overdue and mine.
func queuesOf(v *store.View, query string, args ...any) (queues []models.WorkQueue, err error) {
	err = v.Rows(func(row store.Row) error {
		var q models.WorkQueue
		err := row.Scan(&q.Kind, &q.Category, &q.Count, &q.Amount, &q.Oldest, &q.Overdue, &q.Mine)
		queues = append(queues, q)
		return err
	}, query, args...)
	return queues, err
}

// conditions are those of a list of open items.
type conditions struct {
	parts []string
	args  []any
}

func (c *conditions) add(part string, args ...any) {
	c.parts, c.args = append(c.parts, part), append(c.args, args...)
}

// look adds a condition that is looked up in no index: many items meet it, and the list is walked in its order.
func (c *conditions) look(part string, args ...any) {
	c.add("CASE WHEN "+part+" THEN 1 ELSE 0 END = 1", args...)
}

// after adds where a page begins.
func (c *conditions) after(item models.WorkItem, part string, args ...any) {
	if item.ID != "" {
		c.add(part, args...)
	}
}

func (c *conditions) text() string { return strings.Join(c.parts, " AND ") }

// conditionsOf gives what a filter means; byDue says that the list is in the order of the days, in which one kind or one role has an
// index of its own.
func conditionsOf(v *store.View, f models.WorkFilter, byDue bool) *conditions {
	c := &conditions{}
	c.add(isOpen)
	switch {
	case byDue && len(f.Kinds) == 1:
		c.add("kind = ?", f.Kinds[0])
	case len(f.Kinds) > 0:
		c.look("kind IN ?", store.Texts(f.Kinds))
	case byDue && f.Role != "":
		c.add("role = ?", f.Role)
		f.Role = ""
	}
	if len(f.Categories) > 0 {
		c.look("category IN ?", f.Categories)
	}
	for _, same := range []struct{ column, value string }{
		{"assignee", f.Assignee}, {"patient_id", string(f.PatientID)}, {"claim_id", string(f.ClaimID)},
	} {
		if same.value != "" {
			c.add(same.column+" <> '' AND "+same.column+" = ?", same.value) // the indexes leave out what is about nobody
		}
	}
	for _, same := range []struct{ column, value string }{
		{"role", string(f.Role)}, {"payer_id", string(f.PayerID)}, {"provider_id", string(f.ProviderID)},
	} {
		if same.value != "" {
			c.look(same.column+" = ?", same.value)
		}
	}
	c.ranges(f)
	for _, label := range f.Labels {
		c.look(v.Containing("' ' || labels || ' '"), " "+label+" ")
	}
	if f.Text != "" {
		c.look(v.Containing("lower(reason)"), strings.ToLower(f.Text))
	}
	return c
}

// ranges adds what lies on one side of something.
func (c *conditions) ranges(f models.WorkFilter) {
	if f.Unassigned {
		c.look("assignee = ''")
	}
	if f.DueBefore != "" {
		c.look("due < ?", f.DueBefore)
	}
	if f.CreatedUntil != 0 {
		c.look("created <= ?", f.CreatedUntil)
	}
	if f.AmountAtLeast != nil {
		c.look("amount >= ?", *f.AmountAtLeast)
	}
	if f.Snoozed != nil {
		sign := "<="
		if *f.Snoozed {
			sign = ">"
		}
		c.look("snoozed_until "+sign+" ?", f.Now)
	}
}
