package statement_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/statement"
	"medbill/models"
)

var zzyzx = models.Ref{Type: "Patient", ID: "zzyzx"}

func line(id string, amount models.Cents) models.StatementLine {
	return models.StatementLine{Subject: models.Ref{Type: "Invoice", ID: id}, Day: "2026-03-02", Amount: amount}
}

func owing(lines ...models.StatementLine) statement.Account {
	return statement.Account{Guarantor: zzyzx, Person: models.Patient{BirthDate: "1970-01-01"}, Due: lines}
}

// TestTheCycleIsFourLettersThirtyDaysApart: asked every day, somebody who pays nothing is sent a letter on the days 0, 30, 60 and 90, and after 30 more people decide.
func TestTheCycleIsFourLettersThirtyDaysApart(t *testing.T) {
	a := owing(line("1", 2000))
	var told []string
	for n := range 200 {
		next := statement.Decide(a, models.Date("2026-03-02").AddDays(n))
		switch next.Skip {
		case "":
			told = append(told, fmt.Sprintf("%d %s %s", n, next.Letter.Step, next.Letter.Amount))
			a.Last = next.Letter
		case statement.SkipEarly:
		default:
			told = append(told, fmt.Sprintf("%d %s %s", n, next.Skip, statement.Exhausted(a)))
		}
		if next.Skip == statement.SkipCollections {
			break
		}
	}
	if got, want := fmt.Sprint(told), "[0 day-0 20.00 30 day-30 20.00 60 day-60 20.00 90 day-90 20.00 120 collections 20.00]"; got != want {
		t.Errorf("the cycle is %s, want %s", got, want)
	}
}

// TestANewBillJoinsTheNextLetter and has letters of its own counted: the step is that of the oldest, and what was paid is asked for no more.
func TestANewBillJoinsTheNextLetter(t *testing.T) {
	a := owing(line("1", 2000))
	first := statement.Decide(a, "2026-03-02").Letter
	a.Last, a.Due = first, []models.StatementLine{line("1", 2000), line("2", 700)}
	if next := statement.Decide(a, "2026-03-12"); next.Skip != statement.SkipEarly {
		t.Errorf("ten days later: %+v", next)
	}
	second := statement.Decide(a, "2026-04-01").Letter
	if second.Step != models.StatementSecond || second.Amount != 2700 || second.Lines[0].Asked != 2 || second.Lines[1].Asked != 1 {
		t.Errorf("30 days later: %+v", second)
	}
	a.Last, a.Due = second, []models.StatementLine{line("2", 700)}
	if third := statement.Decide(a, "2026-05-01").Letter; third.Step != models.StatementSecond || third.Amount != 700 {
		t.Errorf("after the first was paid: %+v", third)
	}
	a.Due = []models.StatementLine{line("3", 800)}
	if fresh := statement.Decide(a, "2026-04-02").Letter; fresh.Step != models.StatementFirst || fresh.Amount != 800 {
		t.Errorf("what is new after all was paid waits for nothing: %+v", fresh)
	}
}

// TestNobodyIsAskedWhoIsNotToBe: each reason skips, in the order of the table.
func TestNobodyIsAskedWhoIsNotToBe(t *testing.T) {
	const day = models.Date("2026-03-02")
	held := func(kind models.HoldKind, from, until, lifted models.Date) []models.StatementHold {
		return []models.StatementHold{{Kind: kind, From: from, Until: until, Lifted: lifted}}
	}
	for what, row := range map[string]struct {
		change func(a *statement.Account)
		skip   statement.Skip
		hold   models.HoldKind
	}{
		"who owes 5.00":            {func(a *statement.Account) { a.Due = []models.StatementLine{line("1", 300), line("2", 200)} }, "", ""},
		"who owes 4.99":            {func(a *statement.Account) { a.Due = []models.StatementLine{line("1", 299), line("2", 200)} }, statement.SkipMinimum, ""},
		"who owes nothing":         {func(a *statement.Account) { a.Due = nil }, statement.SkipNothing, ""},
		"a child":                  {func(a *statement.Account) { a.Person.BirthDate = "2008-03-03" }, statement.SkipMinor, ""},
		"who is 18 today":          {func(a *statement.Account) { a.Person.BirthDate = "2008-03-02" }, "", ""},
		"whose age nobody knows":   {func(a *statement.Account) { a.Person.BirthDate = "" }, "", ""},
		"who died":                 {func(a *statement.Account) { a.Person.Deceased = true }, statement.SkipDeceased, ""},
		"who is bankrupt":          {func(a *statement.Account) { a.Holds = held(models.HoldBankruptcy, "2026-03-01", "", "") }, statement.SkipHeld, models.HoldBankruptcy},
		"whose hold ends tomorrow": {func(a *statement.Account) { a.Holds = held(models.HoldManual, "2026-03-01", "2026-03-03", "") }, statement.SkipHeld, models.HoldManual},
		"whose hold ended today":   {func(a *statement.Account) { a.Holds = held(models.HoldManual, "2026-03-01", day, "") }, "", ""},
		"whose hold was lifted":    {func(a *statement.Account) { a.Holds = held(models.HoldManual, "2026-03-01", "", day) }, "", ""},
		"who pays by a plan":       {func(a *statement.Account) { a.Plan, a.Remaining = planOf(2000, 2, "2026-03-03"), 2000 }, statement.SkipPlan, ""},
		"whose part is due":        {func(a *statement.Account) { a.Plan, a.Remaining = planOf(2000, 2, day), 2000 }, "", ""},
		"who is held and pays by plan": {func(a *statement.Account) {
			a.Plan, a.Remaining, a.Holds = planOf(2000, 2, day), 2000, held(models.HoldDispute, day, "", "")
		}, statement.SkipHeld, models.HoldDispute},
	} {
		a := owing(line("1", 2000))
		row.change(&a)
		next := statement.Decide(a, day)
		if next.Skip != row.skip || next.Hold != row.hold || (next.Skip == "") != (next.Letter.Amount > 0) {
			t.Errorf("%s: %+v, want %q %q", what, next, row.skip, row.hold)
		}
	}
}

// TestALetterAsksForAllThatIsDue: its total is the sum of what is due, whatever was asked before.
func TestALetterAsksForAllThatIsDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := owing()
		for i := range rapid.IntRange(1, 6).Draw(t, "bills") {
			l := line(fmt.Sprint(i), models.Cents(rapid.IntRange(1, 100_000).Draw(t, "due")))
			a.Due = append(a.Due, l)
			if asked := rapid.IntRange(0, 3).Draw(t, "asked"); asked > 0 {
				l.Asked = asked
				a.Last.Lines = append(a.Last.Lines, l)
				a.Last.Day = "2026-01-01"
			}
		}
		next, due := statement.Decide(a, "2026-03-02"), statement.Sum(a.Due)
		if due < statement.Minimum {
			if next.Skip != statement.SkipMinimum {
				t.Fatalf("%s is asked for: %+v", due, next)
			}
			return
		}
		if next.Letter.Amount != due || statement.Sum(next.Letter.Lines) != due {
			t.Fatalf("%s is due, and %+v asks for it", due, next)
		}
	})
}
