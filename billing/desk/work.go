package desk

import (
	"slices"

	"medbill/internal/store/books"
	"medbill/models"
)

// Work brings the open items that an owner has on a case up to what is wanted: what is not named any more is closed, as done.
func (s *Sheet) Work(c models.Case, owner models.WorkOwner, wanted ...models.WorkItem) error {
	open, err := books.OpenWork(s.View, c.ID)
	if err != nil {
		return err
	}
	err = s.Done(c.ID, func(item models.WorkItem) bool {
		wants := func(w models.WorkItem) bool { return w.Kind == item.Kind && w.Subject == item.Subject }
		return item.Kind.Facts().Owner == owner && !slices.ContainsFunc(wanted, wants)
	})
	if err != nil {
		return err
	}
	for _, w := range wanted {
		at := slices.IndexFunc(open, func(item models.WorkItem) bool { return w.Kind == item.Kind && w.Subject == item.Subject })
		if at >= 0 && open[at].Reason == w.Reason && open[at].PatientID == w.PatientID {
			continue
		}
		if at >= 0 {
			w.ID, w.Created = open[at].ID, open[at].Created
		}
		w.CaseID, w.Status = c.ID, models.WorkRequested
		if err := books.SaveWork(s.Tx, w); err != nil {
			return err
		}
	}
	return nil
}

// Done closes those open items of a case for which nobody is needed any more.
func (s *Sheet) Done(id models.CaseID, is func(models.WorkItem) bool) error {
	open, err := books.OpenWork(s.View, id)
	if err != nil {
		return err
	}
	for _, item := range open {
		if !is(item) {
			continue
		}
		item.Status = models.WorkCompleted
		if err := books.SaveWork(s.Tx, item); err != nil {
			return err
		}
	}
	return nil
}

// Due says that a step of a case is due now, and has those who work told; a plan bills too, so that one which is due stays. Whoever
// calls it holds the lock of the case.
func (s *Sheet) Due(c models.Case, step models.CaseStep) error {
	if c.Due == models.StepPlan {
		step = c.Due
	}
	if c.Due == step && c.DueAt <= s.Now() {
		return nil // somebody asked already and the worker has not come yet
	}
	c.Due, c.DueAt = step, s.Now()
	if err := books.SaveCase(s.Tx, c); err != nil {
		return err
	}
	s.Wake()
	return nil
}

// Item opens a work item that is about no case, or closes the one that is open for its kind and subject.
func (s *Sheet) Item(wanted bool, w models.WorkItem) error {
	item, open, err := books.OpenItem(s.View, w.Kind, w.Subject)
	switch {
	case err != nil, open && wanted && item.Reason == w.Reason, !open && !wanted:
		return err
	case open && wanted:
		item.Reason = w.Reason
		return books.SaveWork(s.Tx, item)
	case open:
		item.Status = models.WorkCompleted
		return books.SaveWork(s.Tx, item)
	}
	w.Status = models.WorkRequested
	return books.SaveWork(s.Tx, w)
}
