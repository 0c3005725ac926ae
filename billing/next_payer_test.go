package billing_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/models"
	"medbill/models/fault"
)

// insured is a visit of 325.00 of a patient who has ACME first and BETA behind it; its first claim is sent.
func (g guest) insured() {
	g.send(g.patient(), g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)), g.encounter("visit"), g.condition("dx", "I10"),
		g.charge("a", "99214-25"), g.charge("b", "93000"), g.charge("c", "36415"))
	g.quiet()
	g.submit()
}

var (
	bySecond      = map[string]line{"99214": {"60.00", []string{"OA 23 180.00", "PR 3 10.00"}}, "93000": {"4.00", []string{"OA 23 56.00"}}, "36415": {"0.00", []string{"OA 23 15.00"}}}
	bySecondAgain = map[string]line{"99214": {"100.00", []string{"OA 23 140.00", "PR 3 10.00"}}, "93000": {"4.00", []string{"OA 23 56.00"}}, "36415": {"0.00", []string{"OA 23 15.00"}}}
)

// TestTheNextPayerIsAskedBeforeThePatient holds that what one payer leaves is the next one's claim with the answer on it, that the patient owes what is
// left by the last, and that a takeback of the first is followed by a corrected answer of the second to the cent.
func TestTheNextPayerIsAskedBeforeThePatient(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "two")
		g.insured()
		steps := []struct {
			what         string
			do           func() error
			stands, owed string // ACME, BETA and the patient owe
		}{
			{"the first answers", func() error { return g.judges("A-1", false, asFirst) }, "ready; acme adjudicated 325.00; beta ready 325.00", "0.00 74.00 0.00"},
			{"the second is asked", func() error { return g.sends("beta") }, "sent; acme adjudicated 325.00; beta transmitted 325.00", "0.00 74.00 0.00"},
			{"the second answers", func() error { return g.judged(g.askedOf("beta"), "B-1", false, bySecond) }, "patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00", "0.00 0.00 10.00"},
			{"the first takes its answer back", func() error { return g.judges("A-1", true, asFirst) }, "sent; acme reversed 325.00; beta adjudicated 325.00; invoice issued 10.00", "325.00 -74.00 10.00"},
			{"and corrects it", func() error { return g.judges("A-1R", false, asCorrected) }, "held; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00; next-payer", "0.00 40.00 10.00"},
			{"the second takes its answer back", func() error { return g.judged(g.askedOf("beta"), "B-1", true, bySecond) }, "sent; acme adjudicated 325.00; beta reversed 325.00; invoice issued 10.00; next-payer", "0.00 114.00 0.00"},
			{"and corrects it too", func() error { return g.judged(g.askedOf("beta"), "B-1R", false, bySecondAgain) }, "patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00", "0.00 0.00 10.00"},
		}
		for _, step := range steps {
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			g.quiet()
			if got := g.stands(); got != step.stands {
				t.Errorf("after %s it stands\n %s, want\n %s", step.what, got, step.stands)
			}
			if got := g.owe(); got != step.owed {
				t.Errorf("after %s ACME, BETA and the patient owe %s, want %s", step.what, got, step.owed)
			}
			if step.what == "the second is asked" {
				first, second := g.askedOf("acme"), g.askedOf("beta")
				text := g.read("Claim", string(second.ID))
				want := `"insurance":[{"sequence":1,"focal":false,"coverage":{"reference":"Coverage/` + string(first.CoverageID) + `"},"claimResponse":{"reference":"ClaimResponse/` + string(second.Prior[0].AnswerID) +
					`"}},{"sequence":2,"focal":true,"coverage":{"reference":"Coverage/` + string(second.CoverageID) + `"}}]`
				beta := d.payer("beta")
				for _, seen := range []models.Ref{{Type: "Claim", ID: string(second.ID)}, {Type: "ClaimResponse", ID: string(second.Prior[0].AnswerID)}, {Type: "Coverage", ID: string(first.CoverageID)}, {Type: "Organization", ID: "acme"}} {
					if _, err := d.records.Read(context.Background(), beta, seen); err != nil {
						t.Errorf("the second payer does not read %s: %v", seen.Type, err)
					}
				}
				if _, err := d.records.Read(context.Background(), beta, models.Ref{Type: "Claim", ID: string(first.ID)}); !fault.Is(err, fault.NotFound) {
					t.Errorf("the second payer reads the first one's claim: %v", err)
				}
				if !strings.Contains(text, want) || second.Number != first.Number || second.Position != 2 {
					t.Errorf("the claim to the second payer is %s, want %s", text, want)
				}
			}
		}
		g.asksWhatIsOwed("in the end")
		waits := map[string]models.Cents{}
		g.view(func(v *store.View) error {
			return journal.Each(v, func(e models.Entry) error {
				for _, p := range e.Postings {
					if p.Account == models.AccountClearing {
						waits[string(p.PayerID)+" "+p.RemittanceID] += p.Amount
					}
				}
				return nil
			})
		})
		if want := map[string]models.Cents{"acme EFT0001": 9600, "beta EFT9001": 6400, "acme REM0003": -4000, "beta EFT9005": 4000}; !maps.Equal(waits, want) {
			t.Errorf("for deposits wait %v, want %v", waits, want)
		}
		number := g.askedOf("acme").Number
		of := func(account, payer, trace, amount string) string {
			return strings.Join([]string{account, payer, number, g.id, trace, amount}, ",")
		}
		got := d.report("trial-balance", "by=account,payer,claim,patient,remittance")
		if want := []string{
			of("AR:Patient", "", "", "10.00"), of("Clearing:ERA", "acme", "EFT0001", "96.00"), of("Clearing:ERA", "acme", "REM0003", "-40.00"), of("Clearing:ERA", "beta", "EFT9001", "64.00"),
			of("Clearing:ERA", "beta", "EFT9005", "40.00"), of("Contra:Bundled", "acme", "", "15.00"), of("Contra:Contractual", "acme", "", "140.00"), of("Revenue:Gross", "acme", "", "-325.00"),
		}; !slices.Equal(got, want) {
			t.Errorf("the trial balance is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestAClaimToTheNextPayerFollowsTheAnswerBeforeIt holds that one which is not sent yet is taken back with the answer that it came of, and made anew with the
// next.
func TestAClaimToTheNextPayerFollowsTheAnswerBeforeIt(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "unsent")
		g.insured()
		answers := []func() error{
			func() error { return g.judges("A-1", false, asFirst) }, func() error { return g.judges("A-1", true, asFirst) }, func() error { return g.judges("A-1R", false, asCorrected) },
		}
		want := []string{"ready; acme adjudicated 325.00; beta ready 325.00", "sent; acme reversed 325.00", "ready; acme adjudicated 325.00; beta ready 325.00"}
		for i, answer := range answers {
			if err := answer(); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got := g.stands(); got != want[i] {
				t.Errorf("after answer %d it stands %s, want %s", i, got, want[i])
			}
		}
		if got := g.owe(); got != "0.00 114.00 0.00" {
			t.Errorf("ACME, BETA and the patient owe %s", got)
		}
		if kinds := g.answerKinds(); !strings.HasPrefix(kinds, "original cancelled") || len(g.askedOf("beta").Prior) != 1 {
			t.Errorf("the claim to the second payer goes by %+v of %s", g.askedOf("beta").Prior, kinds)
		}
	})
}

