package models

import "medbill/models/money"

// Adjudication tells how one billed line became paid, adjusted and the patient's:
// Billed = Paid + Σ Contra + Deductible + Coinsurance + Copay + Review.
type Adjudication struct {
	LineSequence int
	ChargeID     ChargeID
	Billed       Cents
	Paid         Cents
	Contra       Balances // contra accounts only
	Deductible   Cents
	Coinsurance  Cents
	Copay        Cents
	Review       Cents // stays with the payer until a person decides
}

// Responsibility is what the patient owes of the line.
func (a Adjudication) Responsibility() Cents {
	return money.Sum(a.Deductible, a.Coinsurance, a.Copay)
}

// Adjusted is what the line gives up, over all contra accounts.
func (a Adjudication) Adjusted() Cents {
	var total Cents
	for _, amount := range a.Contra {
		total += amount
	}
	return total
}
