package api

import (
	"net/http"

	"medbill/billing"
	"medbill/fhir/intake"
	"medbill/models"
)

// closeTill answers $close-till with the close as it stands.
func (s *Server) closeTill(r run) error {
	sent, err := parameters(r.Context)
	if err != nil {
		return err
	}
	count, err := intake.CloseTill(sent)
	if err != nil {
		return err
	}
	done, err := s.Office.CloseTill(r.ctx(), r.who, r.call, billing.TillCount(count))
	if err != nil {
		return atParameters(err, r.row, sent)
	}
	markRehearsal(r.Context, done.Rehearsal != nil)
	list := parameterList{}
	list.parts("close", closeParts(done.Result))
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// till answers $till with the closes of a till, the latest first.
func (s *Server) till(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	from, err := askedDay(asked["from"])
	if err != nil {
		return err
	}
	until, err := askedDay(asked["until"])
	if err != nil {
		return err
	}
	closes, err := s.Office.TillCloses(r.ctx(), r.who, asked["till"], models.Span{From: from, Until: until})
	if err != nil {
		return err
	}
	list := parameterList{}
	for _, c := range closes {
		list.parts("close", closeParts(c))
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

func closeParts(c models.TillClose) parameterList {
	part, difference := parameterList{}, c.Difference()
	part.text("till", c.Till)
	part.date("day", c.Day)
	part.parts("expected", byMethod(models.PaymentCash, c.ExpectedCash))
	part.parts("expected", byMethod(models.PaymentCheck, c.ExpectedChecks))
	part.parts("expected", byMethod(models.PaymentOther, c.ExpectedOther))
	part.parts("counted", byMethod(models.PaymentCash, c.Cash))
	part.parts("counted", byMethod(models.PaymentCheck, c.Checks))
	part.parts("counted", byMethod(models.PaymentOther, c.Other))
	part.money("difference", &difference)
	part.text("who", c.Who)
	return part
}

func byMethod(method models.PaymentMethod, amount models.Cents) parameterList {
	part := parameterList{}
	part.code("method", string(method))
	part.money("amount", &amount)
	return part
}