// TestWhatANextPayerMisreportsIsProposed holds that an answer which takes off again what the payer before paid and took off posts nothing, shows how it
// should read, and is posted so once somebody accepts it.
func TestWhatANextPayerMisreportsIsProposed(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("99499", "500.00")
		g := d.guest(1, "rfi")
		g.send(g.patient(), g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)), g.encounter("visit"), g.condition("dx", "I10"), g.charge("a", "99499"))
		g.quiet()
		g.submit()
		if err := g.judges("M-1", false, map[string]line{"99499": {"300.00", []string{"CO 45 125.00", "PR 1 75.00"}}}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if err := g.sends("beta"); err != nil {
			t.Fatal(err)
		}
		if err := g.judged(g.askedOf("beta"), "MCD-1", false, map[string]line{"99499": {"65.00", []string{"CO 45 435.00"}}}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got, want := g.stands(), "sent; acme adjudicated 500.00; beta transmitted 500.00; review-answer"; got != want {
			t.Errorf("it stands %s, want %s", got, want)
		}
		item := g.only(models.WorkAnswer)
		if item.Category != "cob-impact-misreported" || len(item.Reasons) != 1 || !strings.Contains(item.Reasons[0].Text, "line 1: CO-45 10.00, OA-23 425.00") {
			t.Errorf("the work says %+v", item)
		}
		if got := g.owe(); got != "0.00 75.00 0.00" {
			t.Errorf("held, ACME, BETA and the patient owe %s", got)
		}
		if _, err := d.office.DecideWork(context.Background(), d.admin(), billing.Call{}, item.ID, billing.Verdict{Decision: models.DecideAccept, Reason: "As proposed."}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got, want := g.stands(), "closed; acme adjudicated 500.00; beta adjudicated 500.00"; got != want {
			t.Errorf("accepted it stands %s, want %s", got, want)
		}
		if got := g.owe() + " " + g.owed(models.AccountContractual).String() + " " + g.owed(models.AccountClearing).String(); got != "0.00 0.00 0.00 135.00 365.00" {
			t.Errorf("accepted, what is owed, given up and paid is %s", got)
		}
	})
}

