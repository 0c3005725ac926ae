package estimate_test

import (
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/estimate"
	"medbill/models"
)

func cents(amount models.Cents) *models.Cents { return &amount }

func percent(n int) *int { return &n }

// TestWhatAPatientWillOwe holds the figures of visits that were estimated by hand, each to the cent.
func TestWhatAPatientWillOwe(t *testing.T) {
	visit := []estimate.Line{{Sequence: 1, Charge: 25000, Allowed: cents(15000)}, {Sequence: 2, Charge: 6000, Allowed: cents(2000)}, {Sequence: 3, Charge: 1500, Allowed: cents(0)}}
	one := []estimate.Line{{Sequence: 1, Charge: 15000, Allowed: cents(8895)}}
	for _, row := range []struct {
		name                                          string
		lines                                         []estimate.Line
		terms                                         estimate.Terms
		total, deductible, copay, coinsurance, capped models.Cents
	}{
		{"deductible and coinsurance", visit, estimate.Terms{DeductibleLeft: cents(5000), Coinsurance: percent(20)}, 7400, 5000, 0, 2400, 0},
		{"all of it is deductible", visit, estimate.Terms{DeductibleLeft: cents(50000), Coinsurance: percent(20)}, 17000, 17000, 0, 0, 0},
		{"no more than is left to the maximum", visit, estimate.Terms{DeductibleLeft: cents(0), Coinsurance: percent(20), MaximumLeft: cents(1000)}, 1000, 0, 0, 3400, 2400},
		{"a copay alone", visit, estimate.Terms{Copay: cents(2500)}, 2500, 0, 2500, 0, 0},
		{"rounded to the cent", one, estimate.Terms{DeductibleLeft: cents(3333), Coinsurance: percent(15)}, 4167, 3333, 0, 834, 0},
		{"the family's deductible is lower", visit, estimate.Terms{DeductibleLeft: cents(5000), FamilyDeductibleLeft: cents(2000), Coinsurance: percent(20)}, 5000, 2000, 0, 3000, 0},
		{"the family's maximum is lower", visit, estimate.Terms{Coinsurance: percent(20), MaximumLeft: cents(5000), FamilyMaximumLeft: cents(500)}, 500, 0, 0, 3400, 2900},
		{"nothing is known of the plan", visit, estimate.Terms{}, 0, 0, 0, 0, 0},
		{"nobody knows what is allowed", []estimate.Line{{Sequence: 1, Charge: 10000}}, estimate.Terms{Coinsurance: percent(20)}, 2000, 0, 0, 2000, 0},
		{"a copay above what is allowed", one, estimate.Terms{Copay: cents(10000)}, 8895, 0, 8895, 0, 0},
	} {
		e := estimate.Of(row.lines, row.terms)
		if e.Total != row.total || e.Deductible != row.deductible || e.Copay != row.copay || e.Coinsurance != row.coinsurance || e.Capped != row.capped {
			t.Errorf("%s: %+v", row.name, e)
		}
	}
}

// TestAnEstimateAddsUp holds that the parts and the lines make the total, that nobody owes more than is allowed or than the maximum leaves, and that a lower deductible never costs more.
func TestAnEstimateAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Map(rapid.Int64Range(0, 100_000), func(n int64) models.Cents { return models.Cents(n) })
		maybe := func(name string) *models.Cents {
			if rapid.Bool().Draw(t, name+" is known") {
				return cents(amount.Draw(t, name))
			}
			return nil
		}
		terms := estimate.Terms{
			DeductibleLeft: maybe("deductible"), FamilyDeductibleLeft: maybe("family deductible"), Copay: maybe("copay"), MaximumLeft: maybe("maximum"), FamilyMaximumLeft: maybe("family maximum"),
		}
		if rapid.Bool().Draw(t, "coinsurance is known") {
			terms.Coinsurance = percent(rapid.IntRange(0, 100).Draw(t, "coinsurance"))
		}
		var lines []estimate.Line
		for i := range rapid.IntRange(0, 6).Draw(t, "lines") {
			lines = append(lines, estimate.Line{Sequence: i + 1, Charge: amount.Draw(t, "charge"), Allowed: maybe("allowed")})
		}
		e := estimate.Of(lines, terms)
		sum, steps := models.Cents(0), models.Cents(0)
		for _, l := range e.Lines {
			if l.Patient < 0 || l.Patient > l.Allowed {
				t.Fatalf("line %d costs %s of %s", l.Sequence, l.Patient, l.Allowed)
			}
			sum += l.Patient
		}
		for _, s := range e.Steps[1:] {
			steps += s.Amount
		}
		if sum != e.Total || steps != e.Total || e.Deductible+e.Copay+e.Coinsurance-e.Capped != e.Total {
			t.Fatalf("the lines make %s and the steps %s: %+v", sum, steps, e)
		}
		if terms.MaximumLeft != nil && e.Total > *terms.MaximumLeft || terms.FamilyMaximumLeft != nil && e.Total > *terms.FamilyMaximumLeft {
			t.Fatalf("more than the maximum: %+v", e)
		}
		if terms.DeductibleLeft != nil && terms.Copay == nil {
			lower := terms
			lower.DeductibleLeft = cents(*terms.DeductibleLeft / 2)
			if less := estimate.Of(lines, lower); less.Total > e.Total {
				t.Fatalf("with half the deductible it costs %s, with all %s", less.Total, e.Total)
			}
		}
	})
}

// TestWhatNoPlanPaysIsCharged holds that who pays himself is expected to owe the charges.
func TestWhatNoPlanPaysIsCharged(t *testing.T) {
	e := estimate.OfNobody([]estimate.Line{{Sequence: 1, Charge: 15000}, {Sequence: 2, Charge: 6000}})
	if e.Total != 21000 || e.Allowed != 21000 || len(e.Lines) != 2 || e.Lines[1].Patient != 6000 || len(e.Steps) != 1 || e.Steps[0].Amount != 21000 {
		t.Errorf("expected is %+v", e)
	}
}

// TestATypeOfServiceGoesByTheClaim holds which type of service a payer is taken at its word for.
func TestATypeOfServiceGoesByTheClaim(t *testing.T) {
	for _, row := range []struct {
		form        models.ClaimType
		place, want string
	}{
		{models.ClaimProfessional, "11", "98"}, {models.ClaimProfessional, "23", "86"}, {models.ClaimProfessional, "20", "UC"}, {models.ClaimInstitutional, "", models.ServiceAny},
	} {
		if got := estimate.ServiceOf(row.form, row.place); got != row.want {
			t.Errorf("%s at %q is %q, want %q", row.form, row.place, got, row.want)
		}
	}
}
