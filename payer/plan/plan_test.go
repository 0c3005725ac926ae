package plan_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"medbill/models/money"
	"medbill/payer/plan"
)

var acme = plan.Plan{
	Allowed: map[string]money.Cents{"99214": 150_00, "93000": 20_00, "99213": 100_00}, Bundled: map[string]bool{"36415": true}, Other: 60,
}

func visit() []plan.Line {
	return []plan.Line{{1, "99214", 1, 250_00}, {2, "93000", 1, 60_00}, {3, "36415", 1, 15_00}}
}

func TestAClaimIsJudgedByTheMembersTerms(t *testing.T) {
	share := plan.Terms{Deductible: 50_00, Coinsurance: 20, OutOfPocket: 1000_00}
	met := plan.Terms{Coinsurance: 20, OutOfPocket: 1000_00}
	with := func(t plan.Terms, change func(*plan.Terms)) plan.Terms { change(&t); return t }
	for _, row := range []struct {
		name                                string
		terms                               plan.Terms
		lines                               []plan.Line
		used                                plan.Used
		paid, contract, patient, sequestred money.Cents
	}{
		{"deductible met", met, visit(), plan.Used{}, 136_00, 155_00, 34_00, 0},
		{"deductible first, then 20 % of the rest", share, visit(), plan.Used{}, 96_00, 155_00, 74_00, 0},
		{"what was paid of the deductible before counts", share, visit(), plan.Used{Deductible: 50_00}, 136_00, 155_00, 34_00, 0},
		{"all goes to a deductible of 500.00", with(share, func(t *plan.Terms) { t.Deductible = 500_00 }), visit(), plan.Used{}, 0, 155_00, 170_00, 0},
		{"a copay alone", plan.Terms{Copay: 25_00}, visit(), plan.Used{}, 145_00, 155_00, 25_00, 0},
		{"10.00 left out of pocket", with(met, func(t *plan.Terms) { t.OutOfPocket = 10_00 }), visit(), plan.Used{}, 160_00, 155_00, 10_00, 0},
		{"2 % of each payment are kept", with(met, func(t *plan.Terms) { t.Sequestration = 2 }), visit(), plan.Used{}, 133_28, 157_72, 34_00, 2_72},
		{"a service is not necessary", with(share, func(t *plan.Terms) { t.RefusedLines = map[string]plan.Reason{"93000": {Group: "CO", Code: "50"}} }), visit(), plan.Used{}, 80_00, 175_00, 70_00, 0},
		{"the contract allows less", with(share, func(t *plan.Terms) { t.Allowed = map[string]money.Cents{"99214": 140_00} }), visit(), plan.Used{}, 88_00, 165_00, 72_00, 0},
		{"another level of visit", met, []plan.Line{{1, "99213", 1, 150_00}, {2, "93000", 1, 60_00}, {3, "36415", 1, 15_00}}, plan.Used{}, 96_00, 105_00, 24_00, 0},
		{"charges as they are", plan.Terms{InFull: true}, visit(), plan.Used{}, 325_00, 0, 0, 0},
		{"a higher charge is not allowed more", met, []plan.Line{{1, "99214", 1, 300_00}}, plan.Used{}, 120_00, 150_00, 30_00, 0},
		{"a charge below what is allowed is allowed as it is", met, []plan.Line{{1, "99214", 1, 100_00}}, plan.Used{}, 80_00, 0, 20_00, 0},
		{"60 % of a charge of an unknown code, half a cent up", plan.Terms{}, []plan.Line{{1, "99999", 1, 99}}, plan.Used{}, 59, 40, 0, 0},
		{"two units are allowed twice", met, []plan.Line{{1, "93000", 2, 120_00}}, plan.Used{}, 32_00, 80_00, 8_00, 0},
	} {
		j := plan.Adjudicate(acme, row.terms, plan.Claim{Lines: row.lines, Used: row.used})
		if j.Paid() != row.paid || j.Of("CO", "") != row.contract || j.Of("PR", "") != row.patient || j.Of("CO", "253") != row.sequestred {
			t.Errorf("%s: paid %s, CO %s, PR %s, CO-253 %s; want %s, %s, %s, %s", row.name, j.Paid(), j.Of("CO", ""), j.Of("PR", ""), j.Of("CO", "253"), row.paid, row.contract, row.patient, row.sequestred)
		}
	}
}

