package desk

import (
	"cmp"
	"reflect"
	"slices"

	"medbill/billing/rules/casework"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// Work brings the open items that an owner has on a case up to what is wanted: what is not named any more is closed, as done. What a
// person decided to leave is not opened again for the same cause.
func (s *Sheet) Work(c models.Case, owner models.WorkOwner, wanted ...models.WorkItem) error {
	wanted, err := s.unleft(c.ID, wanted)
	if err != nil {
		return err
	}
	err = s.Done(c.ID, func(item models.WorkItem) bool {
		return item.Kind.Facts().Owner == owner && !slices.ContainsFunc(wanted, item.IsSame)
	})
	if err != nil || len(wanted) == 0 {
		return err
	}
	open, err := books.OpenWork(s.View, c.ID)
	if err != nil {
		return err
	}
	for i, w := range wanted {
		w.CaseID = c.ID
		if at := slices.IndexFunc(open, w.IsSame); at >= 0 {
			w = open[at].Restated(w)
		}
		wanted[i] = w
	}
	return s.put(c, open, wanted)
}

// unleft gives those of wanted that no person decided to leave.
func (s *Sheet) unleft(id models.CaseID, wanted []models.WorkItem) ([]models.WorkItem, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	left, err := books.LeftWork(s.View, id)
	return slices.DeleteFunc(slices.Clone(wanted), func(w models.WorkItem) bool {
		return slices.ContainsFunc(left, func(l models.WorkItem) bool { return l.IsSame(w) && l.Cause == w.Cause })
	}), err
}

// put writes those of items that are new or say something else than those that are open on the case.
func (s *Sheet) put(c models.Case, open, items []models.WorkItem) error {
	others := slices.DeleteFunc(slices.Clone(open), func(o models.WorkItem) bool { return slices.ContainsFunc(items, o.IsSame) })
	all := slices.Concat(others, items)
	slices.SortStableFunc(all, func(a, b models.WorkItem) int { // what is new is the youngest
		if (a.ID == "") != (b.ID == "") {
			return cmp.Compare(b.ID, a.ID)
		}
		return cmp.Compare(a.ID, b.ID)
	})
	weighed, err := s.weigh(c, all)
	if err != nil {
		return err
	}
	for _, w := range weighed {
		at := slices.IndexFunc(open, w.IsSame)
		action, before := models.WorkChanged, models.WorkItem{}
		if at >= 0 {
			before = open[at]
		}
		switch {
		case at < 0:
			facts := w.Kind.Facts()
			w.Status, w.Role, w.Priority, w.Due = models.WorkRequested, cmp.Or(w.Role, facts.Role), facts.Priority, cmp.Or(w.Due, facts.Due(s.Today(), c.ServiceDate))
			action = models.WorkOpened
		case reflect.DeepEqual(w, before):
			continue
		}
		if _, err := books.SaveWork(s.Tx, before, w, action, w.Reason); err != nil {
			return err
		}
	}
	return nil
}

// weigh gives items of a case with whom they are about and what is at stake in them.
func (s *Sheet) weigh(c models.Case, items []models.WorkItem) ([]models.WorkItem, error) {
	of := casework.Stakes{Case: c}
	var err error
	if c.ID == "" {
		of.Charges, err = s.chargesOf(items)
		return of.Weigh(items), err
	}
	if of.Charges, err = books.Charges(s.View, c.ID); err != nil {
		return nil, err
	}
	if of.Claims, err = books.ClaimsOfCase(s.View, c.ID); err != nil {
		return nil, err
	}
	if of.Answers, err = books.AnswersOfCase(s.View, c.ID); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(items, func(w models.WorkItem) bool { return casework.InBooks(w.Kind) }) {
		ids := make([]models.ChargeID, len(of.Charges))
		for i, one := range of.Charges {
			ids[i] = one.ID
		}
		if of.Postings, err = journal.PostingsOfCharges(s.View, ids); err != nil {
			return nil, err
		}
	}
	return of.Weigh(items), nil
}

// chargesOf gives the charges that items are about.
func (s *Sheet) chargesOf(items []models.WorkItem) ([]models.Charge, error) {
	var ids []models.ChargeID
	for _, w := range items {
		if w.Subject.Type == "ChargeItem" {
			ids = append(ids, models.ChargeID(w.Subject.ID))
		}
	}
	return books.ChargesByID(s.View, ids)
}

// OwedByPayer gives what the payer of a claim still owes of it by the books.
func (s *Sheet) OwedByPayer(id models.CaseID, claim models.ClaimID) (models.Cents, error) {
	subject := models.WorkItem{Kind: models.WorkAnswer, Subject: models.Ref{Type: "Claim", ID: string(claim)}}
	weighed, err := s.weigh(models.Case{ID: id}, []models.WorkItem{subject})
	if err != nil {
		return 0, err
	}
	return weighed[0].Amount, nil
}

// Weigh brings what is at stake in the open items of a case up to what the case and the books say now.
func (s *Sheet) Weigh(c models.Case) error {
	open, err := books.OpenWork(s.View, c.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	return s.put(c, open, open)
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
		if err := s.Close(item, ""); err != nil {
			return err
		}
	}
	return nil
}

// Close closes an open item for which nobody is needed any more; text is what its history says of that.
func (s *Sheet) Close(item models.WorkItem, text string) error {
	done := item
	done.Status = models.WorkCompleted
	_, err := books.SaveWork(s.Tx, item, done, models.WorkClosed, text)
	return err
}

// Item opens a work item beside those that are open, says of one that is open what there is to say now, or closes it.
func (s *Sheet) Item(wanted bool, w models.WorkItem) error {
	item, isOpen, err := books.OpenItem(s.View, w.Kind, w.Subject)
	switch {
	case err != nil, !isOpen && !wanted:
		return err
	case !wanted:
		return s.Close(item, "")
	}
	c, open, err := s.around(w.CaseID)
	if err != nil {
		return err
	}
	if isOpen {
		w = item.Restated(w)
		if !slices.ContainsFunc(open, w.IsSame) {
			open = append(open, item) // it was about another case, or none
		}
	}
	return s.put(c, open, []models.WorkItem{w})
}

// around gives a case with its open items; of what belongs to no case nothing stands beside it.
func (s *Sheet) around(id models.CaseID) (models.Case, []models.WorkItem, error) {
	if id == "" {
		return models.Case{}, nil, nil
	}
	c, _, err := books.Case(s.View, id)
	if err != nil {
		return c, nil, err
	}
	c.ID = id // also where it is not opened yet
	open, err := books.OpenWork(s.View, id)
	return c, open, err
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
