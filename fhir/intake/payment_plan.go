package intake

import (
	"medbill/fhir"
	"medbill/models"
	"medbill/models/money"
)

// PlanRequest is what $payment-plan asks for.
type PlanRequest struct {
	Amount money.Cents // 0 where it is left out
	Parts  int
	First  models.Date // "" where it is left out
}

// PaymentPlan reads the Parameters of $payment-plan: parts (valuePositiveInt), and amount (valueMoney, USD) and first (valueDate), which may be left out.
func PaymentPlan(d *fhir.Document) (PlanRequest, error) {
	r, request := &refusals{}, PlanRequest{}
	seen := r.parameters(d, "$payment-plan takes amount, parts and first.", func(name string, p spot) bool {
		switch name {
		case "amount":
			amount := p.choice("value", "Money")
			if cents, ok := r.amount(amount); ok && r.check(amount.path, models.CheckPaid(cents)) {
				request.Amount = cents
			}
		case "parts":
			request.Parts, _ = r.positive(p.choice("value", "PositiveInt"))
		case "first":
			request.First = r.day(p.choice("value", "Date"), nil)
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "parts", "The parameter parts is missing; state in how many parts it is paid.")
	if err := r.err(); err != nil {
		return PlanRequest{}, err
	}
	return request, nil
}
