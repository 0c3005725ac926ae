package remittance

import (
	"strings"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/claim"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// status is what a claim status category comes to: how it moves the claim, and what a person has to see. X12 005010X214 and 005010X212, STC01-1.
type status struct {
	begins string
	event  claim.Event // "" moves nothing
	work   string
}

// statuses are read in this order: the first whose letters a category begins with.
var statuses = []status{
	{"A4", "", "The payer does not find the claim; ask it, and have the claim sent again."},
	{"A", claim.Receive, ""},
	{"P", claim.Pend, ""},
	{"R", claim.Pend, "The payer asks for more about the claim before it judges it; send it what it asks for."},
	{"D", "", "The payer does not find the claim; ask it, and have the claim sent again."},
	{"F", "", "The payer says that it is done with the claim, and its answer did not come; ask it for the answer."},
}

// categoryStatus is before the category of work about an acknowledgement; a judgement closes it.
const categoryStatus = "claim-status-"

// acknowledge moves the claim by an answer that judges nothing.
func (p poster) acknowledge(a models.Answer) error {
	said, err := p.said(a)
	if err != nil {
		return err
	}
	if err := books.SaveAnswer(p.Tx, a, p.claim); err != nil {
		return err
	}
	next := p.claim.State
	if said.event != "" {
		if next, err = claim.Next(next, said.event); err != nil {
			return err
		}
		if err := books.MoveClaim(p.Tx, p.claim, next); err != nil {
			return err
		}
		if err := p.isTurnedAway(next); err != nil {
			return err
		}
	}
	if said.work != "" {
		item := p.work(models.WorkAnswer, said.work)
		item.Subject, item.Category = models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, categoryStatus+a.Category
		return p.open(item)
	}
	if next != models.ClaimRejected {
		return nil
	}
	item := p.work(models.WorkRejected, "The payer turned the claim away; correct what its answer names and send it again.")
	item.Subject = models.Ref{Type: "Claim", ID: string(p.claim.ID)}
	if err := p.open(item); err != nil {
		return err
	}
	return p.Due(p.kase, models.StepPlan)
}

// isTurnedAway gives the claim before back its state where one is turned away that comes after it. It refuses (Conflict) to turn away what is judged.
func (p poster) isTurnedAway(next models.ClaimState) error {
	if next != models.ClaimRejected {
		return nil
	}
	answers, err := books.AnswersOfCase(p.View, p.kase.ID)
	if err == nil && len(judging(answers, p.claim.ID)) > 0 {
		err = errJudged
	}
	if err != nil {
		return err
	}
	return p.refused()
}

// said gives what an answer that judges nothing comes to. One about a claim that the payer passed on, or that only tells what would be paid,
// has to add up (BusinessRule) though nothing of it is posted.
func (p poster) said(a models.Answer) (status, error) {
	switch {
	case a.Outcome == models.OutcomeError:
		return status{event: claim.Reject}, nil
	case a.Outcome != models.OutcomeQueued:
		said := status{}
		if a.Status == models.StatusForwarded {
			said.work = "The payer says that the claim is not its own and passed it on; find out who answers it."
		}
		return said, fault.Of(fault.BusinessRule, adjudication.Check(p.claim, a))
	}
	for _, s := range statuses {
		if a.Category != "" && strings.HasPrefix(a.Category, s.begins) {
			if s.event == claim.Receive && p.claim.State != models.ClaimTransmitted {
				s.event = "" // it is said again
			}
			return s, nil
		}
	}
	return status{event: claim.Receive}, nil
}

// isHeard closes the work about acknowledgements of the claim, which a payer judges now, and once all of it is judged about answers that misreported what
// payers before did.
func (p poster) isHeard(next models.ClaimState) error {
	return p.Done(p.kase.ID, func(w models.WorkItem) bool {
		return w.Kind == models.WorkAnswer && w.ClaimID == p.claim.ID && (strings.HasPrefix(w.Category, categoryStatus) || next == models.ClaimAdjudicated && w.Category == adjudication.CodeMisreported)
	})
}
