package api

import (
	"strings"

	"medbill/billing"
	"medbill/billing/rules/charge"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
)

// takeWork answers Task/[id]/$take with the Task as it stands then.
func (s *Server) takeWork(r run) error {
	return work(s, r, intake.Take, func(minutes int) (billing.Done[models.WorkItem], error) {
		return s.Office.TakeWork(r.ctx(), r.who, r.call, models.WorkItemID(r.ref.ID), minutes)
	})
}

// snoozeWork answers Task/[id]/$snooze.
func (s *Server) snoozeWork(r run) error {
	return work(s, r, intake.Snooze, func(asked intake.WorkSnooze) (billing.Done[models.WorkItem], error) {
		return s.Office.SnoozeWork(r.ctx(), r.who, r.call, models.WorkItemID(r.ref.ID), asked.Until, asked.Reason)
	})
}

// decideWork answers Task/[id]/$decide.
func (s *Server) decideWork(r run) error {
	return work(s, r, intake.Verdict, func(asked intake.WorkVerdict) (billing.Done[models.WorkItem], error) {
		v := billing.Verdict{Decision: asked.Decision, Reason: asked.Reason, Coding: asked.Coding, Claim: asked.Claim, Documents: asked.Documents, Fee: asked.Fee}
		if asked.Fees != (intake.FeeLoad{}) {
			lines, err := charge.ReadCSV(strings.NewReader(asked.Fees.CSV))
			if err != nil {
				return billing.Done[models.WorkItem]{}, err
			}
			v.Fees = billing.FeeLoad{Name: asked.Fees.Name, PayerID: asked.Fees.PayerID, From: asked.Fees.From, Until: asked.Fees.Until, Lines: lines}
		}
		return s.Office.DecideWork(r.ctx(), r.who, r.call, models.WorkItemID(r.ref.ID), v)
	})
}

// work answers an operation on a Task; an empty body is one without parameters.
func work[Asked any](s *Server, r run, read func(*fhir.Document) (Asked, error), do func(Asked) (billing.Done[models.WorkItem], error)) error {
	sent, err := someParameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := read(sent)
	if err != nil {
		return err
	}
	done, err := do(asked)
	if err != nil {
		if v, is := any(asked).(intake.WorkVerdict); is {
			err = inParameters(err, sent, v.Coding)
		}
		return atParameters(err, r.row, sent)
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}
