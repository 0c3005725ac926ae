// Package statement says what a guarantor is sent and when: the cycle of letters, why one is not sent, and what is due of a payment plan. It sends nothing.
package statement

import (
	"slices"

	"medbill/models"
	"medbill/models/money"
)

const (
	// Interval is the days between two letters that ask for the same.
	Interval = 30
	// Minimum is the least for which a letter is sent. Parts of a plan are asked for whatever they are.
	Minimum models.Cents = 500
	// majority is the age under which nobody is asked to pay.
	majority = 18
)

// Account is what there is to know about a guarantor on a day.
type Account struct {
	Guarantor models.Ref
	Person    models.Patient         // who the guarantor is
	Due       []models.StatementLine // what is due and may be asked for, oldest first
	Last      models.Statement       // the last that asked for all that was due; the zero one where none did
	Holds     []models.StatementHold
	Plan      models.PaymentPlan // that is active; the zero one where there is none
	Remaining models.Cents       // what is still due of what the plan covers
}

// Patient gives a patient that the guarantor answers for: himself where he is one. Work about a guarantor is in that one's file.
func (a Account) Patient() models.PatientID {
	if a.Guarantor.Type == "Patient" {
		return models.PatientID(a.Guarantor.ID)
	}
	for _, l := range a.Due {
		return l.PatientID
	}
	return ""
}

// Skip says why a guarantor is sent nothing.
type Skip string

// The reasons, in the order in which they are asked.
const (
	SkipNothing     Skip = "nothing-due"
	SkipDeceased    Skip = "deceased"
	SkipMinor       Skip = "minor"
	SkipHeld        Skip = "held"
	SkipPlan        Skip = "plan" // it pays by a plan, of which nothing falls due
	SkipMinimum     Skip = "below-minimum"
	SkipEarly       Skip = "not-yet"     // the last letter is too young
	SkipCollections Skip = "collections" // all letters were sent: people decide
)

// Skips lists the reasons.
func Skips() []Skip {
	return []Skip{SkipNothing, SkipDeceased, SkipMinor, SkipHeld, SkipPlan, SkipMinimum, SkipEarly, SkipCollections}
}

// Next is what a guarantor is sent on a day: the letter, or why there is none. Hold is the kind of the hold that is in the way. Plan is how the plan stands then, where there is one.
type Next struct {
	Letter models.Statement
	Skip   Skip
	Hold   models.HoldKind
	Plan   models.PlanState
}

// Decide gives what a guarantor is sent on a day. A plan in good standing is asked for by its parts alone; one that is broken counts no more.
func Decide(a Account, day models.Date) Next {
	next := Next{}
	if a.Plan.ID != "" {
		next.Plan = StandingOf(a.Plan, a.Remaining, day).State
	}
	hold := slices.IndexFunc(a.Holds, func(h models.StatementHold) bool { return h.Holds(day) })
	switch {
	case len(a.Due) == 0:
		next.Skip = SkipNothing
	case a.Person.Deceased:
		next.Skip = SkipDeceased
	case IsMinor(a.Person, day):
		next.Skip = SkipMinor
	case hold >= 0:
		next.Skip, next.Hold = SkipHeld, a.Holds[hold].Kind
	case next.Plan == models.PlanActive:
		next.Letter, next.Skip = part(a, day)
	default:
		next.Letter, next.Skip = letter(a, day)
	}
	return next
}

// IsMinor reports whether somebody is too young to be asked. Who has no day of birth is not.
func IsMinor(p models.Patient, day models.Date) bool {
	return p.BirthDate != "" && p.BirthDate.YearsUntil(day) < majority
}

// letter asks for all that is due. Its step is that of what was asked for the most often.
func letter(a Account, day models.Date) (models.Statement, Skip) {
	before := map[models.Ref]int{}
	for _, l := range a.Last.Lines {
		before[l.Subject] = l.Asked
	}
	lines := slices.Clone(a.Due)
	most := 0
	for i := range lines {
		lines[i].Asked = before[lines[i].Subject] + 1
		most = max(most, lines[i].Asked)
	}
	s := models.Statement{
		Guarantor: a.Guarantor, Day: day, Amount: Sum(lines), Lines: lines, Latest: true, Cause: models.CauseOfStatement(a.Guarantor, day),
	}
	switch {
	case s.Amount < Minimum:
		return models.Statement{}, SkipMinimum
	case most > 1 && day < a.Last.Day.AddDays(Interval):
		return models.Statement{}, SkipEarly
	case most > len(models.StatementCycle):
		return models.Statement{}, SkipCollections
	}
	s.Step = models.StatementCycle[most-1]
	return s, ""
}

// Exhausted gives what of an account all letters asked for.
func Exhausted(a Account) (sum models.Cents) {
	for _, due := range a.Due {
		for _, l := range a.Last.Lines {
			if l.Subject == due.Subject && l.Asked >= len(models.StatementCycle) {
				sum += due.Amount
			}
		}
	}
	return sum
}

// Sum adds lines up.
func Sum(lines []models.StatementLine) models.Cents {
	amounts := make([]models.Cents, len(lines))
	for i, l := range lines {
		amounts[i] = l.Amount
	}
	return money.Sum(amounts...)
}
