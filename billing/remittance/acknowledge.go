package remittance

import (
	"strings"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/claim"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// status is what a claim status category comes to: how it moves the claim, and what a person has to do. X12 005010X214 and 005010X212, STC01-1.
type status struct {
	begins string
	event  claim.Event // "" moves nothing
	kind   models.WorkKind
	text   string
}

// statuses are read in this order: the first whose letters a category begins with.
var statuses = []status{
	{"A2", claim.Accept, "", ""},
	{"A5", claim.Accept, "", ""},
	{"A4", claim.Lose, models.WorkNoAnswer, "The payer does not find the claim; ask it, and have the claim sent again."},
	{"A3", claim.Reject, "", ""},
	{"A6", claim.Reject, "", ""},
	{"A7", claim.Reject, "", ""},
	{"A8", claim.Reject, "", ""},
	{"A", claim.Receive, "", ""},
	{"P", claim.Pend, "", ""},
	{"R", claim.AskFor, models.WorkInfo, "The payer asks for more about the claim before it judges it; send it what it asks for."},
	{"D", claim.Lose, models.WorkNoAnswer, "The payer does not find the claim; ask it, and have the claim sent again."},
	{"E", claim.Reject, "", ""},
	{"F", claim.Finalize, models.WorkNoAnswer, "The payer says that it is done with the claim, and its answer did not come; ask it for the answer."},
}

// categoryStatus is before the category of work about an acknowledgement; a judgement closes it.
const categoryStatus = "claim-status-"

// acknowledge moves the claim by an answer that judges nothing.
func (p poster) acknowledge(a models.Answer) error {
	said, err := p.said(a)
	if err != nil {
		return err
	}
	if err := books.SaveAnswer(p.Tx, a, p.claim); err != nil || said == (status{}) {
		return err
	}
	next := p.claim.State
	if said.event != "" {
		if next, err = claim.Next(next, said.event); err != nil {
			return err
		}
	}
	if err := p.MoveClaim(p.claim, next); err != nil {
		return err
	}
	if next.Facts().IsTurnedAway() {
		return p.turnedAway()
	}
	if said.text == "" {
		return nil
	}
	item := p.work(said.kind, said.text)
	item.Subject, item.Category = models.Ref{Type: "ClaimResponse", ID: string(a.ID)}, categoryStatus+a.Category
	if item.Kind == models.WorkNoAnswer {
		item.Subject = models.Ref{Type: "Claim", ID: string(p.claim.ID)}
	}
	return p.open(item)
}

// turnedAway has a claim mended that its payer did not take in, and gives the claim before it back its state. It refuses (Conflict) where the payer judged it.
func (p poster) turnedAway() error {
	answers, err := books.AnswersOfCase(p.View, p.kase.ID)
	if err == nil && len(judging(answers, p.claim.ID)) > 0 {
		err = errJudged
	}
	if err != nil {
		return err
	}
	if err := p.refused(); err != nil {
		return err
	}
	item := p.work(models.WorkRejected, "The payer turned the claim away; correct what its answer names and send it again.")
	item.Subject = models.Ref{Type: "Claim", ID: string(p.claim.ID)}
	if err := p.open(item); err != nil {
		return err
	}
	return p.Due(p.kase, models.StepPlan)
}

// said gives what an answer that judges nothing comes to. One about a claim that the payer passed on, or that only tells what would be paid,
// has to add up (BusinessRule) though nothing of it is posted.
func (p poster) said(a models.Answer) (status, error) {
	switch {
	case a.Outcome == models.OutcomeError && a.Category == "":
		return status{event: claim.RejectSyntax}, nil
	case a.Outcome == models.OutcomeError:
		return status{event: claim.Reject}, nil
	case a.Outcome != models.OutcomeQueued:
		said := status{}
		if a.Status == models.StatusForwarded {
			said.kind, said.text = models.WorkAnswer, "The payer says that the claim is not its own and passed it on; find out who answers it."
		}
		return said, fault.Of(fault.BusinessRule, adjudication.Check(p.claim, a))
	}
	for _, s := range statuses {
		switch {
		case a.Category == "" || !strings.HasPrefix(a.Category, s.begins):
			continue
		case s.event == claim.Reject:
			return s, fault.At(fault.BusinessRule, "answer.rejects", "ClaimResponse.outcome", "A claim status that turns the claim away comes with the outcome error, and with what is wrong.")
		case s.event == claim.Receive && p.claim.State != models.ClaimTransmitted && p.claim.State != models.ClaimLost:
			s.event = "" // it is said again
		}
		return s, nil
	}
	return status{event: claim.Receive}, nil
}

// isHeard closes the work about acknowledgements of the claim, which a payer judges now, and once all of it is judged about answers that misreported what
// payers before did.
func (p poster) isHeard(next models.ClaimState) error {
	return p.Done(p.kase.ID, func(w models.WorkItem) bool {
		isStatus := w.Kind == models.WorkAnswer || w.Kind == models.WorkInfo
		return isStatus && w.ClaimID == p.claim.ID && (strings.HasPrefix(w.Category, categoryStatus) || next == models.ClaimAdjudicated && w.Category == adjudication.CodeMisreported)
	})
}
