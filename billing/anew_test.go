package billing_test

import (
	"strings"
	"testing"

	"medbill/billing"
	"medbill/models"
)

// TestWhatWasNotProcessedIsSentAnew holds that a claim which its payer says it could not process (MA130) is corrected by a new one of frequency 1 that names none before it, also at a payer that takes no
// replacement, that nothing of it can be appealed, and that the visit stands in the books once when that is judged.
func TestWhatWasNotProcessedIsSentAnew(t *testing.T) {
	unprocessed := fields{"processNote": []fields{{"number": 1, "text": "MA130"}}}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.payers("payer,name,aliases,identifiers,transactions\nacme,ACME PPO,,,\n")
		d.payers("payer,subject,code,value,from,until\nacme,takes-replacement,,no,,\nacme,takes-void,,no,,\nacme,corrected-filing-limit,,1,,\n")
		d.price("99213", "150.00")
		g := d.guest(1, "anew")
		g.coded()
		first := g.claim()
		if err := g.answersWith(first, unprocessed, line{"0.00", []string{"CO 16 250.00"}}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		item := g.only(models.WorkAnswer)
		if text := item.Reasons[0].Text; !strings.Contains(text, "resend") || !strings.Contains(text, "MA130") {
			t.Errorf("the work says %q", text)
		}
		if got := refusal(d.decide(item.ID, billing.Verdict{Decision: models.DecideAppeal, Reason: "Why not."})); got != "denial.appeal decision" {
			t.Errorf("an appeal is refused by %q", got)
		}
		if got := refusal(d.decide(item.ID, billing.Verdict{Decision: models.DecideVoid, Reason: "Why not."})); got != "claim.not-taken decision" {
			t.Errorf("a void claim is refused by %q", got)
		}
		g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideReplace, Coding: models.Coding{
			Diagnoses: coded.Diagnoses, Services: []models.Service{{System: cpt, Code: "99213", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}},
		}}))
		claims, told := g.all()
		if want := "acme replacement-pending 250.00; acme transmitted 150.00 1"; told != want {
			t.Fatalf("there are %s, want %s; it stands %s", told, want, g.stands())
		}
		second := claims[1]
		if text := g.read("Claim", string(second.ID)); strings.Contains(text, "related") || strings.Contains(text, "claim-frequency") || second.Number != first.Number {
			t.Errorf("sent anew it reads %s", text)
		}
		g.must(g.judged(second, "R-2", false, as99213))
		if _, told := g.all(); told != "acme replaced 250.00; acme adjudicated 150.00 1" {
			t.Errorf("judged there are %s", told)
		}
		if got := g.stands(); got != "patient; acme adjudicated 150.00; invoice issued 10.00" || g.sumOf(models.AccountRevenue) != -15000 || g.sumOf(models.AccountARInsurance) != 0 {
			t.Errorf("judged it stands %s, earned %s, owed %s", got, g.sumOf(models.AccountRevenue), g.sumOf(models.AccountARInsurance))
		}

		denied := d.guest(2, "anew")
		denied.coded()
		if err := denied.answers(denied.claim(), line{"0.00", []string{"CO 16 250.00"}}); err != nil {
			t.Fatal(err)
		}
		denied.quiet()
		if got := refusal(denied.decided(models.WorkAnswer, models.DecideReplace)); got != "claim.not-taken decision" {
			t.Errorf("a replacement at a payer that takes none is refused by %q", got)
		}
		denied.must(denied.decided(models.WorkAnswer, models.DecideWriteOff))
	})
}
