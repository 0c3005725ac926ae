package api

import (
	"net/http"

	"medbill/fhir"
	"medbill/models"
)

// timeline answers Claim/[id]/$timeline with every state that the claim came to.
func (s *Server) timeline(r run) error {
	if _, err := r.inAddress(); err != nil {
		return err
	}
	moves, err := s.Office.Timeline(r.ctx(), r.who, models.ClaimID(r.ref.ID))
	if err != nil {
		return err
	}
	list := parameterList{}
	for _, m := range moves {
		part := parameterList{}
		part.code("state", string(m.State))
		part.add(operationParameter{Name: "at", ValueInstant: m.At.String()})
		part.text("by", m.By)
		part.record("from", m.From)
		list.parts("state", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// record adds a reference where there is one.
func (l *parameterList) record(name string, of models.Ref) {
	if of != (models.Ref{}) {
		l.add(operationParameter{Name: name, ValueReference: fhir.To(of.Type, of.ID)})
	}
}
