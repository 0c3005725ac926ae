package billing_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/models"
)

// Each row is an answer to a claim of 60.00, of which the contract says that 40.00 is allowed, with a dollar to tolerate and 45 days to dispute.
func TestAnAnswerBelowTheContractIsWorkThatNothingWaitsFor(t *testing.T) {
	rows := []struct {
		sentence string
		line     line
		want     string
	}{
		{"as the contract says", line{"30.00", []string{"PR 2 10.00", "CO 45 20.00"}}, "patient; acme adjudicated 60.00; invoice issued 10.00"},
		{"ten dollars below, of which the patient owes a share", line{"20.00", []string{"PR 2 10.00", "CO 45 30.00"}}, "patient; acme adjudicated 60.00; invoice issued 10.00; underpaid"},
		{"within the tolerance", line{"29.00", []string{"PR 2 10.00", "CO 45 21.00"}}, "patient; acme adjudicated 60.00; invoice issued 10.00"},
		{"ten dollars below, and nothing is left", line{"30.00", []string{"CO 45 30.00"}}, "closed; acme adjudicated 60.00; underpaid"},
		{"denied", line{"0.00", []string{"CO 50 60.00"}}, "held; acme adjudicated 60.00; review-answer"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.settings(models.SettingsChange{})
		d.payers(directory)
		d.contracts(contractHeader + "acme-2026,acme,ACME PPO,2026-01-01,,line,,1.00,,45,,,,\n")
		d.contracts(rateHeader + "acme-2026,flat,93000,,,,40,,\n")
		for i := range rows {
			d.guest(i, "short").send(d.guest(i, "short").ecg()...)
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "short")
			g.submit()
			if err := g.answers(g.claim(), row.line); err != nil {
				t.Fatalf("%s: %v", row.sentence, err)
			}
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "short")
			if got := g.stands(); got != row.want {
				t.Errorf("%s: it stands %s, want %s", row.sentence, got, row.want)
			}
			if !strings.Contains(row.want, "underpaid") {
				continue
			}
			w := g.only(models.WorkUnderpaid)
			want := "biller 10.00 until 2026-05-04: Claim.item.where(sequence = 1) By contract acme-2026 40.00 is expected and 30.00 is allowed: 10.00 less."
			if got := fmt.Sprintf("%s %s until %s: %s %s", w.Role, w.Amount, w.Due, w.Reasons[0].Path, w.Reasons[0].Text); got != want {
				t.Errorf("%s: the work is for %s, want %s", row.sentence, got, want)
			}
			if w.ClaimID != g.claim().ID || w.PayerID != "acme" {
				t.Errorf("%s: the work is about claim %s of %s", row.sentence, w.ClaimID, w.PayerID)
			}
			if err := d.decide(w.ID, billing.Verdict{Decision: models.DecideAccept}); refusal(err) != "required reason" {
				t.Errorf("%s: it is accepted without a reason: %v", row.sentence, err)
			}
			if err := d.decide(w.ID, billing.Verdict{Decision: models.DecideAccept, Reason: "Their fee schedule changed in March."}); err != nil {
				t.Errorf("%s: %v", row.sentence, err)
			}
			if got := g.stands(); got != strings.TrimSuffix(row.want, "; underpaid") {
				t.Errorf("%s: accepted, it stands %s", row.sentence, got)
			}
		}
	})
}

// TestAChargeBelowTheContractIsTold holds that a claim which asks for less than the contract with its payer allows goes out with a warning, and one that asks for as much does not have it.
func TestAChargeBelowTheContractIsTold(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.payers(directory)
		d.contracts(contractHeader + "acme-2026,acme,ACME PPO,2026-01-01,,line,,1.00,,45,,,,\n")
		for i, rate := range []string{"60", "60.01"} {
			d.contracts(rateHeader + "acme-2026,flat,93000,,,," + rate + ",,\n")
			g := d.guest(i, "cheap")
			g.send(g.ecg()...)
			g.quiet()
			if got, isLess := g.isTold("scrub.underbilled"), i == 1; got != isLess || g.stands() != "ready; acme ready 60.00" {
				t.Errorf("with %s allowed it is told: %v; it stands %s", rate, got, g.stands())
			}
		}
	})
}
