// Package eligibility says what a payer's answer about a plan comes to: a summary that a person reads, whether it is new enough to go by, and what is to be done about a refusal.
package eligibility

import (
	"slices"

	"medbill/models"
)

// Summary is what a payer says about a plan, as a person wants to read it. What is nil or empty is not said.
type Summary struct {
	Day           models.Date // of service that was asked for
	Checked       models.Date
	Active        *bool
	Period        models.Span
	Plan          string
	Network       string // in or out, of the amounts
	Copays        []Copay
	Coinsurance   []Share
	Deductible    Amounts
	OutOfPocket   Amounts
	Others        []models.OtherPayer
	Authorization []string // types of service, and codes, that the payer wants to authorize before
	Excluded      []string // that the plan does not cover
	Refusals      []models.EligibilityRefusal
}

// Copay is what is paid for a visit of a type of service.
type Copay struct {
	Service string
	Amount  models.Cents
}

// Share is what percent of what is allowed is paid for a type of service.
type Share struct {
	Service string
	Percent int
}

// Amounts are those of one member and of the family.
type Amounts struct{ Individual, Family Amount }

// Amount is an amount of a term, and what is left of it.
type Amount struct{ Total, Remaining *models.Cents }

// Of sums an answer up. Of the amounts in two networks those within it count, and those of a year before others.
func Of(e models.Eligibility) Summary {
	s := Summary{Day: e.Day, Checked: e.Checked, Active: e.InForce, Period: e.Period, Plan: e.Plan, Others: e.Others, Refusals: e.Refusals}
	for _, b := range Preferred(e.Benefits) {
		about := b.Service
		if b.Code != "" {
			about = b.Code
		}
		if b.Authorized != nil && *b.Authorized && !slices.Contains(s.Authorization, about) {
			s.Authorization = append(s.Authorization, about)
		}
		if b.Excluded && !slices.Contains(s.Excluded, about) {
			s.Excluded = append(s.Excluded, about)
		}
		switch b.Kind {
		case models.BenefitCopay:
			if b.Allowed != nil && !slices.ContainsFunc(s.Copays, func(c Copay) bool { return c.Service == about }) {
				s.Copays = append(s.Copays, Copay{about, *b.Allowed})
			}
		case models.BenefitCoinsurance:
			if b.Percent != nil && !slices.ContainsFunc(s.Coinsurance, func(c Share) bool { return c.Service == about }) {
				s.Coinsurance = append(s.Coinsurance, Share{about, *b.Percent})
			}
		case models.BenefitDeductible:
			s.Deductible.note(b)
		case models.BenefitMaximum:
			s.OutOfPocket.note(b)
		}
		if s.Network == "" {
			s.Network = b.Network
		}
	}
	return s
}

// note keeps the first amount of a member and of the family.
func (a *Amounts) note(b models.Benefit) {
	of := &a.Individual
	if b.Unit == models.UnitFamily {
		of = &a.Family
	}
	if of.Total == nil && of.Remaining == nil {
		of.Total, of.Remaining = b.Allowed, b.Remaining()
	}
}

// Preferred gives benefits in the order in which the first of a kind counts: within the network before outside of it, of a year before of another term.
func Preferred(benefits []models.Benefit) []models.Benefit {
	rank := func(b models.Benefit) int {
		n := 0
		if b.Network == models.NetworkOut {
			n += 2
		}
		if b.Term != "" && b.Term != models.TermAnnual {
			n++
		}
		return n
	}
	sorted := slices.Clone(benefits)
	slices.SortStableFunc(sorted, func(a, b models.Benefit) int { return rank(a) - rank(b) })
	return sorted
}
