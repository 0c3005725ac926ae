// Package pricing says what a payer is expected to allow of a claim by its contract, and how each amount comes about: every step names
// the rate or the release that it goes by, and the last one has the amount. Amounts are exact until they are rounded to the cent at the
// end. It knows neither what the payer answered (but for Shortfall, which compares) nor what it pays: sequestration and the patient's share
// come off what is allowed.
package pricing

import (
	"cmp"
	"slices"

	"medbill/internal/codes"
	"medbill/internal/contracts"
	"medbill/models"
	"medbill/models/money"
)

// Input is a claim with what it is priced by: the contracts of the practice, and the releases of Tables for DaysOf.
type Input struct {
	Claim     models.Claim
	Contracts *contracts.Book
	Codes     codes.Books
}

// Tables are the tables that amounts go by.
func Tables() []codes.Table { return []codes.Table{codes.Fees, codes.FeeLocalities} }

// DaysOf gives the days on which the tables are looked at.
func DaysOf(c models.Claim, book *contracts.Book) []models.Date {
	var days []models.Date
	for _, l := range c.Lines {
		day := dayOf(c, l)
		if terms, found := book.On(c.InsurerID, day); found {
			days = append(days, cmp.Or(terms.ScheduleDay, day))
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// dayOf gives the day by which a line is priced: that of its service, of a stay the first one.
func dayOf(c models.Claim, l models.ClaimLine) models.Date {
	return cmp.Or(l.ServiceDate, c.ServiceFrom)
}

// Expect gives what the payer of a claim is expected to allow. A line whose amount nothing says is not known, and so is the claim then.
func Expect(in Input) models.Expected {
	lines := make([]*line, len(in.Claim.Lines))
	groups := map[models.ContractID][]*line{}
	for i, l := range in.Claim.Lines {
		lines[i] = lineOf(in.Claim, l)
		terms, found := in.Contracts.On(in.Claim.InsurerID, lines[i].service.Day)
		if !found {
			lines[i].unknown("No contract with the payer holds on the day of service.", "")
			continue
		}
		lines[i].terms = terms
		groups[terms.ID] = append(groups[terms.ID], lines[i])
	}
	for _, group := range groups {
		priceAll(pricer{in.Claim, group[0].terms, in.Codes}, group)
	}
	expected := models.Expected{ClaimID: in.Claim.ID, IsKnown: len(lines) > 0}
	for _, l := range lines {
		one := l.expected()
		expected.Lines = append(expected.Lines, one)
		expected.Billed += one.Billed
		expected.Allowed += one.Allowed
		expected.IsKnown = expected.IsKnown && one.IsKnown
	}
	if !expected.IsKnown {
		expected.Allowed = 0
	}
	return expected
}

// pricer prices the lines of a claim to which one contract is.
type pricer struct {
	claim models.Claim
	terms *contracts.Terms
	codes codes.Books
}

// priceAll prices lines of one contract: each by itself, then what several of one day change, then the charge where it is less.
func priceAll(p pricer, lines []*line) {
	for _, l := range p.ofClaim(lines) {
		p.rate(l)
		if l.amount != nil && l.isService {
			p.modify(l)
		}
	}
	if p.terms.Policy == models.PolicyMedicare {
		p.several(lines)
	}
	for _, l := range lines {
		l.agreed = l.amount
	}
	p.lesser(lines)
}

// expected gives what came of a line, rounded to the cent.
func (l *line) expected() models.ExpectedLine {
	one := models.ExpectedLine{Sequence: l.Sequence, ChargeID: l.ChargeID, Billed: l.Billed, OfClaim: l.isOfClaim, Steps: l.steps}
	if l.terms != nil {
		one.ContractID = l.terms.ID
	}
	if l.amount != nil {
		one.Allowed, one.Agreed, one.IsKnown = money.Nearest(l.amount), money.Nearest(l.agreed), true
	}
	return one
}
