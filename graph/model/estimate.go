package model

import (
	"slices"

	"medbill/billing/inquiry"
	"medbill/billing/rules/estimate"
	"medbill/models"
)

type (
	// Estimate is what a patient is expected to owe under a plan.
	Estimate struct{ of inquiry.Estimate }
	// EstimateLine is what of it a service is.
	EstimateLine struct {
		of     estimate.LineEstimate
		charge models.ChargeID
	}
	// GoodFaithEstimate is what a patient was told that services will be charged.
	GoodFaithEstimate struct{ of models.GoodFaithEstimate }
	// GoodFaithEstimateLine is a service of it.
	GoodFaithEstimateLine struct{ of models.EstimateLine }
)

// EstimatesOf shows what a patient is expected to owe of a visit.
func EstimatesOf(list []inquiry.Estimate) []Estimate {
	return shownAs(list, func(one inquiry.Estimate) Estimate { return Estimate{one} })
}

// EstimateOf shows what a patient is expected to owe of services that nobody did yet.
func EstimateOf(one inquiry.Estimate) *Estimate { return &Estimate{one} }

// Coverage is the plan.
func (e Estimate) Coverage() *string { return given(string(e.of.CoverageID)) }

// Response is the answer that it goes by.
func (e Estimate) Response() *string { return given(e.of.ResponseID) }

// CheckedOn is when the payer said it.
func (e Estimate) CheckedOn() *string { return given(string(e.of.Checked)) }

// Known is whether terms and amounts are known.
func (e Estimate) Known() bool { return e.of.IsKnown }

// Total is what the patient will owe.
func (e Estimate) Total() Money { return USD(e.of.Total) }

// Allowed is what is allowed of the services.
func (e Estimate) Allowed() Money { return USD(e.of.Allowed) }

// Deductible is what of it the deductible takes.
func (e Estimate) Deductible() Money { return USD(e.of.Deductible) }

// Copay is what the copay takes.
func (e Estimate) Copay() Money { return USD(e.of.Copay) }

// Coinsurance is what the coinsurance takes.
func (e Estimate) Coinsurance() Money { return USD(e.of.Coinsurance) }

// Capped is what the most that is paid takes off.
func (e Estimate) Capped() Money { return USD(e.of.Capped) }

// Actual is what the payer left.
func (e Estimate) Actual() *Money { return maybeUSD(e.of.Actual) }

// Lines are the services.
func (e Estimate) Lines() []EstimateLine {
	lines := make([]EstimateLine, len(e.of.Lines))
	for i, l := range e.of.Lines {
		lines[i] = EstimateLine{l, e.of.Charges[i]}
	}
	return lines
}

// Steps say how the total comes about.
func (e Estimate) Steps() []PriceStep {
	return shownAs(e.of.Steps, func(s estimate.Step) PriceStep { return PriceStep{models.PriceStep{Text: s.Text, Amount: &s.Amount}} })
}

// Sequence is its number.
func (l EstimateLine) Sequence() int { return l.of.Sequence }

// Charge is the ChargeItem.
func (l EstimateLine) Charge() *string { return given(string(l.charge)) }

// Allowed is what is allowed of it.
func (l EstimateLine) Allowed() Money { return USD(l.of.Allowed) }

// Patient is what the patient will owe of it.
func (l EstimateLine) Patient() Money { return USD(l.of.Patient) }

// GoodFaithEstimatesOf shows what a patient was told.
func GoodFaithEstimatesOf(list []models.GoodFaithEstimate) []GoodFaithEstimate {
	return shownAs(list, func(one models.GoodFaithEstimate) GoodFaithEstimate { return GoodFaithEstimate{one} })
}

// Claim is its document.
func (e GoodFaithEstimate) Claim() string { return string(e.of.ID) }

// Number is what people call it by.
func (e GoodFaithEstimate) Number() string { return e.of.Number }

// Day is that of the services.
func (e GoodFaithEstimate) Day() string { return string(e.of.Day) }

// MadeOn is when it was made.
func (e GoodFaithEstimate) MadeOn() string { return string(e.of.Made) }

// Appointment is what it was made for.
func (e GoodFaithEstimate) Appointment() *string { return given(e.of.AppointmentID) }

// Total is what will be charged.
func (e GoodFaithEstimate) Total() Money { return USD(e.of.Total) }

// Prepayment is what the patient is asked to pay before.
func (e GoodFaithEstimate) Prepayment() *Money {
	if e.of.Prepayment == 0 {
		return nil
	}
	return maybeUSD(&e.of.Prepayment)
}

// Visit is what was billed.
func (e GoodFaithEstimate) Visit() *string { return given(string(e.of.CaseID.Visit())) }

// Lines are the services.
func (e GoodFaithEstimate) Lines() []GoodFaithEstimateLine {
	return shownAs(e.of.Lines, func(l models.EstimateLine) GoodFaithEstimateLine { return GoodFaithEstimateLine{l} })
}

// Sequence is its number.
func (l GoodFaithEstimateLine) Sequence() int { return l.of.Sequence }

// System is its code system.
func (l GoodFaithEstimateLine) System() string { return l.of.System }

// Code is its code.
func (l GoodFaithEstimateLine) Code() string { return l.of.Code }

// Modifier are its modifiers.
func (l GoodFaithEstimateLine) Modifier() []string { return slices.Concat([]string{}, l.of.Modifiers) }

// Units is how often it is done.
func (l GoodFaithEstimateLine) Units() string { return l.of.Units.String() }

// Charge is what it will be charged.
func (l GoodFaithEstimateLine) Charge() Money { return USD(l.of.Charge) }
