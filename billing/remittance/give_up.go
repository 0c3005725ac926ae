package remittance

import (
	"fmt"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// WriteOff gives up what the payer still owes, by the books, of the lines that an answer judges. It refuses (BusinessRule,
// work.limit) more than most, and (Conflict, work.owed) a claim of which nothing is owed, or on which the payer paid too much.
func WriteOff(s *desk.Sheet, w models.WorkItem, most models.Cents) error {
	d, err := readDispute(s, w)
	if err != nil {
		return err
	}
	if d.sum > most {
		return fault.At(fault.BusinessRule, "work.limit", "decision", fmt.Sprintf("%s is more than you may write off of a claim, which is %s; a manager decides.", d.sum, most))
	}
	account := models.AccountAdministrative
	if len(adjudication.Denials(d.answer)) > 0 {
		account = models.AccountDenied
	}
	return d.post(models.EntryWriteOff, account)
}

// BillPatient moves what the payer of a claim refused to the patient. It refuses (Conflict, denial.patient) what a reason does not let the
// patient be asked for, and what WriteOff does.
func BillPatient(s *desk.Sheet, w models.WorkItem) error {
	d, err := readDispute(s, w)
	if err != nil {
		return err
	}
	if d.answer.Shielded {
		return fault.At(fault.Conflict, "denial.patient", "decision", "The payer says that the patient must not be asked; write it off, or release the work that says so first.")
	}
	for _, one := range adjudication.NeedsReview(d.answer) {
		row := adjudication.RowIn(d.answer, one)
		if row.Patient != adjudication.BillHeld && row.Patient != adjudication.BillYes {
			return fault.At(fault.Conflict, "denial.patient", "decision", fmt.Sprintf("The patient may not be asked for what the payer takes off by %s-%s; write it off, or have the payer correct it.", one.GroupCode, one.ReasonCode))
		}
	}
	return d.post(models.EntryTransfer, models.AccountARPatient)
}

// dispute is what an answer leaves open of the lines that it judges.
type dispute struct {
	*desk.Sheet
	kase   models.Case
	claim  models.Claim
	answer models.Answer
	open   map[models.ChargeID]models.Cents
	sum    models.Cents
}

func readDispute(s *desk.Sheet, w models.WorkItem) (dispute, error) {
	d := dispute{Sheet: s, open: map[models.ChargeID]models.Cents{}}
	var err error
	if d.answer, _, err = books.Answer(s.View, models.AnswerID(w.Subject.ID)); err != nil {
		return d, err
	}
	if d.claim, _, err = books.Claim(s.View, d.answer.ClaimID); err != nil {
		return d, err
	}
	if d.kase, _, err = books.Case(s.View, d.claim.CaseID); err != nil {
		return d, err
	}
	if !d.answer.Judges() {
		return d, fault.At(fault.Conflict, "work.owed", "decision", "The answer is not in the books, so nobody knows what it leaves open; have the payer correct it.")
	}
	if d.answer.Unplaced {
		return d, errUnplaced
	}
	ids := make([]models.ChargeID, len(d.answer.Lines)) // what others judge, or nobody yet, is not this answer's
	for i, l := range d.answer.Lines {
		ids[i] = l.ChargeID
	}
	postings, err := journal.PostingsOfCharges(s.View, ids)
	if err != nil {
		return d, err
	}
	for _, p := range postings {
		if p.Account == models.AccountARInsurance && p.PayerID == d.claim.InsurerID {
			d.open[p.ChargeID] += p.Amount
			d.sum += p.Amount
		}
	}
	for id, amount := range d.open {
		switch {
		case amount < 0:
			return d, fault.At(fault.Conflict, "work.owed", "decision", "The payer paid more of a line than it owed; that is not given up but given back.")
		case amount == 0:
			delete(d.open, id)
		}
	}
	if d.sum == 0 {
		return d, fault.At(fault.Conflict, "work.owed", "decision", "The payer owes nothing by the books of what the answer judges; accept the answer.")
	}
	return d, nil
}

func (d dispute) post(kind models.EntryKind, to models.LedgerAccount) error {
	n, err := nextDecision(d.Sheet, d.answer.ID)
	if err != nil {
		return err
	}
	cause := models.CauseOfDecision(d.answer.ID, n)
	entry, _ := ledger.Decided(kind, d.kase, d.claim, d.claim.InsurerID, cause, to, d.open, d.Today())
	return d.Post(entry)
}

// nextDecision gives which decision about an answer is made now. It refuses (Conflict) more than DecisionsMax.
func nextDecision(s *desk.Sheet, id models.AnswerID) (int, error) {
	_, n, err := decisions(s, id)
	if err == nil && n == models.DecisionsMax {
		err = fault.At(fault.Conflict, "work.undone", "decision", "This was decided and undone too often; have the payer correct its answer.")
	}
	return n + 1, err
}

// decisions gives the entries of what was decided about an answer and stands, and how many there ever were.
func decisions(s *desk.Sheet, id models.AnswerID) (standing []models.Entry, n int, err error) {
	all, err := journal.EntriesByCause(s.View, models.CausesOfDecisions(id))
	if err != nil || len(all) == 0 {
		return nil, 0, err
	}
	mirrors := make([]models.Cause, len(all))
	for i, e := range all {
		mirrors[i] = models.CauseOfReversal(e.ID)
	}
	undone, err := journal.EntriesByCause(s.View, mirrors)
	if err != nil {
		return nil, 0, err
	}
	standing = slices.DeleteFunc(slices.Clone(all), func(e models.Entry) bool {
		return slices.ContainsFunc(undone, func(mirror models.Entry) bool { return mirror.Reverses == e.ID })
	})
	return standing, len(all), nil
}

// isOf reports whether a decision posted an entry.
func isOf(d models.Decision) func(models.Entry) bool {
	asks := func(e models.Entry) bool {
		return slices.ContainsFunc(e.Postings, func(p models.Posting) bool { return p.Account == models.AccountARPatient && p.Amount > 0 })
	}
	return func(e models.Entry) bool {
		switch d {
		case models.DecideWriteOff:
			return e.Kind == models.EntryWriteOff
		case models.DecideBillPatient:
			return e.Kind == models.EntryTransfer && asks(e)
		default: // what is given back leaves others less
			return e.Kind == models.EntryTransfer && !asks(e)
		}
	}
}

// Undo takes back what was decided about an answer and stands, and gives how often something was decided about it. It refuses (Conflict, work.undone) where nothing of it stands, because the payer took its
// answer back, say.
func Undo(s *desk.Sheet, w models.WorkItem, d models.Decision) (int, error) {
	a, known, err := books.Answer(s.View, models.AnswerID(w.Subject.ID))
	if err != nil {
		return 0, err
	}
	standing, n, err := decisions(s, models.AnswerID(w.Subject.ID))
	if err != nil {
		return n, err
	}
	isIts := isOf(d)
	standing = slices.DeleteFunc(standing, func(e models.Entry) bool { return !isIts(e) })
	if !known || !a.Judges() || len(standing) == 0 {
		return n, fault.At(fault.Conflict, "work.undone", "decision", "Nothing of what was decided stands any more.")
	}
	for i, e := range standing {
		standing[i] = ledger.Reverse(e, s.Today())
	}
	return n, s.Post(standing...)
}
