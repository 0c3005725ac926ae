package intake

import (
	"strings"

	"medbill/fhir"
	"medbill/models"
)

// DepositMatch is what $match-deposit says that a deposit pays.
type DepositMatch struct {
	Deposit         models.DepositID
	Remittances     []models.RemittanceID
	Card, Fee, Till models.Cents
}

// MatchDeposit reads the Parameters of $match-deposit: deposit (valueString), remittance (repeated, valueReference), and card, fee and till (valueMoney). It refuses unknown parameters, repeated
// ones but remittance, and what amounts refuse; what a deposit may pay is its rule's to say.
func MatchDeposit(d *fhir.Document) (DepositMatch, error) {
	r, m := &refusals{}, DepositMatch{}
	seen := map[string]bool{}
	for p := range rootOf(d, "Parameters").each("parameter") {
		name := p.Get("name").Text()
		if name == "remittance" {
			m.Remittances = append(m.Remittances, r.remittance(p.choice("value", "Reference")))
			continue
		}
		if r.once(p, name, seen) && !r.matched(name, p, &m) {
			r.invalid("invalid", p.path, "This parameter is unknown; $match-deposit takes deposit, remittance, card, fee and till.")
		}
	}
	r.needed(seen, "Parameters.parameter", "deposit", "The parameter deposit is missing; name the deposit by its id.")
	if err := r.err(); err != nil {
		return DepositMatch{}, err
	}
	return m, nil
}

// matched reads a parameter of $match-deposit, or reports that it is none.
func (r *refusals) matched(name string, p spot, m *DepositMatch) bool {
	switch name {
	case "deposit":
		m.Deposit = models.DepositID(r.text(p.choice("value", "String")))
	case "card":
		m.Card, _ = r.amount(p.choice("value", "Money"))
	case "fee":
		m.Fee, _ = r.amount(p.choice("value", "Money"))
	case "till":
		m.Till, _ = r.amount(p.choice("value", "Money"))
	default:
		return false
	}
	return true
}

func (r *refusals) remittance(reference spot) models.RemittanceID {
	id, ok := strings.CutPrefix(reference.Get("reference").Text(), "PaymentReconciliation/")
	if !ok {
		r.invalid("value", reference.path, "The parameter must be a valueReference to a PaymentReconciliation of this server.")
		return ""
	}
	r.check(reference.path, models.CheckID(id))
	return models.RemittanceID(id)
}
