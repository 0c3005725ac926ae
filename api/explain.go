package api

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"medbill/billing"
	"medbill/fhir"
	"medbill/models"
	"medbill/models/fault"
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
	if of.ID != "" {
		l.add(operationParameter{Name: name, ValueReference: fhir.To(of.Type, of.ID)})
	}
}

// explain answers [type]/[id]/$explain with the postings behind what the record shows, and their sums.
func (s *Server) explain(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	q := billing.Question{Subject: r.ref, Account: models.LedgerAccount(asked["account"])}
	if text := asked["line"]; text != "" {
		if q.Line, err = strconv.Atoi(text); err != nil || q.Line < 1 {
			return fault.At(fault.Invalid, "value", "line", "The line is the sequence of one, a whole number from 1.")
		}
	}
	explained, err := s.Office.Explain(r.ctx(), r.who, q)
	if err != nil {
		return err
	}
	list, sums := parameterList{}, models.Balances{}
	for _, e := range explained {
		sums[e.Account] += e.Amount
	}
	for _, account := range slices.Sorted(maps.Keys(sums)) {
		part, amount := parameterList{}, sums[account]
		part.text("account", string(account))
		part.money("amount", &amount)
		list.parts("balance", part)
	}
	for _, e := range explained {
		list.parts("posting", postingOf(e))
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

func postingOf(e models.Explained) parameterList {
	part := parameterList{}
	part.text("entry", string(e.Entry))
	part.code("kind", string(e.Kind))
	part.date("day", e.Day)
	part.text("account", string(e.Account))
	part.money("amount", &e.Amount)
	part.text("cause", string(e.Cause))
	part.text("reverses", string(e.Reverses))
	if e.ChargeID != "" {
		part.record("charge", models.Ref{Type: "ChargeItem", ID: string(e.ChargeID)})
	}
	part.record("from", e.From)
	part.text("path", e.Path)
	return part
}
