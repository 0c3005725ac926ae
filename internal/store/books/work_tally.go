package books

import (
	"math"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// To sum a hundred thousand open items takes longer than anybody waits for the page on which a day begins. So whoever opens, changes or
// closes one leaves in its transaction by how much the sums change. Such rows are only ever added, so two who work never wait for each
// other, and folded into few once in a while.

// tallyFoldAt is how many rows a tenant has that were not folded, before they are.
const tallyFoldAt = 500

// tally leaves by how much an item changes the sums of what is open.
func tally(tx *store.Tx, before, now models.WorkItem) error {
	if before.IsOpen() && now.IsOpen() && tallied(before) == tallied(now) {
		return nil
	}
	var rows []models.WorkTally
	for _, one := range []struct {
		item models.WorkItem
		sign int64
	}{{before, -1}, {now, 1}} {
		if one.item.IsOpen() {
			row := tallied(one.item)
			row.TenantID, row.ID = tx.Tenant(), tx.NewID()
			row.Items, row.Amount = one.sign, row.Amount*models.Cents(one.sign)
			rows = append(rows, row)
		}
	}
	return store.Insert(tx, rows...)
}

func tallied(w models.WorkItem) models.WorkTally {
	return models.WorkTally{Kind: w.Kind, Category: w.Category, Due: w.Due, Amount: w.Amount}
}

// FoldTallies replaces the tallies of a tenant by one for each sum. What others add meanwhile is not seen and stays.
func FoldTallies(tx *store.Tx) error {
	sums, err := talliesOf(tx.View, "SELECT kind, category, due, CAST(sum(items) AS BIGINT), CAST(sum(amount) AS BIGINT) FROM work_tallies WHERE tenant_id = ? GROUP BY kind, category, due")
	if err != nil {
		return err
	}
	if err := tx.Write("DELETE FROM work_tallies WHERE tenant_id = ?", tx.Tenant()); err != nil {
		return err
	}
	for i := range sums {
		sums[i].TenantID, sums[i].ID, sums[i].Folded = tx.Tenant(), tx.NewID(), true
	}
	return store.Insert(tx, slices.DeleteFunc(sums, func(t models.WorkTally) bool { return t.Items == 0 && t.Amount == 0 })...)
}

// TalliesToFold gives the tenants that have more tallies than are quickly summed.
func TalliesToFold(v *store.View) ([]models.TenantID, error) {
	return store.Column[models.TenantID](v, "SELECT tenant_id FROM work_tallies WHERE folded = ? GROUP BY tenant_id HAVING count(*) > ?", false, tallyFoldAt)
}

// TalliesDiffer reports whether the tallies say something else than the open items.
func TalliesDiffer(v *store.View) (bool, error) {
	kept, err := talliesOf(v, "SELECT kind, category, due, CAST(sum(items) AS BIGINT), CAST(sum(amount) AS BIGINT) FROM work_tallies WHERE tenant_id = ? GROUP BY kind, category, due"+
		" HAVING sum(items) <> 0 OR sum(amount) <> 0 ORDER BY kind, category, due")
	if err != nil {
		return false, err
	}
	are, err := talliesOf(v, "SELECT kind, category, due, count(*), CAST(sum(amount) AS BIGINT) FROM work_items WHERE tenant_id = ? AND "+isOpen+
		" GROUP BY kind, category, due ORDER BY kind, category, due")
	return !slices.Equal(kept, are), err
}

func talliesOf(v *store.View, query string) (sums []models.WorkTally, err error) {
	err = v.Rows(func(row store.Row) error {
		var t models.WorkTally
		err := row.Scan(&t.Kind, &t.Category, &t.Due, &t.Items, &t.Amount)
		sums = append(sums, t)
		return err
	}, query, v.Tenant())
	return sums, err
}

// WorkQueues sums the open items that a filter means by kind and category. Whole queues it takes from the tallies; of any other filter it
// looks at each item.
func WorkQueues(v *store.View, f models.WorkFilter, asker models.WorkAsker) ([]models.WorkQueue, error) {
	if !f.IsOfQueues() {
		return sumsOfWork(v, f, asker)
	}
	queues, err := wholeQueues(v, f, asker.Today)
	if err != nil || len(queues) == 0 {
		return nil, err
	}
	mine, err := mineOf(v, f, asker)
	add(queues, mine, 1)
	return queues, err
}

// WorkTotal counts the open items that a filter means, and sums what is at stake in them, like WorkQueues.
func WorkTotal(v *store.View, f models.WorkFilter) (count int64, amount models.Cents, err error) {
	if !f.IsOfQueues() {
		return totalOfWork(v, f)
	}
	queues, err := wholeQueues(v, f, "")
	for _, q := range queues {
		count, amount = count+q.Count, amount+q.Amount
	}
	return count, amount, err
}

// wholeQueues gives the queues that a filter means by the tallies, without what is the asker's; overdue is what is due before a day.
func wholeQueues(v *store.View, f models.WorkFilter, today models.Date) ([]models.WorkQueue, error) {
	moment := models.Instant(math.MaxInt64) // an item that is put off until later is left out
	if f.Snoozed != nil {
		moment = f.Now
	}
	queues, err := queuesOf(v, "SELECT q.kind, q.category, q.items, q.amount, COALESCE((SELECT w.created FROM work_items w WHERE w.tenant_id = ? AND w.kind = q.kind AND w.category = q.category"+
		" AND w.status = 'requested' AND CASE WHEN w.snoozed_until <= ? THEN 1 ELSE 0 END = 1 ORDER BY w.created LIMIT 1), 0), q.overdue, 0 FROM ("+
		"SELECT kind, category, CAST(sum(items) AS BIGINT) AS items, CAST(sum(amount) AS BIGINT) AS amount, CAST(sum(CASE WHEN due < ? THEN items ELSE 0 END) AS BIGINT) AS overdue"+
		" FROM work_tallies WHERE tenant_id = ? GROUP BY kind, category HAVING sum(items) <> 0) q ORDER BY q.kind, q.category",
		v.Tenant(), moment, today, v.Tenant())
	if err == nil && len(queues) > 0 && f.Snoozed != nil {
		err = lessAsleep(v, queues, f.Now, today)
	}
	return slices.DeleteFunc(queues, func(q models.WorkQueue) bool { return q.Count == 0 || !f.Means(q) }), err
}

// lessAsleep takes what is put off out of queues; that are few items.
func lessAsleep(v *store.View, queues []models.WorkQueue, now models.Instant, today models.Date) error {
	asleep, err := queuesOf(v, "SELECT kind, category, count(*), CAST(sum(amount) AS BIGINT), 0, sum(CASE WHEN due < ? THEN 1 ELSE 0 END), 0"+
		" FROM work_items WHERE tenant_id = ? AND "+isOpen+" AND snoozed_until > 0 AND snoozed_until > ? GROUP BY kind, category", today, v.Tenant(), now)
	add(queues, asleep, -1)
	return err
}

// mineOf counts what is the asker's to do, or taken by the asker.
func mineOf(v *store.View, f models.WorkFilter, asker models.WorkAsker) ([]models.WorkQueue, error) {
	arm := "SELECT kind, category FROM work_items WHERE tenant_id = ? AND " + isOpen
	awake, until := "", []any{}
	if f.Snoozed != nil {
		awake, until = " AND CASE WHEN snoozed_until <= ? THEN 1 ELSE 0 END = 1", []any{f.Now}
	}
	args := slices.Concat([]any{v.Tenant(), asker.Names}, until, []any{v.Tenant(), asker.Names, asker.Now, asker.Names}, until)
	return queuesOf(v, "SELECT kind, category, 0, 0, 0, 0, count(*) FROM ("+arm+" AND assignee <> '' AND assignee IN ?"+awake+
		" UNION ALL "+arm+" AND taken_by <> '' AND taken_by IN ? AND taken_until > ? AND CASE WHEN assignee IN ? THEN 1 ELSE 0 END = 0"+awake+") mine GROUP BY kind, category", args...)
}

// add adds sums to those of the same kind and category, sign times.
func add(queues, more []models.WorkQueue, sign int64) {
	for _, m := range more {
		at := slices.IndexFunc(queues, func(q models.WorkQueue) bool { return q.Kind == m.Kind && q.Category == m.Category })
		if at < 0 {
			continue
		}
		q := &queues[at]
		q.Count, q.Amount = q.Count+sign*m.Count, q.Amount+models.Cents(sign)*m.Amount
		q.Overdue, q.Mine = q.Overdue+sign*m.Overdue, q.Mine+sign*m.Mine
	}
}
