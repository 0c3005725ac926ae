package pricing

import (
	"cmp"
	"math/big"
	"slices"

	"medbill/internal/contracts"
	"medbill/models"
	"medbill/models/money"
)

// line is a line while it is priced. Amounts are exact, in cents.
type line struct {
	models.ClaimLine
	service   contracts.Service
	terms     *contracts.Terms
	rated     models.ContractRate // the rate that counts
	fee       fee                 // what Medicare's fee schedule says of it
	isService bool                // the rate is of one service: modifiers and other services of the day change it
	isOfClaim bool                // a rate of the whole claim
	unit      *big.Rat            // for doing it once
	times     *big.Rat
	share     *big.Rat // that modifiers leave of it
	amount    *big.Rat // nil where nothing says what is allowed
	agreed    *big.Rat // the amount before the charge counts where it is less
	steps     []models.PriceStep
}

func lineOf(c models.Claim, l models.ClaimLine) *line {
	who := cmp.Or(l.Rendering, c.Rendering)
	one := &line{ClaimLine: l, share: big.NewRat(1, 1), times: big.NewRat(1, 1)}
	one.service = contracts.Service{Codes: []string{l.Code}, Modifiers: l.Modifiers, Place: c.PlaceOfService, Day: dayOf(c, l)}
	if l.Revenue != "" && l.Revenue != l.Code {
		one.service.Codes = append(one.service.Codes, l.Revenue)
	}
	for _, name := range []string{string(who.ID), who.NPI} {
		if name != "" {
			one.service.Providers = append(one.service.Providers, name)
		}
	}
	return one
}

// has reports whether a modifier stands on the line.
func (l *line) has(modifiers ...string) bool {
	return slices.ContainsFunc(modifiers, func(m string) bool { return slices.Contains(l.Modifiers, m) })
}

// sets says what a step makes of the amount.
func (l *line) sets(amount *big.Rat, text, source string) {
	l.amount = amount
	cents := money.Nearest(amount)
	l.steps = append(l.steps, models.PriceStep{Text: text, Source: source, Amount: &cents})
}

// notes tells something that changes no amount.
func (l *line) notes(text, source string) {
	step := models.PriceStep{Text: text, Source: source}
	if l.amount != nil {
		cents := money.Nearest(l.amount)
		step.Amount = &cents
	}
	l.steps = append(l.steps, step)
}

// unknown says that nothing tells what is allowed, and why.
func (l *line) unknown(text, source string) {
	l.amount = nil
	l.notes(text, source)
}

// percent gives a value in ten thousandths as a share of one.
func percent(value int64) *big.Rat { return big.NewRat(value, 100*tenThousand) }

// dollars gives a value in ten thousandths of a dollar in cents.
func dollars(value int64) *big.Rat { return big.NewRat(value, tenThousand/100) }

const tenThousand = 10_000

func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
