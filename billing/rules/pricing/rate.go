package pricing

import (
	"fmt"
	"math/big"
	"slices"

	"medbill/internal/contracts"
	"medbill/models"
)

// components are the modifiers of a part of a service: an amount for the whole is none for the part.
var components = []string{"26", "TC"}

// rates gives the rates of a line, the first of them first; those of whole claims only where they are asked for.
func (p pricer) rates(l *line) []contracts.Ranked {
	return slices.DeleteFunc(p.terms.Fitting(l.service), func(r contracts.Ranked) bool {
		isAmount := r.Kind == models.RateFlat || r.Kind == models.RateUnit
		return r.Kind == models.RateModifier || r.Kind == models.RateDRG ||
			isAmount && slices.ContainsFunc(components, func(m string) bool { return l.has(m) && !slices.Contains(r.Modifiers, m) })
	})
}

// rate prices a line by the first rate that says what it comes to. Two that go before each other in nothing are none.
func (p pricer) rate(l *line) {
	list := slices.DeleteFunc(p.rates(l), func(r contracts.Ranked) bool { return isOfClaim(r.Kind) })
	for i, r := range list {
		ties := func(other contracts.Ranked) bool {
			return r.Rank.Compare(other.Rank) == 0 && (r.Kind != other.Kind || r.Value != other.Value)
		}
		if at := slices.IndexFunc(list[i:], ties); at >= 0 {
			l.unknown(fmt.Sprintf("The rates of lines %d and %d fit alike; end one of them, or let one name more.", r.Sequence, list[i+at].Sequence), p.source())
			return
		}
		if p.apply(l, r.ContractRate) {
			return
		}
	}
	l.unknown("No rate of the contract says what the service comes to.", p.source())
}

func isOfClaim(kind models.RateKind) bool { return kind == models.RateCase || kind == models.RateDay }

// apply prices a line by a rate; false where the rate does not say what it comes to, which is noted.
func (p pricer) apply(l *line, r models.ContractRate) bool {
	l.rated, l.fee = r, p.feeOf(l, r.Kind)
	source := p.line(r)
	switch r.Kind {
	case models.RateCharge:
		l.sets(times(cents(l.Billed), percent(r.Value)), contracts.Decimal(r.Value, 0)+" % of the charge of "+l.Billed.String(), source)
		return true
	case models.RateFlat, models.RateUnit:
		l.unit = dollars(r.Value)
		text := "The rate is " + contracts.Decimal(r.Value, 2)
		if r.Kind == models.RateUnit {
			text += " a unit"
		}
		l.sets(l.unit, text, source)
	case models.RateMedicare:
		if !p.medicare(l, r) {
			return false
		}
	default:
		return false
	}
	l.isService = true
	count := l.Count()
	if r.Kind == models.RateUnit {
		count = l.Units
	}
	if count != models.OneUnit {
		l.times = big.NewRat(int64(count), int64(models.OneUnit))
		l.sets(times(l.unit, l.times), count.String()+" times", "")
	}
	return true
}

// medicare prices a line by a share of Medicare's fee.
func (p pricer) medicare(l *line, r models.ContractRate) bool {
	switch {
	case l.fee.problem != "":
		l.notes(l.fee.problem, l.fee.source)
		return false
	case l.fee.isBundled():
		l.unit = new(big.Rat)
		l.sets(l.unit, "Medicare pays nothing of its own for it: it belongs to other services", l.fee.source)
		return true
	}
	l.sets(l.fee.total(), l.fee.text, l.fee.source)
	l.unit = times(l.fee.total(), percent(r.Value))
	l.sets(l.unit, contracts.Decimal(r.Value, 0)+" % of Medicare", p.line(r))
	return true
}

func cents(c models.Cents) *big.Rat { return big.NewRat(int64(c), 1) }

// line says where a rate stands.
func (p pricer) line(r models.ContractRate) string {
	text := fmt.Sprintf("%s, line %d", p.source(), r.Sequence)
	if r.From != "" {
		text += " from " + string(r.From)
	}
	return text
}

func (p pricer) source() string { return "contract " + string(p.terms.ID) }
