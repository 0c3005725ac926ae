package statement_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/statement"
	"medbill/models"
)

func planOf(amount models.Cents, n int, first models.Date) models.PaymentPlan {
	return models.PaymentPlan{
		ID: "plan", Guarantor: zzyzx, State: models.PlanActive, Amount: amount, Parts: statement.Parts(amount, n, first), Covers: models.List[models.PlanCover]{{ChargeID: "1", Amount: amount}},
	}
}

// TestAPlansPartsSumToTheWhole, none differs from another by more than a cent, and none is nothing.
func TestAPlansPartsSumToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, statement.PartsMax).Draw(t, "parts")
		amount := models.Cents(rapid.IntRange(n, 10_000_000).Draw(t, "amount"))
		var sum models.Cents
		parts := statement.Parts(amount, n, "2026-01-31")
		for i, p := range parts {
			sum += p.Amount
			if p.Amount < 1 || parts[0].Amount-p.Amount > 1 || p.Sequence != i+1 {
				t.Fatalf("%s in %d: %+v", amount, n, parts)
			}
		}
		if sum != amount || len(parts) != n {
			t.Fatalf("%s in %d parts sums to %s", amount, n, sum)
		}
	})
}

// TestAPlanIsBrokenByAPartElevenDaysLate. (Figure 6.)
func TestAPlanIsBrokenByAPartElevenDaysLate(t *testing.T) {
	p := planOf(7400, 3, "2026-03-02")
	if got := fmt.Sprint(p.Parts[0].Amount, " ", p.Parts[1].Amount, " ", p.Parts[2].Amount); got != "24.67 24.67 24.66" {
		t.Fatalf("74.00 in three is %s", got)
	}
	for _, row := range []struct {
		paid models.Cents
		day  models.Date
		want string
	}{
		{0, "2026-03-01", "active 0.00 0"},
		{0, "2026-03-02", "active 24.67 0"},
		{0, "2026-03-12", "active 24.67 10"},
		{0, "2026-03-13", "broken 24.67 11"},
		{2467, "2026-03-31", "active 0.00 0"},
		{2467, "2026-04-11", "active 24.67 10"},
		{2467, "2026-04-12", "broken 24.67 11"},
		{2466, "2026-04-01", "broken 24.68 30"},
		{7400, "2026-12-31", "kept 0.00 0"},
	} {
		s := statement.StandingOf(p, p.Amount-row.paid, row.day)
		if got := fmt.Sprint(s.State, " ", s.Due, " ", s.Late); got != row.want || s.Paid != row.paid {
			t.Errorf("with %s paid, on %s: %s, want %s", row.paid, row.day, got, row.want)
		}
	}
}

// TestABrokenPlanIsAskedForWhole and one in good standing by its parts, late ones too, each once.
func TestABrokenPlanIsAskedForWhole(t *testing.T) {
	a := owing(line("1", 7400))
	a.Plan, a.Remaining = planOf(7400, 3, "2026-03-02"), 7400
	first := statement.Decide(a, "2026-03-02")
	if l := first.Letter; l.Step != models.StatementOfPlan || l.Amount != 2467 || l.Lines[0].Part != 1 || l.Latest || l.Cause != models.CauseOfPart("plan", 1) {
		t.Errorf("the first part: %+v", first)
	}
	if late := statement.Decide(a, "2026-03-13"); late.Plan != models.PlanBroken || late.Letter.Step != models.StatementFirst || late.Letter.Amount != 7400 {
		t.Errorf("broken: %+v", late)
	}
	a.Remaining = 7400 - 1000
	second := statement.Decide(a, "2026-03-10").Letter
	if second.Amount != 1467 || len(second.Lines) != 1 || second.Cause != first.Letter.Cause {
		t.Errorf("the rest of the first: %+v", second)
	}
}

// TestWhatAPlanPaysIsReadOffWhatIsDue: it pays the oldest first, and a payment that is taken back is missing again.
func TestWhatAPlanPaysIsReadOffWhatIsDue(t *testing.T) {
	covers := statement.Cover([]models.PlanCover{{ChargeID: "a", Amount: 3000}, {ChargeID: "b", Amount: 5000}, {ChargeID: "c", Amount: 100}}, 7000)
	if got := fmt.Sprint(covers); got != "[{a 30.00} {b 40.00}]" {
		t.Errorf("70.00 covers %s", got)
	}
	p := models.PaymentPlan{Amount: 7000, Covers: covers}
	for _, row := range []struct {
		a, b models.Cents
		want models.Cents
	}{{3000, 5000, 7000}, {0, 5000, 4000}, {0, 4500, 4000}, {0, 3500, 3500}, {0, 0, 0}, {3000, 0, 3000}} {
		if got := statement.Remaining(p, map[models.ChargeID]models.Cents{"a": row.a, "b": row.b}); got != row.want {
			t.Errorf("with %s and %s due %s remains, want %s", row.a, row.b, got, row.want)
		}
	}
}
