package billing_test

import (
	"maps"
	"testing"

	"medbill/models"
)

// TestWhatTheNextPayerWasNotAskedForIsNotJudgedByIt holds that a late charge's share, which moved to the next payer while its claim without that was out, is work although the payer judges its
// claim after that, and is asked of it by a corrected claim.
func TestWhatTheNextPayerWasNotAskedForIsNotJudgedByIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99213", "150.00")
		g := d.guest(1, "share")
		g.insured()
		acme, beta := maps.Clone(asFirst), maps.Clone(bySecond)
		acme["99213"], beta["99213"] = line{"100.00", []string{"CO 45 30.00", "PR 2 20.00"}}, line{"20.00", []string{"OA 23 130.00"}}
		var first, second models.Claim
		at := func(n int) models.Claim {
			claims, _ := g.all()
			return claims[n]
		}
		for _, step := range []struct {
			what string
			do   func() error
			want string
		}{
			{"the first answers", func() error { return g.judges("A-1", false, asFirst) }, "ready; acme adjudicated 325.00; beta ready 325.00"},
			{"the second is asked", func() error { return g.sends("beta") }, "sent; acme adjudicated 325.00; beta transmitted 325.00"},
			{"a service comes late", func() error {
				first, second = g.askedOf("acme"), g.askedOf("beta")
				return g.try(g.charge("late", "99213"))
			}, "sent; acme adjudicated 325.00; beta transmitted 325.00; late-charge"},
			{"the first claim is replaced", func() error { return g.decided(models.WorkLateCharge, models.DecideReplace) },
				"sent; acme replacement-pending 325.00; acme transmitted 475.00; beta transmitted 325.00"},
			{"it is taken back", func() error { return g.judged(first, "A-1", true, asFirst) }, "sent; acme replacement-pending 325.00; acme transmitted 475.00; beta transmitted 325.00"},
			{"the corrected one is judged", func() error { return g.judged(at(1), "A-7", false, acme) }, "sent; acme adjudicated 475.00; beta transmitted 325.00"},
			{"the second answers", func() error { return g.judged(second, "B-1", false, bySecond) }, "held; acme adjudicated 475.00; beta adjudicated 325.00; next-payer"},
			{"its claim is replaced", func() error { return g.decided(models.WorkNextPayer, models.DecideReplace) },
				"sent; acme adjudicated 475.00; beta replacement-pending 325.00; beta transmitted 475.00"},
			{"that is taken back", func() error { return g.judged(second, "B-1", true, bySecond) }, "sent; acme adjudicated 475.00; beta replacement-pending 325.00; beta transmitted 475.00"},
			{"and judged", func() error { return g.judged(at(3), "B-7", false, beta) }, "patient; acme adjudicated 475.00; beta adjudicated 475.00; invoice issued 10.00"},
		} {
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v; it stands %s", step.what, err, g.stands())
			}
			g.quiet()
			if got := g.stands(); got != step.want {
				t.Errorf("after %s it stands\n %s, want\n %s", step.what, got, step.want)
			}
		}
		if got := g.sums(); got != "-475.00 280.00 170.00 0.00 10.00" || g.owe() != "0.00 0.00 10.00" {
			t.Errorf("it comes to %s; ACME, BETA and the patient owe %s", got, g.owe())
		}
	})
}
