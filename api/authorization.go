package api

import (
	"net/http"

	"medbill/billing"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/turns"
	"medbill/models"
)

// authorize answers Claim/[id]/$authorize with the Claim as it stands then.
func (s *Server) authorize(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	done, err := s.Office.AuthorizeClaim(r.ctx(), r.who, r.call, models.ClaimID(r.ref.ID), billing.AuthorizationRequest{Number: asked["number"]})
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error { return s.writeStored(r.Context, r.ref) })
}

// notify answers ClaimResponse/$notify with the requests that were answered.
func (s *Server) notify(r run) error {
	notice, err := r.resource()
	if err != nil {
		return err
	}
	done, err := s.Office.TakeNotice(r.ctx(), r.who, r.call, notice)
	if err != nil {
		return err
	}
	return s.answer(r, done.Rehearsal, func() error {
		list := parameterList{}
		for _, id := range done.Result {
			list.record("request", models.Ref{Type: "Claim", ID: string(id)})
		}
		s.write(r.Context, http.StatusOK, list.encode())
		return nil
	})
}

// awaitingMax is how many wait for payers' answers at once; who comes then is told at once where the answer will be.
const awaitingMax = 256

// askCoverage answers CoverageEligibilityRequest/$submit with what the payer says, or where it does not in time with the question as it is kept.
func (s *Server) askCoverage(r run) error {
	question, err := r.resource()
	if err != nil {
		return err
	}
	call, err := callOf(r.Context)
	if err != nil {
		return err
	}
	outcome, err := s.Records.Under(call).Create(r.ctx(), r.who, r.ref.Type, question.Bytes(), "")
	if err != nil || call.DryRun {
		if err == nil {
			s.writeWritten(r.Context, outcome, true)
		}
		return err
	}
	response, id := "", outcome.Document.ID
	select {
	case s.awaiting <- struct{}{}:
		err = turns.Aside(r.ctx(), func() (err error) {
			defer func() { <-s.awaiting }()
			response, err = s.Office.AwaitEligibility(r.ctx(), r.who, models.CoverageCheckID(id))
			return err
		})
	default:
	}
	switch {
	case err != nil:
		return err
	case response == "":
		r.Header("Content-Location", s.Records.BaseURL()+"/"+versionPath(outcome.Document))
		s.write(r.Context, http.StatusAccepted, outcome.Document.Body)
		return nil
	}
	return s.writeStored(r.Context, models.Ref{Type: "CoverageEligibilityResponse", ID: response})
}

// resource reads the document that an operation takes as its body, or as its parameter.
func (r run) resource() (*fhir.Document, error) {
	d, err := document(r.Context)
	if err != nil {
		return nil, err
	}
	return intake.Held(d, r.row)
}
