package model

import (
	"medbill/internal/contracts"
	"medbill/models"
)

// What payers agreed to allow, and what that comes to.
type (
	// PayerContract is a contract with its rates.
	PayerContract struct{ terms *contracts.Terms }
	// ContractRate is one of its rates.
	ContractRate struct{ row models.ContractRate }
	// Expected is what a payer is expected to allow of a claim.
	Expected struct{ row models.Expected }
	// ExpectedLine is what it is expected to allow of a line.
	ExpectedLine struct{ row models.ExpectedLine }
	// PriceStep is one step of how an amount comes about.
	PriceStep struct{ row models.PriceStep }
)

// ContractsOf shows the contracts of a practice.
func ContractsOf(book *contracts.Book) []PayerContract {
	list := []PayerContract{}
	for _, row := range book.Data().Contracts {
		if terms, found := book.Of(row.ID); found {
			list = append(list, PayerContract{terms})
		}
	}
	return list
}

// ID is what the practice calls it.
func (c PayerContract) ID() string { return string(c.terms.ID) }

// Name is its title.
func (c PayerContract) Name() string { return c.terms.Name }

// Payer is the id of its Organization.
func (c PayerContract) Payer() string { return string(c.terms.PayerID) }

// OrganizationID names the record.
func (c PayerContract) OrganizationID() models.OrganizationID { return c.terms.PayerID }

// From is nil where it holds since ever.
func (c PayerContract) From() *string { return given(c.terms.From) }

// Until is nil where it does not end.
func (c PayerContract) Until() *string { return given(c.terms.Until) }

// Lesser is line, claim or never.
func (c PayerContract) Lesser() string { return string(c.terms.Lesser) }

// Policy is medicare or none.
func (c PayerContract) Policy() string { return string(c.terms.Policy) }

// Tolerance is in dollars.
func (c PayerContract) Tolerance() Money { return USD(c.terms.Tolerance) }

// TolerancePercent is in percent.
func (c PayerContract) TolerancePercent() string {
	return models.Cents(c.terms.ToleranceShare).String()
}

// DisputeDays are counted from the answer.
func (c PayerContract) DisputeDays() int { return c.terms.DisputeDays }

// Locality is nil for the nation.
func (c PayerContract) Locality() *string { return given(c.terms.Locality) }

// ScheduleDay is nil for that of the service.
func (c PayerContract) ScheduleDay() *string { return given(c.terms.ScheduleDay) }

// Conversion is nil for the fee schedule's own.
func (c PayerContract) Conversion() *string { return decimal(c.terms.Conversion) }

// Base is nil where it has none.
func (c PayerContract) Base() *string { return decimal(c.terms.Base) }

// decimal gives a value in ten thousandths, nil for 0.
func decimal(value int64) *string {
	if value == 0 {
		return nil
	}
	text := contracts.Decimal(value, 2)
	return &text
}

// Rates are those that hold on a day, of one code where it is named.
func (c PayerContract) Rates(on, code *string) ([]ContractRate, error) {
	day, err := askedDay(on)
	list := []ContractRate{}
	for _, row := range c.terms.On(day) {
		if code == nil || row.Code == *code {
			list = append(list, ContractRate{row})
		}
	}
	return list, err
}

// Line is that of the file it came from.
func (r ContractRate) Line() int { return r.row.Sequence }

// Kind says what the value is.
func (r ContractRate) Kind() string { return string(r.row.Kind) }

// Code is nil for every service.
func (r ContractRate) Code() *string { return given(r.row.Code) }

// Modifiers have to stand on the line.
func (r ContractRate) Modifiers() []string { return r.row.Modifiers }

// Place is nil for any.
func (r ContractRate) Place() *string { return given(r.row.Place) }

// Provider is nil for any.
func (r ContractRate) Provider() *string { return given(r.row.Provider) }

// Value is dollars, percent or a weight.
func (r ContractRate) Value() string { return contracts.Decimal(r.row.Value, 2) }

// From is nil where it holds since ever.
func (r ContractRate) From() *string { return given(r.row.From) }

// Until is nil where it does not end.
func (r ContractRate) Until() *string { return given(r.row.Until) }

// ExpectedOf shows what is expected; nil for a claim that is not ours.
func ExpectedOf(row models.Expected) *Expected {
	if row.ClaimID == "" {
		return nil
	}
	return &Expected{row}
}

// Known says whether all lines are.
func (e Expected) Known() bool { return e.row.IsKnown }

// Billed is what the claim asks for.
func (e Expected) Billed() Money { return USD(e.row.Billed) }

// Allowed is nil where it is not known.
func (e Expected) Allowed() *Money { return knownAmount(e.row.IsKnown, e.row.Allowed) }

// Lines are those of the claim.
func (e Expected) Lines() []ExpectedLine {
	list := make([]ExpectedLine, len(e.row.Lines))
	for i, row := range e.row.Lines {
		list[i] = ExpectedLine{row}
	}
	return list
}

// Sequence is the line's.
func (l ExpectedLine) Sequence() int { return l.row.Sequence }

// Contract is nil where there is none on its day.
func (l ExpectedLine) Contract() *string { return given(l.row.ContractID) }

// Billed is what the line asks for.
func (l ExpectedLine) Billed() Money { return USD(l.row.Billed) }

// Allowed is nil where nothing says it.
func (l ExpectedLine) Allowed() *Money { return knownAmount(l.row.IsKnown, l.row.Allowed) }

// OfClaim says that a rate of the whole claim is behind it.
func (l ExpectedLine) OfClaim() bool { return l.row.OfClaim }

// Steps are how it comes about.
func (l ExpectedLine) Steps() []PriceStep {
	list := make([]PriceStep, len(l.row.Steps))
	for i, row := range l.row.Steps {
		list[i] = PriceStep{row}
	}
	return list
}

// Text is what was applied.
func (s PriceStep) Text() string { return s.row.Text }

// Source is nil for the claim itself.
func (s PriceStep) Source() *string { return given(s.row.Source) }

// Amount is the one after it.
func (s PriceStep) Amount() *Money {
	if s.row.Amount == nil {
		return nil
	}
	return knownAmount(true, *s.row.Amount)
}

func knownAmount(known bool, cents models.Cents) *Money {
	if !known {
		return nil
	}
	m := USD(cents)
	return &m
}
