package statement

import (
	"slices"

	"medbill/models"
	"medbill/models/money"
)

const (
	// Grace is how many days late a part may be paid; after that the plan is broken.
	Grace = 10
	// PartsMax bounds a plan: five years.
	PartsMax = 60
)

// Parts splits an amount into n parts, the first due on a day and each of the others Interval days after the one before. They sum to the amount exactly; what does not divide goes to the first ones.
func Parts(amount models.Cents, n int, first models.Date) []models.PlanPart {
	weights := make([]int64, n)
	for i := range weights {
		weights[i] = 1
	}
	parts := make([]models.PlanPart, n)
	for i, share := range money.Split(amount, weights) {
		parts[i] = models.PlanPart{Sequence: i + 1, Day: first.AddDays(i * Interval), Amount: share}
	}
	return parts
}

// Cover gives of which charges an amount is what a plan pays, in their order.
func Cover(dues []models.PlanCover, amount models.Cents) []models.PlanCover {
	var covers []models.PlanCover
	for _, due := range dues {
		if due.Amount = min(due.Amount, amount); due.Amount > 0 {
			covers = append(covers, due)
			amount -= due.Amount
		}
	}
	return covers
}

// Remaining gives what is still due of what a plan covers; due is by charge.
func Remaining(p models.PaymentPlan, due map[models.ChargeID]models.Cents) (sum models.Cents) {
	for _, c := range p.Covers {
		sum += min(c.Amount, max(due[c.ChargeID], 0))
	}
	return sum
}

// Standing is how a plan stands on a day: what was paid of it, what is due by that day, and how many days the oldest part is late that was not paid whole.
type Standing struct {
	State models.PlanState
	Paid  models.Cents
	Due   models.Cents
	Late  int
}

// StandingOf gives how a plan stands on a day of which something remains due.
func StandingOf(p models.PaymentPlan, remaining models.Cents, day models.Date) Standing {
	s := Standing{State: models.PlanActive, Paid: p.Amount - remaining}
	for _, open := range open(p, s.Paid, day) {
		s.Due += open.Amount
		s.Late = max(s.Late, open.Day.DaysUntil(day))
	}
	switch {
	case remaining <= 0:
		s.State = models.PlanKept
	case s.Late > Grace:
		s.State = models.PlanBroken
	}
	return s
}

// open gives the parts that are due by a day with what is not paid of each; what was paid pays the first ones.
func open(p models.PaymentPlan, paid models.Cents, day models.Date) []models.PlanPart {
	var list []models.PlanPart
	for _, one := range p.Parts {
		if one.Day > day {
			break
		}
		covered := min(one.Amount, paid)
		paid -= covered
		if one.Amount -= covered; one.Amount > 0 {
			list = append(list, one)
		}
	}
	return list
}

// part asks for what is due of a plan. Each part is asked for once: what is late stands in the letter of the next one too.
func part(a Account, day models.Date) (models.Statement, Skip) {
	due := open(a.Plan, a.Plan.Amount-a.Remaining, day)
	if len(due) == 0 {
		return models.Statement{}, SkipPlan
	}
	last := slices.MaxFunc(due, func(x, y models.PlanPart) int { return x.Sequence - y.Sequence })
	s := models.Statement{Guarantor: a.Guarantor, Day: day, Step: models.StatementOfPlan, Cause: models.CauseOfPart(a.Plan.ID, last.Sequence)}
	for _, one := range due {
		s.Lines = append(s.Lines, models.StatementLine{Day: one.Day, Amount: one.Amount, Part: one.Sequence})
	}
	s.Amount = Sum(s.Lines)
	return s, ""
}
