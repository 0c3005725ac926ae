package books

import (
	"slices"
	"time"

	"medbill/internal/store"
	"medbill/models"
)

// What is due stands in the cases. Who does a step takes it by the lock of its case, in the transaction in which it is done: with
// that it ends, however it ends, and a worker that was killed leaves nothing behind that would have to be found and freed.

// Taken is a case whose step a transaction has taken, and how often the step failed before.
type Taken struct {
	ID    models.CaseID
	Tries int
}

// What leads to the steps that are to be done now, of cases c: those that failed wait for their next try.
const (
	tried    = " LEFT JOIN step_tries t ON t.tenant_id = c.tenant_id AND t.case_id = c.id AND t.due_at = c.due_at"
	isDueNow = " c.due <> '' AND c.due_at <= ? AND (t.next_at IS NULL OR t.next_at <= ?)"
	dueFirst = " ORDER BY c.due_at, c.id LIMIT 1"
)

// TakeDue takes the step of the tenant that is due for the longest time, its case locked as by Lock, and its patient where that
// was ever locked; false where none is due that nobody else has taken.
func TakeDue(tx *store.Tx) (Taken, bool, error) {
	if tx.IsEmbedded() {
		return take(tx, "SELECT c.id, coalesce(t.tries, 0), c.id FROM cases c"+tried+" WHERE c.tenant_id = ? AND"+isDueNow+dueFirst,
			tx.Tenant(), tx.Now(), tx.Now())
	}
	next, found, err := take(tx, "UPDATE case_locks SET taken = ? FROM ("+
		"SELECT l.subject, 'Patient/' || c.patient_id AS patient, coalesce(t.tries, 0) AS tries FROM cases c JOIN case_locks l ON l.tenant_id = c.tenant_id AND l.subject = c.id"+tried+
		" WHERE c.tenant_id = ? AND"+isDueNow+dueFirst+" FOR UPDATE OF l SKIP LOCKED) AS next"+
		" WHERE case_locks.tenant_id = ? AND case_locks.subject IN (next.subject, next.patient) RETURNING next.subject, next.tries, case_locks.subject",
		tx.Now(), tx.Tenant(), tx.Now(), tx.Now(), tx.Tenant())
	if err != nil || found {
		return next, found, err
	}
	return Taken{}, false, lockable(tx)
}

const lockableMax = 1000 // cases

// lockable makes the lock rows of cases that are due and were never locked, and has those who work look again.
func lockable(tx *store.Tx) error {
	made, err := tx.Exec("INSERT INTO case_locks (tenant_id, subject, taken) SELECT c.tenant_id, c.id, 0 FROM cases c WHERE c.tenant_id = ?"+
		" AND c.due <> '' AND c.due_at <= ? AND NOT EXISTS (SELECT 1 FROM case_locks l WHERE l.tenant_id = c.tenant_id AND l.subject = c.id)"+
		" ORDER BY c.due_at LIMIT ? ON CONFLICT (tenant_id, subject) DO NOTHING", tx.Tenant(), tx.Now(), lockableMax)
	if made > 0 {
		tx.Wake()
	}
	return err
}

func take(tx *store.Tx, query string, args ...any) (next Taken, found bool, err error) {
	err = tx.Rows(func(row store.Row) error {
		var locked string
		if err := row.Scan(&next.ID, &next.Tries, &locked); err != nil {
			return err
		}
		found = true
		hold(tx, locked)
		tx.Meets(caseLock, locked)
		return nil
	}, query, args...)
	return next, found, err
}

// tenantsDueMax bounds how many steps are looked at for whose they are.
const tenantsDueMax = 5000

// TenantsDue gives the tenants, of all, that have steps to be done now; of very many steps those that are due for the longest time.
func TenantsDue(v *store.View, now models.Instant) ([]models.TenantID, error) {
	tenants, err := store.Column[models.TenantID](v, "SELECT c.tenant_id FROM cases c"+tried+" WHERE"+isDueNow+" ORDER BY c.due_at LIMIT ?", now, now, tenantsDueMax)
	slices.Sort(tenants)
	return slices.Compact(tenants), err
}

// NoteTry remembers that the step of a case failed that is due, says how often it did, and has it wait for what wait gives of that.
func NoteTry(tx *store.Tx, c models.Case, wait func(tries int) time.Duration) (tries int, err error) {
	before, err := store.Column[int](tx.View, "SELECT tries FROM step_tries WHERE tenant_id = ? AND case_id = ? AND due_at = ?", tx.Tenant(), c.ID, c.DueAt)
	if err != nil {
		return 0, err
	}
	tries = 1
	if len(before) > 0 {
		tries += before[0]
	}
	return tries, tx.Write("INSERT INTO step_tries (tenant_id, case_id, due_at, tries, next_at) VALUES (?, ?, ?, ?, ?)"+
		" ON CONFLICT (tenant_id, case_id) DO UPDATE SET due_at = excluded.due_at, tries = excluded.tries, next_at = excluded.next_at",
		tx.Tenant(), c.ID, c.DueAt, tries, tx.Now()+models.Instant(wait(tries).Microseconds()))
}

// ForgetTries forgets how often the step of a case failed.
func ForgetTries(tx *store.Tx, id models.CaseID) error {
	return tx.Write("DELETE FROM step_tries WHERE tenant_id = ? AND case_id = ?", tx.Tenant(), id)
}

// DuePlans makes a plan due, now, of every case that nobody was asked to pay yet, and with notOurs of those that were not ours; those
// who work are told.
func DuePlans(tx *store.Tx, notOurs bool) error {
	states := "state IN ('new', 'waiting', 'held', 'ready')"
	if notOurs {
		states = "state IN ('new', 'waiting', 'held', 'ready', 'not-ours')"
	}
	tx.Wake()
	return tx.Write("UPDATE cases SET due = ?, due_at = ?, updated = ? WHERE tenant_id = ? AND "+states, models.StepPlan, tx.Now(), tx.Now(), tx.Tenant())
}

// CountDueEverywhere counts the cases of all tenants whose step is due since before.
func CountDueEverywhere(v *store.View, before models.Instant) (int64, error) {
	counts, err := store.Column[int64](v, "SELECT count(*) FROM cases WHERE due <> '' AND due_at < ?", before)
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}

// DueCases gives at most count cases of the tenant whose step is due since before.
func DueCases(v *store.View, before models.Instant, count int) ([]models.Case, error) {
	return store.Some[models.Case](v, count, "due_at, id", "due <> '' AND due_at < ?", before)
}

// FailedCases gives at most count cases whose step failed for good and was not asked for again.
func FailedCases(v *store.View, count int) ([]models.Case, error) {
	return store.Some[models.Case](v, count, "id", "due = '' AND "+v.Within("id", "SELECT case_id FROM work_items WHERE tenant_id = ? AND kind = ? AND "+isOpen),
		v.Tenant(), models.WorkStep)
}

// CountFailedEverywhere counts the steps of all tenants that failed for good, whatever came of them.
func CountFailedEverywhere(v *store.View) (int64, error) {
	counts, err := store.Column[int64](v, "SELECT count(*) FROM work_items WHERE kind = '"+string(models.WorkStep)+"'")
	if err != nil {
		return 0, err
	}
	return counts[0], nil
}
