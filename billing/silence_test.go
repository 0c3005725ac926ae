package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/internal/clock/clocktest"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// TestASilentPayerIsWork holds that a payer which says nothing of a claim for longer than it takes is one item, that whatever it says closes the item and gives it its days anew, and that sending the claim again
// does too.
func TestASilentPayerIsWork(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 2, 18, 0, 0, 0, time.UTC))
		d := workless(t, storetest.OpenAt(t, url, hand.Clock()))
		none := 0
		d.settings(models.SettingsChange{SelfPayHours: &none})
		d.practice()
		d.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA HMO"}`)
		d.payers("payer,name,aliases,identifiers,transactions\nbeta,BETA HMO,,,\n")
		d.payers(facts + "beta,answer-days,,14,,\n")
		works := func() {
			t.Helper()
			for range 4 {
				if err := d.step(); err != nil {
					t.Fatal(err)
				}
			}
		}
		first, second := d.guest(1, "silent"), d.guest(2, "silent")
		for _, one := range []struct {
			g     guest
			payer models.OrganizationID
		}{{first, "acme"}, {second, "beta"}} {
			one.g.send(one.g.patient(), one.g.plan("plan").with(paidBy(ref("Organization/"+string(one.payer)))), one.g.encounter("visit"), one.g.condition("dx", "I10"), one.g.procedure("a", "99214"))
			works()
			one.g.submit()
		}
		stands := func(day int, want string) {
			t.Helper()
			hand.Advance(time.Date(2026, 3, 2+day, 18, 0, 0, 0, time.UTC).Sub(hand.Clock().Now()))
			for range 2 {
				if err := d.office.AskForAnswers(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			works()
			if got := strings.ReplaceAll(first.stands()+" | "+second.stands(), " 250.00", ""); got != want {
				t.Errorf("after %d days it stands %s, want %s", day, got, want)
			}
			d.clean()
		}
		says := func(g guest, category string) {
			t.Helper()
			if err := g.answersWith(g.claim(), fields{"outcome": "queued", "identifier": []fields{{"system": "http://payer.example.org/icn", "value": category + "-" + g.id}},
				"extension": []fields{{"url": ours + "claim-status", "valueCodeableConcept": conceptOf("https://x12.org/codes/claim-status-category-codes", category)}}}); err != nil {
				t.Fatal(err)
			}
		}
		stands(13, "sent; acme transmitted | sent; beta transmitted")
		stands(14, "sent; acme transmitted | sent; beta transmitted; no-answer")
		says(second, "P1")
		stands(27, "sent; acme transmitted | sent; beta pending")
		stands(28, "sent; acme transmitted | sent; beta pending; no-answer")
		if err := second.decided(models.WorkNoAnswer, models.DecideResend); err != nil {
			t.Fatal(err)
		}
		stands(30, "sent; acme transmitted; no-answer | sent; beta transmitted")
		says(first, "A4")
		stands(31, "sent; acme lost; no-answer | sent; beta transmitted")
		if err := first.decided(models.WorkNoAnswer, models.DecideResend); err != nil {
			t.Fatal(err)
		}
		stands(32, "sent; acme transmitted | sent; beta transmitted")
		stands(42, "sent; acme transmitted | sent; beta transmitted; no-answer")
		if err := second.answersWith(second.claim(), fields{}, line{"150.00", []string{"CO 45 70.00", "PR 2 30.00"}}); err != nil {
			t.Fatal(err)
		}
		stands(43, "sent; acme transmitted | patient; beta adjudicated; invoice issued 30.00")
	})
}

// TestWhatWasTurnedAwayWaitsForAPerson holds that a claim which its payer turned away does not go out again by itself, however the practice sends its claims, that its work stands until somebody sends it, and that
// the payer may turn it away again.
func TestWhatWasTurnedAwayWaitsForAPerson(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		auto := true
		d.settings(models.SettingsChange{AutoSubmit: &auto})
		g := d.guest(1, "away")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("a", "99214"))
		g.quiet()
		for n, category := range []string{"A7", "", "A3"} {
			turned := fields{"outcome": "error", "error": []fields{{"code": fields{"text": "Unknown."}}}, "identifier": []fields{{"system": "http://payer.example.org/icn", "value": fmt.Sprint("T-", n)}}}
			if category != "" {
				turned["extension"] = []fields{{"url": ours + "claim-status", "valueCodeableConcept": conceptOf("https://x12.org/codes/claim-status-category-codes", category)}}
			}
			if got, want := g.stands(), "sent; acme transmitted 250.00"; got != want {
				t.Fatalf("sent for the %d. time it stands %s, want %s", n+1, got, want)
			}
			g.must(g.answersWith(g.claim(), turned))
			if got, want := g.stands(), "ready; acme ready 250.00; rejected-claim"; got != want {
				t.Errorf("turned away for the %d. time it stands %s, want %s", n+1, got, want)
			}
			g.send(g.plan("plan").with(fields{"subscriberId": fmt.Sprint("MEMBER-", n)}))
			g.quiet()
			if got, want := g.stands(), "ready; acme ready 250.00; rejected-claim"; got != want {
				t.Errorf("mended for the %d. time it stands %s, want %s", n+1, got, want)
			}
			g.must(g.decided(models.WorkRejected, models.DecideResend))
		}
		d.clean()
	})
}

// TestAPayerWhoseWordWaitsForAPersonIsNotSilent holds that a claim of which the payer said what a person has to decide about is that person's work alone, however long that takes.
func TestAPayerWhoseWordWaitsForAPersonIsNotSilent(t *testing.T) {
	eachFrontDesk(t, func(t *testing.T, d desked) {
		g := d.guest(1, "heard")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("a", "99214"))
		d.works()
		if err := g.answered(nil); err != nil {
			t.Fatal(err)
		}
		d.works()
		g.submit()
		says := func(number, outcome string, extension fields, lines ...line) {
			t.Helper()
			if err := g.answersWith(g.claim(), fields{"outcome": outcome, "identifier": []fields{{"system": "http://payer.example.org/icn", "value": number}}, "extension": []fields{extension}}, lines...); err != nil {
				t.Fatal(err)
			}
			d.works()
		}
		after := func(days int, want models.WorkKind) {
			t.Helper()
			d.hand.Advance(time.Duration(days) * 24 * time.Hour)
			if err := d.office.AskForAnswers(context.Background()); err != nil {
				t.Fatal(err)
			}
			g.only(want)
		}
		says("FWD", "complete", fields{"url": ours + "clp-status", "valueCode": "23"}, line{"0.00", []string{"OA B11 250.00"}})
		after(0, models.WorkAnswer)
		after(31, models.WorkAnswer)
		says("ACK", "queued", fields{"url": ours + "claim-status", "valueCodeableConcept": conceptOf("https://x12.org/codes/claim-status-category-codes", "A2")})
		after(31, models.WorkAnswer)
	})
}