func TestASecondPayerPaysWhatTheFirstLeft(t *testing.T) {
	prior := map[int]plan.Prior{1: {80_00, 70_00}, 2: {16_00, 4_00}, 3: {}}
	j := plan.Adjudicate(acme, plan.Terms{Copay: 10_00}, plan.Claim{Lines: visit(), Prior: prior})
	if j.Paid() != 64_00 || j.Of("OA", "23") != 251_00 || j.Of("PR", "3") != 10_00 {
		t.Errorf("paid %s, OA-23 %s, PR-3 %s; want 64.00, 251.00, 10.00", j.Paid(), j.Of("OA", "23"), j.Of("PR", "3"))
	}
	j = plan.Adjudicate(acme, plan.Terms{Copay: 10_00, Misreports: true}, plan.Claim{Lines: visit(), Prior: prior})
	if j.Paid() != 64_00 || j.Of("CO", "45") != 261_00 {
		t.Errorf("misreported: paid %s, CO-45 %s; want 64.00, 261.00", j.Paid(), j.Of("CO", "45"))
	}
}

func TestAClaimIsLateTheDayAfterTheLimit(t *testing.T) {
	served := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for days, want := range map[int]money.Cents{90: 0, 91: 325_00} {
		j := plan.Adjudicate(acme, plan.Terms{FilingDays: 90}, plan.Claim{Lines: visit(), Serviced: served, Received: served.AddDate(0, 0, days)})
		if got := j.Of("CO", "29"); got != want {
			t.Errorf("after %d days CO-29 %s, want %s", days, got, want)
		}
	}
}

// TestEveryLineComesToItsCharge holds it over claims and terms as they may be: nothing is below nothing, and the mirror of a
// judgement undoes it.
func TestEveryLineComesToItsCharge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := func(name string, most int64) money.Cents { return money.Cents(rapid.Int64Range(0, most).Draw(t, name)) }
		terms := plan.Terms{
			Deductible: cents("deductible", 60000), OutOfPocket: cents("out of pocket", 30000), Coinsurance: rapid.Int64Range(0, 100).Draw(t, "coinsurance"), Copay: cents("copay", 5000),
			Sequestration: rapid.Int64Range(0, 5).Draw(t, "sequestration"), InFull: rapid.Bool().Draw(t, "in full"), Authorization: rapid.Bool().Draw(t, "authorization"), Misreports: rapid.Bool().Draw(t, "misreports"),
		}
		c := plan.Claim{Used: plan.Used{Deductible: cents("used", 60000)}, Authorized: rapid.Bool().Draw(t, "authorized")}
		if rapid.Bool().Draw(t, "second") {
			c.Prior = map[int]plan.Prior{}
		}
		for n := range rapid.IntRange(1, 8).Draw(t, "lines") {
			l := plan.Line{Number: n + 1, Code: rapid.SampledFrom([]string{"99214", "93000", "36415", "99999"}).Draw(t, "code"), Units: rapid.Int64Range(1, 4).Draw(t, "units"), Charge: cents("charge", 90000)}
			c.Lines = append(c.Lines, l)
			if c.Prior != nil && rapid.Bool().Draw(t, "answered") {
				c.Prior[l.Number] = plan.Prior{Paid: cents("prior", 90000), Patient: cents("left", 90000)}
			}
		}
		j := plan.Adjudicate(acme, terms, c)
		mirror := j.Reversed()
		for i, l := range j.Lines {
			sum := l.Paid
			for k, a := range l.Adjustments {
				sum += a.Amount
				if a.Amount < 0 || a.Amount+mirror.Lines[i].Adjustments[k].Amount != 0 {
					t.Fatalf("line %d: adjustment of %s", l.Number, a.Amount)
				}
			}
			if sum != l.Charge || l.Paid < 0 || l.Allowed > l.Charge || l.Charge != c.Lines[i].Charge {
				t.Fatalf("line %d comes to %s of %s, paid %s, allowed %s", l.Number, sum, l.Charge, l.Paid, l.Allowed)
			}
		}
		if terms.OutOfPocket > 0 && j.Of("PR", "") > terms.OutOfPocket {
			t.Fatalf("the patient pays %s over %s", j.Of("PR", ""), terms.OutOfPocket)
		}
	})
}
