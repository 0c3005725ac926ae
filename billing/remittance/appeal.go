package remittance

import (
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/internal/payers"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// receiptDays is after how many days an answer counts as received, from when a payer's limit for appeals runs. 42 CFR 405.942(a)(1).
const receiptDays = 5

// Appeal keeps that what an answer refuses is appealed: the payer's turn, until it judges again or a person decides what it let stand. It refuses (Conflict) what WriteOff does, and
// (Conflict, denial.appeal) reasons that nobody may appeal. An appeal after the payer's deadline is kept, and says so.
func Appeal(s *desk.Sheet, w models.WorkItem) error {
	d, err := readDispute(s, w)
	if err != nil {
		return err
	}
	if !isAppealable(d.answer) {
		return fault.At(fault.Conflict, "denial.appeal", "decision", "None of the reasons for which the payer refuses can be appealed; the item lists what else can be decided.")
	}
	item := models.WorkItem{
		Kind: models.WorkAppeal, CaseID: w.CaseID, PatientID: w.PatientID, Subject: w.Subject, Category: w.Category, Reasons: w.Reasons,
		Reason: "What the payer refuses is appealed; its answer is awaited.",
	}
	level := 1
	for _, r := range w.Reasons {
		if r.Code == models.CodeAppealed {
			level++
		}
	}
	text := fmt.Sprintf("Level %d, sent on %s.", level, s.Today())
	deadline, isKnown, err := deadlineOf(s, d.answer)
	if err != nil {
		return err
	}
	if isKnown && s.Today() > deadline {
		text = fmt.Sprintf("Level %d, sent on %s, after the deadline of %s.", level, s.Today(), deadline)
	}
	item.Reasons = append(slices.Clone(item.Reasons), models.WorkReason{Code: models.CodeAppealed, Text: text})
	return s.Item(true, item)
}

// isAppealable reports whether a reason for which an answer refuses may be appealed.
func isAppealable(a models.Answer) bool {
	return !a.IsUnprocessed() && slices.ContainsFunc(adjudication.NeedsReview(a), func(one models.Adjustment) bool { return adjudication.RowIn(a, one).Appealable })
}

// deadlineOf gives the last day on which an answer may be appealed; false where nobody knows it.
func deadlineOf(s *desk.Sheet, a models.Answer) (models.Date, bool, error) {
	book, err := s.PayerBook()
	if err != nil || a.Effective == "" {
		return "", false, err
	}
	fact, known := book.Fact(a.PayerID, models.AppealLimit, "", a.Effective)
	if !known {
		return "", false, nil
	}
	term, ok := payers.TermOf(fact.Value)
	return term.After(a.Effective.AddDays(receiptDays)), ok, nil
}

// isDecided closes the appeals of what an answer judges anew, with what came of them: what was refused before against what is refused now.
func (p poster) isDecided(a models.Answer) error {
	open, err := books.OpenWork(p.View, p.kase.ID)
	if err != nil {
		return err
	}
	for _, w := range open {
		if w.Kind != models.WorkAppeal {
			continue
		}
		appealed, known, err := books.Answer(p.View, models.AnswerID(w.Subject.ID))
		if err != nil {
			return err
		}
		if !known || appealed.Reversed == "" || appealed.ClaimID != a.ClaimID {
			continue
		}
		if err := p.Close(w, "The payer decided: "+outcome(refused(appealed), refused(a))+"."); err != nil {
			return err
		}
	}
	return nil
}

// refused is what an answer takes off that waits for a person.
func refused(a models.Answer) (sum models.Cents) {
	for _, one := range adjudication.NeedsReview(a) {
		sum += one.Amount
	}
	return sum
}

// outcome says what came of an appeal, in the words of https://www.cms.gov/medicare/appeals-grievances.
func outcome(before, now models.Cents) string {
	switch {
	case now <= 0:
		return "overturned"
	case now < before:
		return "partially overturned"
	}
	return "upheld"
}
