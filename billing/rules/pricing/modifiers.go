package pricing

import (
	"math/big"
	"slices"

	"medbill/internal/contracts"
	"medbill/models"
)

// effect is what a modifier leaves of a rate by Medicare's rules: a share in ten thousandths of a percent. A nil one changes nothing; where
// problem says why, nothing tells what is allowed.
type effect struct {
	share   int64
	text    string
	problem string
}

const whole = 100 * tenThousand // 100 %

// effects of modifiers, each by what the fee schedule says of the service, and by what is usual where it does not have it.
// CMS Pub. 100-04, chapter 12, 40 (surgery, global periods, bilateral, assistants, two and more surgeons), and the record layout of the
// relative value file for the indicators.
var effects = map[string]func(fee) *effect{
	"50": bilateral,
	"51": func(f fee) *effect {
		if f.isListed {
			return nil // the indicator says whether it is one of several
		}
		return &effect{share: whole / 2, text: "one of several procedures"}
	},
	"52": func(fee) *effect { return &effect{share: whole / 2, text: "reduced"} },
	"53": func(f fee) *effect {
		if f.Modifier == "53" {
			return nil // the fee is that of the discontinued service
		}
		return &effect{share: whole / 2, text: "discontinued"}
	},
	"54": split("surgery without what comes after it", func(f fee) int { return f.Pre + f.Intra }),
	"55": split("what comes after surgery", func(f fee) int { return f.Post }),
	"56": split("what comes before surgery", func(f fee) int { return f.Pre }),
	"62": func(f fee) *effect {
		if f.isListed && f.CoSurgeons != '1' && f.CoSurgeons != '2' {
			return &effect{text: "two surgeons are not paid for it"}
		}
		return &effect{share: 62*tenThousand + tenThousand/2, text: "two surgeons"}
	},
	"66": func(fee) *effect { return &effect{problem: "What a team of surgeons is allowed is told by report."} },
	"78": split("back to the operating room", func(f fee) int { return f.Intra }),
	"80": assistant(16*tenThousand, "assistant surgeon"),
	"81": assistant(16*tenThousand, "assistant surgeon"),
	"82": assistant(16*tenThousand, "assistant surgeon"),
	"AS": assistant(13*tenThousand+6*tenThousand/10, "assistant who is no physician, 85 % of 16 %"),
}

func bilateral(f fee) *effect {
	switch {
	case !f.isListed, f.Bilateral == '1':
		return &effect{share: whole + whole/2, text: "both sides"}
	case f.Bilateral == '3':
		return &effect{share: 2 * whole, text: "both sides"}
	}
	return nil // the fee is for both, or there are no two sides
}

// split is a modifier that leaves a part of a global period.
func split(text string, part func(fee) int) func(fee) *effect {
	return func(f fee) *effect {
		switch {
		case !f.isListed:
			return &effect{problem: "Nothing tells which part of the service is allowed: Medicare's fee schedule of the day does not have it."}
		case f.Pre+f.Intra+f.Post == 0:
			return nil // it has no global period to be split
		}
		return &effect{share: int64(part(f)) * tenThousand, text: text}
	}
}

func assistant(share int64, text string) func(fee) *effect {
	return func(f fee) *effect {
		if f.isListed && f.Assistant != '0' && f.Assistant != '2' {
			return &effect{text: "an assistant is not paid for it"}
		}
		return &effect{share: share, text: text}
	}
}

// modify changes a line's amount by its modifiers: by a rate of the contract's own for one, else by Medicare's rules where the
// contract goes by them. What the rate itself names is in it.
func (p pricer) modify(l *line) {
	for _, m := range l.Modifiers {
		if slices.Contains(l.rated.Modifiers, m) {
			continue
		}
		if r, found := p.ownEffect(l, m); found {
			l.leave(effect{share: r.Value, text: "by the contract"}, m, p.line(r))
			continue
		}
		of, known := effects[m]
		if !known || p.terms.Policy != models.PolicyMedicare {
			continue
		}
		switch e := of(l.fee); {
		case e == nil:
		case e.problem != "":
			l.unknown("Modifier "+m+": "+e.problem, l.fee.source)
			return
		default:
			l.leave(*e, m, l.fee.source)
		}
	}
}

// ownEffect gives the contract's own rate for a modifier.
func (p pricer) ownEffect(l *line, modifier string) (models.ContractRate, bool) {
	service := l.service
	service.Modifiers = []string{modifier}
	list := slices.DeleteFunc(p.terms.Fitting(service), func(r contracts.Ranked) bool { return r.Kind != models.RateModifier })
	if len(list) == 0 {
		return models.ContractRate{}, false
	}
	return list[0].ContractRate, true
}

// leave leaves a share of the line.
func (l *line) leave(e effect, modifier, source string) {
	share := percent(e.share)
	l.unit, l.share = times(l.unit, share), times(l.share, share)
	l.sets(times(l.amount, share), "Modifier "+modifier+": "+contracts.Decimal(e.share, 0)+" %, "+e.text, source)
}

// one is the whole of something.
var one = big.NewRat(1, 1)
