// Package charge prices coded services from the fee schedules of a practice and plans what becomes of its charges. It knows no
// payer's contract: what a payer allows is the payer's answer.
package charge

import (
	"cmp"
	"slices"
	"strings"

	"medbill/models"
)

// Price gives the price in force for s on its day, and false where there is none or where the schedules disagree: a missing
// price is never 0, and a tie is decided by a person. Of several the one of the
// service's own code goes before that of its revenue code, then the one with more of the service's modifiers wins, then the
// one made for payer, then the one that holds since the latest day.
func Price(prices []models.Price, s models.Service, payer models.OrganizationID) (models.Price, bool) {
	var best models.Price
	found, tied := false, false
	for _, p := range prices {
		if !fits(p, s, payer) {
			continue
		}
		order := 1
		if found {
			order = rank(p, best)
		}
		switch {
		case order > 0:
			best, found, tied = p, true, false
		case order == 0:
			tied = tied || p.Amount != best.Amount
		}
	}
	return best, found && !tied
}

// fits reports whether p may price s at all: every modifier that p asks for must stand on the service.
func fits(p models.Price, s models.Service, payer models.OrganizationID) bool {
	isOfCode := p.System == s.System && p.Code == s.Code
	isOfRevenue := p.System == models.SystemRevenue && p.Code == s.Revenue
	if !isOfCode && !isOfRevenue || p.PayerID != "" && p.PayerID != payer {
		return false
	}
	if !(models.Span{From: p.From, Until: p.Until}).Contains(s.ServiceDate) {
		return false
	}
	return !slices.ContainsFunc(p.Modifiers, func(m string) bool { return !slices.Contains(s.Modifiers, m) })
}

// rank is positive where a goes before b; both fit the same service and payer.
func rank(a, b models.Price) int {
	return cmp.Or(
		cmp.Compare(ofService(a), ofService(b)),
		cmp.Compare(len(a.Modifiers), len(b.Modifiers)),
		cmp.Compare(a.PayerID, b.PayerID), // either payer's or ""
		cmp.Compare(a.From, b.From),
	)
}

// ofService is 1 for a price of a service and 0 for one of a revenue code, under which many services are given.
func ofService(p models.Price) int {
	if p.System == models.SystemRevenue {
		return 0
	}
	return 1
}

// subject is what a price is for, whatever its days: the modifiers in any order.
type subject struct {
	system, code, modifiers string
	payer                   models.OrganizationID
}

func subjectOf(p models.Price) subject {
	return subject{p.System, p.Code, strings.Join(slices.Sorted(slices.Values(p.Modifiers)), " "), p.PayerID}
}

// Repeated gives the places of prices of one list that are for the same thing as an earlier one on one of the same days.
func Repeated(list []models.Price) []int {
	var repeated []int
	earlier := map[subject][]models.Span{}
	for i, p := range list {
		key, span := subjectOf(p), models.Span{From: p.From, Until: p.Until}
		if slices.ContainsFunc(earlier[key], func(other models.Span) bool { return overlap(span, other) }) {
			repeated = append(repeated, i)
		}
		earlier[key] = append(earlier[key], span)
	}
	return repeated
}

// Ties gives the places of prices of one list that would hold for the same thing since the same day as one of others, so
// that nothing but a name could choose between them.
func Ties(list, others []models.Price) []int {
	since := map[subject]map[models.Date]bool{}
	for _, p := range others {
		if isNever(models.Span{From: p.From, Until: p.Until}) {
			continue
		}
		key := subjectOf(p)
		if since[key] == nil {
			since[key] = map[models.Date]bool{}
		}
		since[key][p.From] = true
	}
	var ties []int
	for i, p := range list {
		if since[subjectOf(p)][p.From] {
			ties = append(ties, i)
		}
	}
	return ties
}

func overlap(a, b models.Span) bool {
	return !isNever(models.Span{From: max(a.From, b.From), Until: earliest(a.Until, b.Until)})
}

// isNever reports whether a span ends before it begins.
func isNever(s models.Span) bool { return s.Until != "" && s.Until < s.From }

// earliest gives the earlier of two last days, of which an empty one never comes.
func earliest(a, b models.Date) models.Date {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}
