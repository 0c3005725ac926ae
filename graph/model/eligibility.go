package model

import (
	"medbill/billing/inquiry"
	"medbill/billing/rules/eligibility"
	"medbill/models"
)

type (
	// Eligibility is what a payer says of a plan.
	Eligibility struct{ said inquiry.Eligibility }
	// EligibilityCopay is what is paid for a visit of a type of service.
	EligibilityCopay struct{ said eligibility.Copay }
	// EligibilityShare is what percent of what is allowed is paid for a type of service.
	EligibilityShare struct{ said eligibility.Share }
	// EligibilityAmounts are those of one member, and of the family.
	EligibilityAmounts struct{ said eligibility.Amounts }
	// EligibilityAmount is an amount of a term, and what is left of it.
	EligibilityAmount struct{ said eligibility.Amount }
	// EligibilityPayer is another payer that the asked one knows of.
	EligibilityPayer struct{ said models.OtherPayer }
)

// EligibilitiesOf shows what payers say of a plan.
func EligibilitiesOf(list []inquiry.Eligibility) []Eligibility {
	return shownAs(list, func(one inquiry.Eligibility) Eligibility { return Eligibility{one} })
}

func shownAs[From, To any](list []From, show func(From) To) []To {
	shown := make([]To, len(list))
	for i, one := range list {
		shown[i] = show(one)
	}
	return shown
}

// Response is the answer that has all of it.
func (e Eligibility) Response() string { return e.said.ResponseID }

// Service is the type of service that was asked about.
func (e Eligibility) Service() string { return e.said.Service }

// Day is the day of service that was asked about.
func (e Eligibility) Day() *string { return given(string(e.said.Day)) }

// CheckedOn is when the payer said it.
func (e Eligibility) CheckedOn() *string { return given(string(e.said.Checked)) }

// Active is whether the plan is in force on the day.
func (e Eligibility) Active() *bool { return e.said.Active }

// From is the first day on which the plan is in force.
func (e Eligibility) From() *string { return given(string(e.said.Period.From)) }

// Until is the last one.
func (e Eligibility) Until() *string { return given(string(e.said.Period.Until)) }

// Plan is what the payer calls it.
func (e Eligibility) Plan() *string { return given(e.said.Plan) }

// Network is in or out.
func (e Eligibility) Network() *string { return given(e.said.Network) }

// Copays are by type of service.
func (e Eligibility) Copays() []EligibilityCopay {
	return shownAs(e.said.Copays, func(c eligibility.Copay) EligibilityCopay { return EligibilityCopay{c} })
}

// Coinsurance is by type of service.
func (e Eligibility) Coinsurance() []EligibilityShare {
	return shownAs(e.said.Coinsurance, func(s eligibility.Share) EligibilityShare { return EligibilityShare{s} })
}

// Deductible is what is paid before the plan pays.
func (e Eligibility) Deductible() EligibilityAmounts { return EligibilityAmounts{e.said.Deductible} }

// OutOfPocket is what is paid at most.
func (e Eligibility) OutOfPocket() EligibilityAmounts { return EligibilityAmounts{e.said.OutOfPocket} }

// OtherPayers are those that this one knows of.
func (e Eligibility) OtherPayers() []EligibilityPayer {
	return shownAs(e.said.Others, func(o models.OtherPayer) EligibilityPayer { return EligibilityPayer{o} })
}

// AuthorizationRequired are types of service, and codes.
func (e Eligibility) AuthorizationRequired() []string {
	return append([]string{}, e.said.Authorization...)
}

// Excluded are types of service, and codes, that are not covered.
func (e Eligibility) Excluded() []string { return append([]string{}, e.said.Excluded...) }

// Service is the type of service, or a code.
func (c EligibilityCopay) Service() string { return c.said.Service }

// Amount is what is paid.
func (c EligibilityCopay) Amount() Money { return USD(c.said.Amount) }

// Service is the type of service, or a code.
func (s EligibilityShare) Service() string { return s.said.Service }

// Percent is of what is allowed.
func (s EligibilityShare) Percent() int { return s.said.Percent }

// Individual is the member's.
func (a EligibilityAmounts) Individual() EligibilityAmount {
	return EligibilityAmount{a.said.Individual}
}

// Family is the family's.
func (a EligibilityAmounts) Family() EligibilityAmount { return EligibilityAmount{a.said.Family} }

// Total is the whole amount.
func (a EligibilityAmount) Total() *Money { return maybeUSD(a.said.Total) }

// Remaining is what is left of it.
func (a EligibilityAmount) Remaining() *Money { return maybeUSD(a.said.Remaining) }

// Payer is its Organization.
func (p EligibilityPayer) Payer() *string { return given(string(p.said.PayerID)) }

// Number is its identifier, as system|value.
func (p EligibilityPayer) Number() *string {
	if p.said.Number.Value == "" {
		return nil
	}
	return given(p.said.Number.System + "|" + p.said.Number.Value)
}

// Order is its place.
func (p EligibilityPayer) Order() *int {
	if p.said.Order == 0 {
		return nil
	}
	return &p.said.Order
}

// Member is the member's number with it.
func (p EligibilityPayer) Member() *string { return given(p.said.Member) }

// maybeUSD gives an amount that may be unknown.
func maybeUSD(c *models.Cents) *Money {
	if c == nil {
		return nil
	}
	amount := USD(*c)
	return &amount
}
