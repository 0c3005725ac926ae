package intake

import (
	"medbill/fhir"
	"medbill/models"
)

// TillCount is what $close-till says was counted.
type TillCount struct {
	Till                string
	Day                 models.Date
	Cash, Checks, Other models.Cents
}

// CloseTill reads the Parameters of $close-till: cash and checks (valueMoney, USD), and till (valueString), day (valueDate) and other (valueMoney), which may be left out.
func CloseTill(d *fhir.Document) (TillCount, error) {
	r, count := &refusals{}, TillCount{}
	seen := r.parameters(d, "$close-till takes till, day, cash, checks and other.", func(name string, p spot) bool {
		switch name {
		case "till":
			count.Till = r.text(p.choice("value", "String"))
		case "day":
			count.Day = models.Date(r.simple(p, "date", nil))
		case "cash":
			count.Cash, _ = r.amount(p.choice("value", "Money"))
		case "checks":
			count.Checks, _ = r.amount(p.choice("value", "Money"))
		case "other":
			count.Other, _ = r.amount(p.choice("value", "Money"))
		default:
			return false
		}
		return true
	})
	r.needed(seen, "Parameters.parameter", "cash", "The parameter cash is missing; state what was counted, 0.00 where there was none.")
	r.needed(seen, "Parameters.parameter", "checks", "The parameter checks is missing; state what the checks come to, 0.00 where there were none.")
	return count, r.err()
}
