package pricing

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"medbill/internal/contracts"
	"medbill/models"
	"medbill/models/money"
)

// ofClaim looks for a rate of the whole claim, which one line carries and in which the others are included. It gives the lines that are
// priced by themselves: all where there is none, and those whose own code another rate names.
func (p pricer) ofClaim(lines []*line) []*line {
	var carries *line
	var rate models.ContractRate
	var apart, among []*line
	best := new(big.Rat)
	for _, l := range lines {
		list := p.rates(l)
		switch {
		case len(list) > 0 && isOfClaim(list[0].Kind):
			among = append(among, l)
			if value := p.worth(list[0].ContractRate); carries == nil || cmp.Or(value.Cmp(best), inOrder(carries, l)) > 0 {
				carries, rate, best = l, list[0].ContractRate, value
			}
		case len(list) > 0 && list[0].Rank.Named == contracts.NamesCode:
			apart = append(apart, l)
		default:
			among = append(among, l)
		}
	}
	if r, found := p.grouped(); found && len(among) > 0 {
		carries, rate = slices.MinFunc(among, func(a, b *line) int { return cmp.Compare(a.Sequence, b.Sequence) }), r
		best = p.worth(r)
	}
	if carries == nil {
		return lines
	}
	for _, l := range among {
		l.isOfClaim = true
		if l == carries {
			l.sets(best, p.words(rate), p.line(rate))
			continue
		}
		l.sets(new(big.Rat), fmt.Sprintf("Included in what line %d is allowed", carries.Sequence), p.line(rate))
	}
	return apart
}

// grouped gives the rate of the claim's DRG.
func (p pricer) grouped() (models.ContractRate, bool) {
	for _, d := range p.claim.Diagnoses {
		if d.Package == "" {
			continue
		}
		for _, r := range p.terms.Fitting(contracts.Service{Codes: []string{d.Package}, Day: p.claim.ServiceFrom}) {
			if r.Kind == models.RateDRG && r.Rank.Named == contracts.NamesCode {
				return r.ContractRate, true
			}
		}
	}
	return models.ContractRate{}, false
}

// worth gives what a rate of the whole claim comes to.
func (p pricer) worth(r models.ContractRate) *big.Rat {
	switch r.Kind {
	case models.RateDay:
		return times(dollars(r.Value), big.NewRat(p.days(), 1))
	case models.RateDRG:
		return times(dollars(p.terms.Base), big.NewRat(r.Value, tenThousand))
	}
	return dollars(r.Value)
}

// days counts the days of a stay as payers do: not that of the discharge, but one at least.
func (p pricer) days() int64 {
	return int64(max(p.claim.ServiceFrom.DaysUntil(p.claim.ServiceUntil), 1))
}

func (p pricer) words(r models.ContractRate) string {
	switch r.Kind {
	case models.RateDay:
		return fmt.Sprintf("%s for each of %d days", contracts.Decimal(r.Value, 2), p.days())
	case models.RateDRG:
		return fmt.Sprintf("DRG %s: weight %s × base %s", r.Code, contracts.Decimal(r.Value, 4), contracts.Decimal(p.terms.Base, 2))
	}
	return contracts.Decimal(r.Value, 2) + " for the whole claim"
}

// lesser lets the charge count where it is less: of a line, or of all of them where the contract says so or a rate is for all.
func (p pricer) lesser(lines []*line) {
	if p.terms.Lesser == models.LesserNever {
		return
	}
	var together []*line
	for _, l := range lines {
		if l.isOfClaim || p.terms.Lesser == models.LesserClaim {
			together = append(together, l)
			continue
		}
		l.cap(cents(l.Billed), "The charge of "+l.Billed.String()+" is less", p.source())
	}
	if slices.ContainsFunc(together, func(l *line) bool { return l.amount == nil }) {
		return
	}
	var allowed, billed models.Cents
	for _, l := range together {
		allowed += money.Nearest(l.amount)
		billed += l.Billed
	}
	if allowed <= billed {
		return
	}
	for _, l := range together {
		l.sets(cents(l.Billed), "The charge of the claim is less: the line's own charge", p.source())
	}
}

// cap lets an amount that is less count.
func (l *line) cap(most *big.Rat, text, source string) {
	if l.amount != nil && l.amount.Cmp(most) > 0 {
		l.sets(most, text, source)
	}
}
