package api

import (
	"net/http"

	"medbill/fhir"
	"medbill/internal/contracts"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

// contracts answers $contracts with the contracts of the practice, and the rates of one.
func (s *Server) contracts(r run) error {
	asked, err := r.asked()
	if err != nil {
		return err
	}
	day, err := askedDay(asked["on"])
	if err != nil {
		return err
	}
	book, err := s.Office.Contracts(r.ctx(), r.who)
	if err != nil {
		return err
	}
	list := parameterList{}
	for _, c := range book.Data().Contracts {
		isNamed := asked["contract"] == string(c.ID)
		if asked["contract"] != "" && !isNamed || day != "" && !c.Span().Contains(day) {
			continue
		}
		terms, _ := book.Of(c.ID)
		part := contractParts(c, terms)
		if isNamed {
			for _, rate := range terms.On(day) {
				part.parts("rate", rateParts(rate))
			}
		}
		list.parts("entry", part)
	}
	if _, found := book.Of(models.ContractID(asked["contract"])); asked["contract"] != "" && !found {
		return fault.At(fault.NotFound, "not-found", "contract", "There is no such contract.")
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

func contractParts(c models.Contract, terms *contracts.Terms) parameterList {
	part := parameterList{}
	part.text("id", string(c.ID))
	part.reference("payer", c.PayerID)
	part.text("name", c.Name)
	part.date("from", c.From)
	part.date("until", c.Until)
	part.code("lesser", string(c.Lesser))
	part.code("policy", string(c.Policy))
	part.text("tolerance", c.Tolerance.String())
	part.text("tolerancePercent", models.Cents(c.ToleranceShare).String())
	part.number("disputeDays", c.DisputeDays)
	part.text("locality", c.Locality)
	part.date("scheduleDay", c.ScheduleDay)
	for _, one := range []struct {
		name  string
		value int64
	}{{"conversion", c.Conversion}, {"base", c.Base}} {
		if one.value != 0 {
			part.text(one.name, contracts.Decimal(one.value, 2))
		}
	}
	part.number("rates", terms.Rates())
	return part
}

func rateParts(r models.ContractRate) parameterList {
	part := parameterList{}
	part.number("line", r.Sequence)
	part.code("kind", string(r.Kind))
	part.text("code", r.Code)
	for _, m := range r.Modifiers {
		part.code("modifier", m)
	}
	if r.Place != "" {
		part.code("place", r.Place)
	}
	part.text("provider", r.Provider)
	part.text("value", contracts.Decimal(r.Value, 2))
	part.date("from", r.From)
	part.date("until", r.Until)
	return part
}

// loadContracts answers $load-contracts with the contracts of the file as they stand then.
func (s *Server) loadContracts(r run) error {
	content, err := r.askedCSV()
	if err != nil {
		return err
	}
	file, err := contracts.ReadCSV(content)
	if err != nil {
		return err
	}
	loaded, err := s.Office.LoadContracts(r.ctx(), r.who, r.call, file)
	if err != nil {
		return err
	}
	markRehearsal(r.Context, loaded.Rehearsal != nil)
	list := parameterList{}
	list.boolean("changed", loaded.Result.Changed)
	for _, c := range loaded.Result.Contracts {
		part := parameterList{}
		part.text("id", string(c.ID))
		part.text("name", c.Name)
		part.number("rates", c.Rates)
		list.parts("contract", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// expect answers Claim/[id]/$expect with what the payer is expected to allow, step by step.
func (s *Server) expect(r run) error {
	if err := noParameters(r.Context); err != nil {
		return err
	}
	expected, err := s.Office.Expect(r.ctx(), r.who, models.ClaimID(r.ref.ID))
	if err != nil {
		return err
	}
	list := parameterList{}
	list.boolean("known", expected.IsKnown)
	list.money("billed", &expected.Billed)
	if expected.IsKnown {
		list.money("allowed", &expected.Allowed)
	}
	for _, l := range expected.Lines {
		part := parameterList{}
		part.number("sequence", l.Sequence)
		part.text("contract", string(l.ContractID))
		part.money("billed", &l.Billed)
		if l.IsKnown {
			part.money("allowed", &l.Allowed)
		}
		part.boolean("ofClaim", l.OfClaim)
		for _, step := range l.Steps {
			one := parameterList{}
			one.text("text", step.Text)
			one.text("source", step.Source)
			one.money("amount", step.Amount)
			part.parts("step", one)
		}
		list.parts("line", part)
	}
	s.write(r.Context, http.StatusOK, list.encode())
	return nil
}

// money adds an amount where there is one.
func (l *parameterList) money(name string, amount *money.Cents) {
	if amount != nil {
		l.add(operationParameter{Name: name, ValueMoney: fhir.USD(*amount)})
	}
}
