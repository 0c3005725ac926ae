package api

import (
	"net/http"

	"medbill/billing/inquiry"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/models"
)

// estimateServices answers what a patient will owe of services that nobody did yet.
func (s *Server) estimateServices(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	asked, err := intake.Estimate(sent)
	if err != nil {
		return err
	}
	expected, err := s.Office.EstimateServices(r.ctx(), r.who, models.PatientID(r.ref.ID), asked)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	list := parameterList{}
	list.parts("estimate", estimateOf(expected))
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// estimate answers what the patient of a visit will owe.
func (s *Server) estimate(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	estimates, err := s.Office.Estimate(r.ctx(), r.who, models.VisitID(r.ref.ID))
	if err != nil {
		return err
	}
	list := parameterList{}
	for _, e := range estimates {
		list.parts("estimate", estimateOf(e))
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// goodFaithEstimate answers Patient/[id]/$good-faith-estimate with the Claim that it made, which who made it may not be able to read otherwise.
func (s *Server) goodFaithEstimate(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	plan, err := intake.GoodFaithEstimate(sent)
	if err != nil {
		return err
	}
	done, err := s.Office.MakeEstimate(r.ctx(), r.who, r.call, models.PatientID(r.ref.ID), plan)
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	return s.answer(r, done.Rehearsal, func() error {
		r.Header("Content-Location", s.Records.BaseURL()+"/Claim/"+string(done.Result.ID))
		s.write(r.Context, http.StatusOK, render.GoodFaithEstimate(done.Result))
		return nil
	})
}

// requestEstimate answers until when the front desk makes an estimate.
func (s *Server) requestEstimate(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	done, err := s.Office.AskForEstimate(r.ctx(), r.who, r.call, models.PatientID(r.ref.ID))
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error {
		list := parameterList{}
		list.date("due", done.Result)
		s.write(r.Context, http.StatusOK, list.encode())
		return nil
	})
}

func estimateOf(e inquiry.Estimate) parameterList {
	part := parameterList{}
	part.record("coverage", models.Ref{Type: "Coverage", ID: string(e.CoverageID)})
	part.record("response", models.Ref{Type: "CoverageEligibilityResponse", ID: e.ResponseID})
	part.date("checked", e.Checked)
	part.boolean("known", e.IsKnown)
	part.money("total", &e.Total)
	part.money("allowed", &e.Allowed)
	part.money("deductible", &e.Deductible)
	part.money("copay", &e.Copay)
	part.money("coinsurance", &e.Coinsurance)
	part.money("capped", &e.Capped)
	part.money("actual", e.Actual)
	for i, l := range e.Lines {
		line := parameterList{}
		line.number("sequence", l.Sequence)
		line.record("charge", models.Ref{Type: "ChargeItem", ID: string(e.Charges[i])})
		line.money("allowed", &l.Allowed)
		line.money("patient", &l.Patient)
		part.parts("line", line)
	}
	for _, step := range e.Steps {
		one := parameterList{}
		one.text("text", step.Text)
		one.money("amount", &step.Amount)
		part.parts("step", one)
	}
	return part
}
