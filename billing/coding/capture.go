package coding

import (
	"cmp"

	"medbill/billing/desk"
	"medbill/billing/rules/casework"
	"medbill/billing/rules/charge"
	"medbill/billing/rules/ledger"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// Capture brings the charges of a case up to what its chart says, and gives the case as it stands then, with what holds its
// claims back, "" for nothing. A case whose claim or invoice went out keeps its charges: what differs becomes work. Whoever
// calls it holds the lock of the case and saves what it gives.
func Capture(s *desk.Sheet, c models.Case) (_ models.Case, hold string, _ error) {
	if c.ID.IsOpening() { // another system read its chart, and asked
		c.Due = models.StepNone
		return c, "", nil
	}
	if c.CodedBy == models.CodedByDraft {
		return captureDraft(s, c)
	}
	h, err := readChart(s, c)
	if err != nil {
		return c, "", err
	}
	switch {
	case h.isFollowed():
		return h.follow(s)
	case h.isAsked():
		c.Due = models.StepNone
		return c, "", h.compare(s)
	}
	return h.settle(s)
}

// settle decides what becomes of a case that nobody was asked for yet, and does it to its charges.
func (h *chart) settle(s *desk.Sheet) (models.Case, string, error) {
	facts, err := h.facts(s)
	if err != nil {
		return h.kase, "", err
	}
	decision := casework.Decide(facts)
	c := h.kase
	c.State, c.Reason, c.Due, c.DueAt = cmp.Or(decision.State, models.CaseNew), decision.Reason, decision.Due, max(decision.DueAt, s.Now())
	var wanted []models.Charge
	switch {
	case decision.Plan, decision.Post, c.CodedBy == models.CodedByCoder:
		wanted = h.charges // a coder's word waits with its case, even where that bills nothing for now
		if err := books.SaveDiagnoses(s.Tx, c.ID, h.coded.Diagnoses); err != nil {
			return c, "", err
		}
		c.CodedBy, c.Stay = cmp.Or(c.CodedBy, models.CodedByEHR), h.coded.Stay
	default:
		c.CodedBy, c.Chart, c.Stay = models.CodedByNobody, "", models.Stay{}
	}
	if err := h.takeBackInvoices(s); err != nil {
		return c, "", err
	}
	if c.State == models.CaseVoided || c.State == models.CaseNotOurs { // nothing goes out that somebody could wait with
		if err := s.Done(c.ID, func(w models.WorkItem) bool { return w.Kind.Facts().Holds != "" }); err != nil {
			return c, "", err
		}
	}
	plan := charge.Replan(h.existing, wanted, decision.Post, h.said, func() models.ChargeID { return models.ChargeID(s.NewID()) })
	hold := ""
	if len(decision.Work) > 0 {
		hold = decision.Work[0].Reason
	}
	if err := apply(s, c, plan, decision); err != nil {
		return c, "", err
	}
	return c, hold, h.wakeTwins(s, c.State)
}

// apply writes a plan of charges and the work that came of the decision.
func apply(s *desk.Sheet, c models.Case, plan charge.Plan, decision casework.Decision) error {
	entries, err := entriesOf(s, c, plan)
	if err != nil {
		return err
	}
	if err := books.SaveCharges(s.Tx, plan.Save...); err != nil {
		return err
	}
	if len(plan.Post) > 0 {
		if _, err := books.OpenAccount(s.Tx, c.PatientID); err != nil {
			return err
		}
	}
	if err := s.Post(entries...); err != nil {
		return err
	}
	return s.Work(c, models.OwnerPlan, casework.Items(c, decision.Work)...)
}

// entriesOf gives what a plan does to the journal.
func entriesOf(s *desk.Sheet, c models.Case, plan charge.Plan) ([]models.Entry, error) {
	entries, err := reversals(s, plan.Reverse...)
	if err != nil {
		return nil, err
	}
	for _, one := range plan.Post {
		if entry, moves := ledger.Charged(c, one, s.Today()); moves {
			entries = append(entries, entry)
		}
	}
	return entries, nil
}

// reversals gives what takes charges out of the books again; those of 0.00 moved nothing.
func reversals(s *desk.Sheet, charges ...models.Charge) ([]models.Entry, error) {
	if len(charges) == 0 {
		return nil, nil
	}
	causes := make([]models.Cause, len(charges))
	for i, c := range charges {
		causes[i] = models.CauseOfCharge(c.ID, c.Posting)
	}
	posted, err := journal.EntriesByCause(s.View, causes)
	entries := make([]models.Entry, len(posted))
	for i, e := range posted {
		entries[i] = ledger.Reverse(e, s.Today())
	}
	return entries, err
}
