// Package estimate says what a patient will owe of services before a payer judged them, from what is allowed for each and what the plan has left, with every step of how it comes about.
package estimate

import (
	"fmt"

	"medbill/models"
	"medbill/models/money"
)

// Line is a service. Allowed is what the plan is expected to allow of the charge; nil where nobody knows, which counts as the whole charge.
type Line struct {
	Sequence int
	Charge   models.Cents
	Allowed  *models.Cents
}

// Terms are what a plan asks of its member for the services. What is nil is unknown, and counts as none.
type Terms struct {
	DeductibleLeft       *models.Cents
	FamilyDeductibleLeft *models.Cents
	Copay                *models.Cents // once for all services of the day
	Coinsurance          *int          // percent of what is allowed beyond deductible and copay
	MaximumLeft          *models.Cents // what the member pays at most from now on in the term
	FamilyMaximumLeft    *models.Cents
}

// Step is one step of how an amount comes about.
type Step struct {
	Text   string
	Amount models.Cents
}

// Estimate is what the patient will owe, and what that is made of: Total is the sum of the three parts less Capped.
type Estimate struct {
	Allowed     models.Cents
	Deductible  models.Cents
	Copay       models.Cents
	Coinsurance models.Cents
	Capped      models.Cents // what the maximum takes off
	Total       models.Cents
	Lines       []LineEstimate
	Steps       []Step
}

// LineEstimate is what a line adds to the total.
type LineEstimate struct {
	Sequence int
	Allowed  models.Cents
	Patient  models.Cents
}

// Of estimates what a patient owes of services, in their order: of each the deductible first, then the copay, which is asked once, then the coinsurance of the rest, rounded to a cent by line as payers
// do; all together no more than the maximum that is left. Where an amount of the family is lower than the member's, it counts.
func Of(lines []Line, terms Terms) Estimate {
	deductible, hasDeductible := least(terms.DeductibleLeft, terms.FamilyDeductibleLeft)
	most, hasMost := least(terms.MaximumLeft, terms.FamilyMaximumLeft)
	e := Estimate{}
	copay := models.Cents(0)
	if terms.Copay != nil {
		copay = *terms.Copay
	}
	for _, l := range lines {
		one := LineEstimate{Sequence: l.Sequence, Allowed: max(0, l.Charge)}
		if l.Allowed != nil {
			one.Allowed = max(0, *l.Allowed)
		}
		left := one.Allowed
		take := func(of models.Cents) models.Cents {
			part := min(left, of)
			left -= part
			return part
		}
		fromDeductible := take(deductible)
		deductible -= fromDeductible
		fromCopay := take(copay)
		copay -= fromCopay
		share := models.Cents(0)
		if terms.Coinsurance != nil {
			share = take(money.Scale(left, int64(*terms.Coinsurance), 100))
		}
		one.Patient = fromDeductible + fromCopay + share
		if hasMost {
			over := max(0, one.Patient-most)
			one.Patient -= over
			most -= one.Patient
			e.Capped += over
		}
		e.Allowed += one.Allowed
		e.Deductible += fromDeductible
		e.Copay += fromCopay
		e.Coinsurance += share
		e.Total += one.Patient
		e.Lines = append(e.Lines, one)
	}
	e.explain(terms, hasDeductible)
	return e
}

// OfNobody estimates what a patient owes of services that no plan pays: the charges.
func OfNobody(lines []Line) Estimate {
	e := Estimate{}
	for _, l := range lines {
		e.Allowed, e.Total = e.Allowed+l.Charge, e.Total+l.Charge
		e.Lines = append(e.Lines, LineEstimate{Sequence: l.Sequence, Allowed: l.Charge, Patient: l.Charge})
	}
	e.step(true, "Charged for the services, which no plan pays", e.Total)
	return e
}

// explain says how the total comes about; the amounts of the steps after the first sum to it.
func (e *Estimate) explain(terms Terms, hasDeductible bool) {
	e.step(true, "Allowed for the services", e.Allowed)
	e.step(hasDeductible, "Deductible that is left", e.Deductible)
	e.step(terms.Copay != nil, "Copay", e.Copay)
	if terms.Coinsurance != nil {
		e.step(true, fmt.Sprintf("Coinsurance, %d percent of the rest", *terms.Coinsurance), e.Coinsurance)
	}
	e.step(e.Capped > 0, "Above what is paid at most", -e.Capped)
}

func (e *Estimate) step(is bool, text string, amount models.Cents) {
	if is {
		e.Steps = append(e.Steps, Step{text, amount})
	}
}

// least gives the lower of two amounts of which each may be unknown; false where both are.
func least(a, b *models.Cents) (models.Cents, bool) {
	switch {
	case a == nil && b == nil:
		return 0, false
	case a == nil:
		return max(0, *b), true
	case b == nil:
		return max(0, *a), true
	}
	return max(0, min(*a, *b)), true
}
