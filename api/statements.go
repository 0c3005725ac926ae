package api

import (
	"maps"
	"net/http"
	"slices"

	"medbill/billing"
	"medbill/billing/rules/statement"
	"medbill/fhir/intake"
	"medbill/models"
)

// runStatements answers $run-statements with what was sent, and why others were not.
func (s *Server) runStatements(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.RunStatements(r.ctx(), r.who, r.call, nil)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, r.call.DryRun)
	list := parameterList{}
	list.date("day", done.Day)
	list.number("guarantors", done.Guarantors)
	list.number("sent", done.Sent)
	list.money("amount", &done.Amount)
	for _, skip := range statement.Skips() {
		if n := done.Skipped[skip]; n > 0 {
			list.parts("skipped", countOf("reason", string(skip), n))
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(done.Held)) {
		list.parts("held", countOf("kind", string(kind), done.Held[kind]))
	}
	list.number("broken", done.Broken)
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

func countOf(name, code string, n int) parameterList {
	part := parameterList{}
	part.code(name, code)
	part.number("count", n)
	return part
}

// statement answers Patient/[id]/$statement.
func (s *Server) statement(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	seen, err := s.Office.Statement(r.ctx(), r.who, models.PatientID(r.ref.ID))
	if err != nil {
		return err
	}
	list := parameterList{}
	list.record("guarantor", seen.Guarantor)
	list.money("due", &seen.Due)
	if seen.Sent.ID != "" {
		list.parts("sent", letterOf(seen.Sent))
	}
	if seen.Next.Skip == "" {
		list.parts("next", letterOf(seen.Next.Letter))
	} else {
		list.code("skipped", string(seen.Next.Skip))
	}
	for _, h := range seen.Holds {
		list.parts("hold", holdOf(h))
	}
	if seen.Plan.ID != "" {
		plan := planOf(seen.Plan)
		plan[0].ValueCode = string(seen.Standing.State)
		plan.money("paid", &seen.Standing.Paid)
		plan.money("due", &seen.Standing.Due)
		list.parts("plan", plan)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

func letterOf(l models.Statement) parameterList {
	part := parameterList{}
	part.text("id", string(l.ID))
	part.date("day", l.Day)
	part.code("step", string(l.Step))
	part.money("amount", &l.Amount)
	for _, one := range l.Lines {
		line := parameterList{}
		line.record("subject", one.Subject)
		line.record("patient", models.Ref{Type: "Patient", ID: string(one.PatientID)})
		if one.Part > 0 {
			line.number("part", one.Part)
		}
		line.date("day", one.Day)
		line.money("amount", &one.Amount)
		part.parts("line", line)
	}
	return part
}

func holdOf(h models.StatementHold) parameterList {
	part := parameterList{}
	part.code("kind", string(h.Kind))
	part.record("about", h.About)
	part.date("from", h.From)
	part.date("until", h.Until)
	return part
}

func planOf(p models.PaymentPlan) parameterList {
	part := parameterList{}
	part.code("state", string(p.State))
	part.money("amount", &p.Amount)
	for _, one := range p.Parts {
		piece := parameterList{}
		piece.date("day", one.Day)
		piece.money("amount", &one.Amount)
		part.parts("part", piece)
	}
	return part
}

// holdStatements answers Patient/[id]/$hold-statements with the hold.
func (s *Server) holdStatements(r run) error {
	return carryOut(s, r, r.reads(), func(asked map[string]string) (billing.Done[models.StatementHold], error) {
		return s.Office.HoldStatements(r.ctx(), r.who, r.call, billing.HoldRequest{
			PatientID: models.PatientID(r.ref.ID), Kind: models.HoldKind(asked["kind"]), Until: models.Date(asked["until"]), Reason: asked["reason"],
		})
	}, func(h models.StatementHold) error { return s.writePart(r, "hold", holdOf(h)) })
}

// writePart answers with one parameter that has parts.
func (s *Server) writePart(r run, name string, part parameterList) error {
	list := parameterList{}
	list.parts(name, part)
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// releaseStatements answers Patient/[id]/$release-statements with how many holds were lifted.
func (s *Server) releaseStatements(r run) error {
	sent, err := someParameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Asked(sent, r.row)
	if err != nil {
		return err
	}
	done, err := s.Office.ReleaseStatements(r.ctx(), r.who, r.call, models.PatientID(r.ref.ID), models.HoldKind(asked["kind"]))
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answer(r, done.Rehearsal, func() error {
		list := parameterList{}
		list.number("released", len(done.Result))
		s.write(r.Context, http.StatusOK, list.encode())
		return nil
	})
}

// paymentPlan answers Patient/[id]/$payment-plan with the plan.
func (s *Server) paymentPlan(r run) error {
	return carryOut(s, r, intake.PaymentPlan, func(asked intake.PlanRequest) (billing.Done[models.PaymentPlan], error) {
		return s.Office.MakePlan(r.ctx(), r.who, r.call, billing.PlanRequest{PatientID: models.PatientID(r.ref.ID), Amount: asked.Amount, Parts: asked.Parts, First: asked.First})
	}, func(p models.PaymentPlan) error { return s.writePart(r, "plan", planOf(p)) })
}

// endPaymentPlan answers Patient/[id]/$end-payment-plan with the plan.
func (s *Server) endPaymentPlan(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.EndPlan(r.ctx(), r.who, r.call, models.PatientID(r.ref.ID))
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writePart(r, "plan", planOf(done.Result)) })
}

// dispute answers Invoice/[id]/$dispute with the hold.
func (s *Server) dispute(r run) error {
	return carryOut(s, r, r.reads(), func(asked map[string]string) (billing.Done[models.StatementHold], error) {
		return s.Office.Dispute(r.ctx(), r.who, r.call, billing.DisputeRequest{InvoiceID: models.InvoiceID(r.ref.ID), Reason: asked["reason"], IsEstimate: asked["estimate"] == "true"})
	}, func(h models.StatementHold) error { return s.writePart(r, "hold", holdOf(h)) })
}
