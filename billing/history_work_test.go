package billing_test

import (
	"context"
	"slices"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// isWorked holds the law of work on a case: what waits for a person has one open item, every open item has its cause, and what is
// at stake is what the case and the books say.
func (w ward) isWorked(c told) {
	w.t.Helper()
	open := map[models.WorkKind]map[models.Ref]models.WorkItem{}
	for _, item := range c.work {
		if open[item.Kind] == nil {
			open[item.Kind] = map[models.Ref]models.WorkItem{}
		}
		if _, twice := open[item.Kind][item.Subject]; twice {
			w.t.Errorf("%s has %s about %s twice", c.ID, item.Kind, item.Subject)
		}
		open[item.Kind][item.Subject] = item
		if facts := item.Kind.Facts(); item.Role != facts.Role || item.Priority != facts.Priority || item.Due == "" || item.PatientID == "" || item.Reason == "" || item.Version == 0 {
			w.t.Errorf("%s leaves something out: %+v", c.ID, item)
		}
		if !c.causes(item) {
			w.t.Errorf("%s has %s about %s and no cause for it:\n%+v", c.ID, item.Kind, item.Subject, c.turnLines())
		}
	}
	isHeld := slices.ContainsFunc(c.work, func(i models.WorkItem) bool { return i.Kind.Facts().Owner == models.OwnerPlan })
	for _, claim := range c.claims {
		ref := models.Ref{Type: "Claim", ID: string(claim.ID)}
		_, isCorrected := open[models.WorkClaim][ref]
		_, isTurnedAway := open[models.WorkRejected][ref]
		if claim.State == models.ClaimHeld && !isCorrected && !isHeld || claim.State == models.ClaimRejected && !isTurnedAway {
			w.t.Errorf("%s has a claim that is %s, and no work says so:\n%+v", c.ID, claim.State, c.turnLines())
		}
	}
	for _, a := range c.answers {
		ref := models.Ref{Type: "ClaimResponse", ID: string(a.ID)}
		if _, isReviewed := open[models.WorkAnswer][ref]; (a.Review && a.Reversed == "" || !a.Posted && a.Kind != models.AnswerAck) != isReviewed {
			w.t.Errorf("%s has the answer %s of kind %s, posted %v, to be reviewed %v, and work about it: %v", c.ID, a.ID, a.Kind, a.Posted, a.Review, isReviewed)
		}
	}
	w.isAtStake(c)
	w.isToldInOrder(c)
}

// causes reports whether there is what an item was opened for, as far as that is not the plan's own word, which the comparison with a
// tenant that was told the end only holds.
func (t told) causes(item models.WorkItem) bool {
	claim := slices.IndexFunc(t.claims, func(c models.Claim) bool { return string(c.ID) == item.Subject.ID })
	switch item.Kind {
	case models.WorkClaim:
		return claim >= 0 && t.claims[claim].State == models.ClaimHeld
	case models.WorkRejected:
		return claim >= 0 && t.claims[claim].State.Facts().Editable
	case models.WorkNextPayer:
		return claim >= 0 && t.claims[claim].State == models.ClaimAdjudicated
	case models.WorkAnswer, models.WorkHardship, models.WorkOverpayment, models.WorkPassedOn:
		return slices.ContainsFunc(t.answers, func(a models.Answer) bool { return string(a.ID) == item.Subject.ID })
	case models.WorkCharge:
		return slices.ContainsFunc(t.charges, func(c models.Charge) bool { return string(c.ID) == item.Subject.ID && c.State.Facts().Waits })
	case models.WorkStep:
		return t.State == models.CaseHeld
	}
	return item.Subject == t.ID.Origin()
}

// isAtStake: what waits with payers adds up to what they owe of the claims, each counted once, and what waits with the patient to what
// the patient owes.
func (w ward) isAtStake(c told) {
	w.t.Helper()
	owed, ofPatient, waits := map[models.ClaimID]models.Cents{}, models.Cents(0), false
	for _, item := range c.work {
		switch item.Kind.Facts().Stake {
		case models.StakeInsurance:
			owed[item.ClaimID] += item.Amount
		case models.StakePatient:
			ofPatient, waits = ofPatient+item.Amount, true
		}
	}
	if waits && ofPatient != c.books[models.AccountARPatient] {
		w.t.Errorf("%s has work over %s of the patient, who owes %s", c.ID, ofPatient, c.books[models.AccountARPatient])
	}
	w.view(func(v *store.View) error {
		for id, amount := range owed {
			byClaim, err := journal.PostingsByClaim(v, []models.ClaimID{id})
			if err != nil {
				return err
			}
			open := models.Cents(0)
			for _, p := range byClaim[id] {
				if p.Account == models.AccountARInsurance {
					open += p.Amount
				}
			}
			if amount != open {
				w.t.Errorf("%s has work over %s of claim %s, of which the payer owes %s", c.ID, amount, id, open)
			}
		}
		return nil
	})
}

// isToldInOrder: the history of an open item has a row for each of its versions, the first of which opened it.
func (w ward) isToldInOrder(c told) {
	w.t.Helper()
	ids := make([]models.WorkItemID, len(c.work))
	for i, item := range c.work {
		ids[i] = item.ID
	}
	w.view(func(v *store.View) error {
		events, err := books.WorkEvents(v, ids)
		for _, item := range c.work {
			told := events[item.ID]
			if len(told) != item.Version || told[0].Action != models.WorkOpened || told[len(told)-1].Sequence != item.Version {
				w.t.Errorf("the %d versions of %s are told as %+v", item.Version, item.Kind, told)
			}
		}
		return err
	})
}

// recheckAll has a person look again at everything that is open: it is closed where its cause is gone, and else nothing is done.
func (w ward) recheckAll() {
	w.t.Helper()
	for _, c := range w.cases() {
		for _, item := range c.work {
			_, err := w.office.DecideWork(context.Background(), w.admin(), billing.Call{}, item.ID, billing.Verdict{Decision: models.DecideRecheck})
			if err != nil && !fault.Is(err, fault.Conflict) {
				w.t.Errorf("looking again at %s of %s: %v", item.Kind, c.ID, err)
			}
		}
	}
}