// TestOneAnswersWorkIsItsOwnLines holds that giving up what one answer refused leaves what nobody judged yet, that a denial alone is no next payer's claim, and
// that an answer which waits as misreported is posted once or not at all.
func TestOneAnswersWorkIsItsOwnLines(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		part := d.guest(1, "part")
		part.three()
		c := part.claim()
		first := c.Lines[0].Billed
		if err := part.answersWith(c, fields{"outcome": "partial"}, line{"0.00", []string{"CO 50 " + first.String()}}); err != nil {
			t.Fatal(err)
		}
		part.quiet()
		if err := d.decide(part.only(models.WorkAnswer).ID, billing.Verdict{Decision: models.DecideWriteOff, Reason: "As agreed."}); err != nil {
			t.Fatal(err)
		}
		if got, want := part.owed(models.AccountARInsurance), 32500-first; got != want || part.owed(models.AccountDenied) != first {
			t.Errorf("with the first line given up the payer owes %s, want %s", got, want)
		}

		denied := d.guest(2, "part")
		denied.insured()
		if err := denied.judges("A-1", false, map[string]line{"99214": {"0.00", []string{"PR 96 250.00"}}, "93000": {"60.00", nil}, "36415": {"15.00", nil}}); err != nil {
			t.Fatal(err)
		}
		denied.quiet()
		if got, want := denied.stands(), "held; acme adjudicated 325.00; next-payer; review-answer"; got != want || denied.owe() != "250.00 0.00 0.00" {
			t.Errorf("refused it stands %s and is owed %s, want %s", got, denied.owe(), want)
		}

		twice := d.guest(3, "part")
		twice.insured()
		if err := twice.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		twice.quiet()
		if err := twice.sends("beta"); err != nil {
			t.Fatal(err)
		}
		whole := map[string]line{"99214": {"60.00", []string{"CO 45 180.00", "PR 3 10.00"}}, "93000": {"4.00", []string{"CO 45 56.00"}}, "36415": {"0.00", []string{"CO 45 15.00"}}}
		if err := twice.judged(twice.askedOf("beta"), "B-9", false, whole); err != nil {
			t.Fatal(err)
		}
		twice.quiet()
		item := twice.only(models.WorkAnswer)
		beta := twice.askedOf("beta")
		right := bySecond[beta.Lines[0].Code]
		if err := twice.answersWith(beta, fields{"outcome": "partial", "identifier": []fields{{"value": "B-10"}}}, right); err != nil {
			t.Fatal(err)
		}
		twice.quiet()
		owed := twice.owe()
		if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideAccept, Reason: "As proposed."}); refusal(err) != "work.judged decision" || twice.owe() != owed {
			t.Errorf("with a line judged since, accepting is %v, and %s is owed, before %s", err, twice.owe(), owed)
		}
	})
}

// TestWhatANextPayerDoesNotOweAnyMoreIsThePatients holds that a plan which ends after the first answer leaves nothing where nobody is asked for it: a person
// decides, and the patient is; a takeback afterwards undoes that too.
func TestWhatANextPayerDoesNotOweAnyMoreIsThePatients(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "ended")
		g.insured()
		if err := g.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		g.send(g.plan("second").with(paidBy(ref("Organization/beta")), order(2), fields{"period": fields{"end": "2026-01-31"}}))
		g.quiet()
		if got, want := g.stands(), "held; acme adjudicated 325.00; next-payer"; got != want || g.owe() != "0.00 74.00 0.00" {
			t.Fatalf("with the plan ended it stands %s and is owed %s, want %s", got, g.owe(), want)
		}
		if err := d.decide(g.only(models.WorkNextPayer).ID, billing.Verdict{Decision: models.DecideRelease, Reason: "It ended in January."}); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got, want := g.stands(), "patient; acme adjudicated 325.00; invoice issued 74.00"; got != want || g.owe() != "0.00 0.00 74.00" {
			t.Errorf("released it stands %s and is owed %s, want %s", got, g.owe(), want)
		}
		for _, judge := range []func() error{func() error { return g.judges("A-1", true, asFirst) }, func() error { return g.judges("A-1R", false, asCorrected) }} {
			if err := judge(); err != nil {
				t.Fatal(err)
			}
			g.quiet()
		}
		if got := g.owe(); got != "0.00 0.00 114.00" {
			t.Errorf("corrected, ACME, BETA and the patient owe %s", got)
		}
		g.asksWhatIsOwed("corrected")
	})
}

// sends submits the guest's claim to a payer.
func (g guest) sends(payer models.OrganizationID) error {
	g.t.Helper()
	_, err := g.office.SubmitClaim(context.Background(), g.admin(), billing.Call{}, g.askedOf(payer).ID)
	return err
}

// owe gives what ACME, BETA and the patient owe of the guest's visit by the books.
func (g guest) owe() string {
	g.t.Helper()
	sums := map[string]models.Cents{}
	g.view(func(v *store.View) error {
		return journal.Each(v, func(e models.Entry) error {
			for _, p := range e.Postings {
				switch {
				case p.PatientID != models.PatientID(g.id):
				case p.Account == models.AccountARInsurance:
					sums[string(p.PayerID)] += p.Amount
				case p.Account == models.AccountARPatient:
					sums["patient"] += p.Amount
				}
			}
			return nil
		})
	})
	return sums["acme"].String() + " " + sums["beta"].String() + " " + sums["patient"].String()
}
