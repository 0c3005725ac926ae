package pricing

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"medbill/internal/codes"
	"medbill/internal/contracts"
	"medbill/models"
)

// fee is what Medicare's physician fee schedule says of a service in a place. Its parts are exact, in cents, and nil where problem says why.
type fee struct {
	codes.Fee
	isListed                    bool   // the schedule has the code: its indicators count
	problem                     string // a sentence
	work, practice, malpractice *big.Rat
	text, source                string
}

// facilities are the places in which the house has the expense of the practice. CMS Pub. 100-04, chapter 26, 10.5 and chapter 12, 20.4.2.
var facilities = []string{"02", "19", "21", "22", "23", "24", "26", "31", "34", "41", "42", "51", "52", "53", "56", "61"}

// isBundled reports whether Medicare pays the service with others.
func (f fee) isBundled() bool { return f.Status == 'B' || f.Status == 'P' }

// total is the fee for doing it once: [(work × GPCI) + (practice expense × GPCI) + (malpractice × GPCI)] × conversion factor. 42 CFR 414.20.
func (f fee) total() *big.Rat {
	sum := new(big.Rat).Add(f.work, f.practice)
	return sum.Add(sum, f.malpractice)
}

// feeOf looks a line up in the fee schedule of the contract's day. The fee of a discontinued service is Medicare's own: other rates are
// for all of it.
func (p pricer) feeOf(l *line, kind models.RateKind) fee {
	modifiers := l.Modifiers
	if kind != models.RateMedicare {
		modifiers = slices.DeleteFunc(slices.Clone(modifiers), func(m string) bool { return m == "53" })
	}
	return p.feeWith(l, l.Code, modifiers)
}

func (p pricer) feeWith(l *line, code string, modifiers []string) fee {
	day := cmp.Or(p.terms.ScheduleDay, l.service.Day)
	schedule, release, standing := codes.Look[*codes.Schedule](p.codes, codes.Fees, day)
	if standing != codes.InForce {
		return fee{problem: "No release of Medicare's fee schedule is here for the day; load it with 'medbill codes load'.", source: string(codes.Fees)}
	}
	f := fee{source: string(codes.Fees) + " " + release.Name}
	if f.Fee, f.isListed = schedule.Of(code, modifiers); !f.isListed {
		f.problem = "Medicare's fee schedule does not have the service."
		return f
	}
	expense := f.PracticeOffice
	where := "outside of a facility"
	if slices.Contains(facilities, l.service.Place) {
		expense, where = f.PracticeFac, "in a facility"
	}
	conversion := cmp.Or(p.terms.Conversion, int64(f.Conversion))
	indices, problem := p.indices(day, &f)
	switch {
	case problem != "":
		f.problem = problem
	case f.Work+expense+f.Malpractice == 0, f.Status == 'I': // not valid for Medicare
		f.problem = "Medicare's fee schedule does not price the service."
	case conversion == 0:
		f.problem = "Neither the contract nor the fee schedule has a conversion factor."
	default:
		f.parts([3]int{f.Work, expense, f.Malpractice}, indices, conversion, where)
	}
	return f
}

// parts computes the parts of the fee.
func (f *fee) parts(units [3]int, indices [3]string, conversion int64, where string) {
	words, texts := [3]string{"work", "practice expense", "malpractice"}, [3]string{}
	for i, to := range []**big.Rat{&f.work, &f.practice, &f.malpractice} {
		index, _ := new(big.Rat).SetString(indices[i]) // indices lets numbers through only
		*to = times(times(big.NewRat(int64(units[i]), 100), index), dollars(conversion))
		texts[i] = fmt.Sprintf("%s %s × %s", words[i], contracts.Decimal(int64(units[i])*100, 2), indices[i])
	}
	f.text = fmt.Sprintf("Medicare %s: (%s) × %s", where, strings.Join(texts[:], " + "), contracts.Decimal(conversion, 4))
}

// indices gives the geographic practice cost indices of the contract's locality as they are published, those of the nation where it has none.
func (p pricer) indices(day models.Date, f *fee) (indices [3]string, problem string) {
	if p.terms.Locality == "" {
		return [3]string{"1", "1", "1"}, ""
	}
	table, release, standing := codes.Look[*codes.Records](p.codes, codes.FeeLocalities, day)
	if standing != codes.InForce {
		return indices, "No release of Medicare's geographic indices is here for the day; load it with 'medbill codes load'."
	}
	carrier, locality, _ := strings.Cut(p.terms.Locality, "-")
	column := func(word string) int {
		return slices.IndexFunc(table.Columns, func(name string) bool { return strings.Contains(name, word) })
	}
	at := column("locality number")
	for _, row := range table.By(carrier) {
		if at < 0 || row[at] != locality {
			continue
		}
		for i, word := range []string{"pw gpci", "pe gpci", "mp gpci"} {
			c := column(word)
			if c < 0 || !isDecimal(row[c]) {
				return indices, "The release of Medicare's geographic indices has no number for the contract's locality."
			}
			indices[i] = row[c]
		}
		f.source += ", " + string(codes.FeeLocalities) + " " + release.Name + " of " + p.terms.Locality
		return indices, ""
	}
	return indices, "Medicare's geographic indices do not have the contract's locality."
}

// isDecimal reports whether a text is digits with at most one point.
func isDecimal(text string) bool {
	whole, part, _ := strings.Cut(text, ".")
	return whole+part != "" && !strings.ContainsFunc(whole+part, func(c rune) bool { return c < '0' || c > '9' })
}
