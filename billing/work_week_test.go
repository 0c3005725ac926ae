package billing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// The money of the items that wait for payers is what they owe by the books: check (a) for the kinds that there are.
func TestWhatIsAtStakeIsWhatThePayerOwes(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		answers := []line{{"0.00", []string{"CO 50 60.00"}}, {"30.00", []string{"CO 45 10.00", "PI 187 20.00"}}, {"20.00", []string{"CO 45 30.00", "PR 96 10.00"}}}
		for i := range answers {
			d.guest(i, "owed").send(d.guest(i, "owed").ecg()...)
		}
		d.quiet()
		want := models.Cents(0)
		for i, l := range answers {
			g := d.guest(i, "owed")
			g.submit()
			c := g.claim()
			if err := g.answers(c, l); err != nil {
				t.Fatal(err)
			}
			// A second answer waits beside the first and stands for the same money.
			if i == 1 {
				if err := g.answersWith(c, fields{"identifier": []fields{{"system": "http://payer.example.org/icn", "value": "again"}}}, line{"60.00", nil}); err != nil {
					t.Fatal(err)
				}
			}
		}
		d.quiet()
		got := models.Cents(0)
		d.view(func(v *store.View) error {
			items, err := books.WorkItems(v, models.WorkAnswer, "", 100)
			if err != nil {
				return err
			}
			var claims []models.ClaimID
			for _, w := range items {
				got += w.Amount
				claims = append(claims, w.ClaimID)
			}
			if len(items) != len(answers)+1 {
				t.Errorf("%d items are open", len(items))
			}
			postings, err := journal.PostingsByClaim(v, slices.Compact(slices.Sorted(slices.Values(claims))))
			for _, list := range postings {
				for _, p := range list {
					if p.Account == models.AccountARInsurance {
						want += p.Amount
					}
				}
			}
			return err
		})
		if got != want || got == 0 {
			t.Errorf("at stake is %s, the payers owe %s", got, want)
		}
	})
}

// TestAPracticesWeekLeavesExactlyThisWork holds check (a): what a week leaves to people, by kind, and over which amounts.
func TestAPracticesWeekLeavesExactlyThisWork(t *testing.T) {
	share := line{"40.00", []string{"PR 2 20.00"}}
	sent := func(g guest, then func() error) error {
		g.submit()
		return then()
	}
	answered := func(more fields, l line) func(g guest) error {
		return func(g guest) error { return sent(g, func() error { return g.answersWith(g.claim(), more, l) }) }
	}
	changed := func(f func(g guest) fields) func(g guest) error {
		return func(g guest) error { return sent(g, func() error { return g.try(f(g)) }) }
	}
	week := []struct {
		kind   models.WorkKind
		visit  func(g guest) []fields
		then   func(g guest) error
		amount models.Cents
	}{
		{models.WorkCode, func(g guest) []fields { return []fields{g.patient(), g.plan("plan"), g.encounter("visit")} }, nil, 0},
		{models.WorkPrice, func(g guest) []fields { return append(g.ecg(), g.procedure("more", "71046")) }, nil, 6000},
		{models.WorkCoverage, func(g guest) []fields {
			return append(g.ecg(), g.plan("plan").with(order(1)), g.plan("other").with(paidBy(ref("Organization/beta")), order(1)))
		}, nil, 6000},
		{models.WorkUnfinished, guest.ecg, func(g guest) error { return g.try(g.encounter("visit").with(fields{"status": "in-progress"})) }, 0},
		{models.WorkChangedCoding, guest.ecg, func(g guest) error {
			if err := g.code(models.VisitID(g.named("visit")), coded); err != nil {
				return err
			}
			return g.try(g.procedure("more", "99214"))
		}, 6000},
		{models.WorkLateCharge, guest.ecg, changed(func(g guest) fields { return g.procedure("late", "99214") }), 25000},
		{models.WorkChangedSent, guest.ecg, changed(func(g guest) fields { return g.condition("dx", "E78.5") }), 6000},
		{models.WorkCoverageChanged, guest.ecg, changed(func(g guest) fields { return g.plan("plan").with(paidBy(ref("Organization/beta"))) }), 6000},
		{models.WorkCancelled, guest.ecg, changed(func(g guest) fields { return g.encounter("visit").with(fields{"status": "cancelled"}) }), 6000},
		{models.WorkClaim, func(g guest) []fields { return append(g.ecg(), g.plan("plan").with(fields{"subscriberId": nil})) }, nil, 6000},
		{models.WorkRejected, guest.ecg, func(g guest) error {
			return sent(g, func() error {
				return g.answersWith(g.claim(), fields{"outcome": "error", "error": []fields{{"code": fields{"text": "Unknown."}}}})
			})
		}, 6000},
		{models.WorkAnswer, guest.ecg, answered(nil, line{"0.00", []string{"CO 50 60.00"}}), 6000},
		{models.WorkNextPayer, guest.ecg, func(g guest) error {
			if err := answered(nil, share)(g); err != nil {
				return err
			}
			g.quiet()
			return g.try(g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)))
		}, 2000},
		{models.WorkHardship, guest.ecg, answered(fields{"processNote": []fields{{"number": 1, "text": "N781"}}}, share), 2000},
		{models.WorkCharge, func(g guest) []fields {
			return []fields{g.patient(), g.charge("lost", "93000").with(fields{"context": nil})}
		}, nil, 0},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range week {
			g := d.guest(i, "week")
			documents := map[string]fields{}
			for _, f := range row.visit(g) {
				documents[fmt.Sprint(f["resourceType"], f["id"])] = f // what is said twice is said last
			}
			for _, f := range documents {
				g.send(f)
			}
		}
		d.quiet()
		for i, row := range week {
			if row.then != nil {
				if err := row.then(d.guest(i, "week")); err != nil {
					t.Fatalf("%s: %v", row.kind, err)
				}
			}
		}
		d.quiet()
		var want []models.WorkQueue
		for _, row := range week {
			want = append(want, models.WorkQueue{Kind: row.kind, Count: 1, Amount: row.amount})
		}
		slices.SortFunc(want, func(a, b models.WorkQueue) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
		d.view(func(v *store.View) error {
			got, err := books.WorkQueues(v, models.WorkFilter{}, models.WorkAsker{})
			for i := range got {
				got[i].Category, got[i].Oldest = "", 0
			}
			if !slices.Equal(got, want) {
				t.Errorf("the week leaves\n%+v, want\n%+v", got, want)
			}
			return err
		})
	})
}

// The decisions that TestADecisionIsCarriedOutAndClosesItsWork does not make, on the cases that they are for.
func TestWorkIsPricedResentAcceptedAndRunAgain(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		unpriced, rejected, corrected, failed := d.guest(0, "other"), d.guest(1, "other"), d.guest(2, "other"), d.guest(3, "other")
		for _, g := range []guest{unpriced, rejected, corrected, failed} {
			g.send(g.ecg()...)
		}
		unpriced.send(unpriced.procedure("x-ray", "71046"))
		d.quiet()
		rejected.submit()
		corrected.submit()
		turnedAway := fields{"outcome": "error", "error": []fields{{"code": fields{"text": "Unknown."}}}}
		again := fields{"identifier": []fields{{"system": "http://payer.example.org/icn", "value": "again"}}}
		for _, err := range []error{
			rejected.answersWith(rejected.claim(), turnedAway),
			corrected.answers(corrected.claim(), line{"60.00", nil}), corrected.answersWith(corrected.claim(), again, line{"50.00", []string{"CO 45 10.00"}}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		d.quiet()
		d.rest()
		if err := failed.try(failed.procedure("more", "36415")); err != nil { // a step is due that nobody does
			t.Fatal(err)
		}
		d.giveUp("Encounter/" + failed.named("visit"))
		prices := billing.FeeLoad{Name: "x-rays", Lines: []models.Price{{Sequence: 2, System: models.SystemCPT, Code: "71046", Amount: 4000}}}
		for _, row := range []struct {
			g    guest
			kind models.WorkKind
			v    billing.Verdict
			want string
		}{
			{unpriced, models.WorkPrice, billing.Verdict{Decision: models.DecidePrice, Fees: prices}, "ready; acme ready 100.00"},
			{rejected, models.WorkRejected, billing.Verdict{Decision: models.DecideResend}, "sent; acme transmitted 60.00"},
			{corrected, models.WorkAnswer, billing.Verdict{Decision: models.DecideAccept, Reason: "The first stands."}, "closed; acme adjudicated 60.00"},
		} {
			w := row.g.only(row.kind)
			if err := d.decide(w.ID, row.v); err != nil {
				t.Errorf("%s: %v", row.kind, err)
			}
			if got := row.g.stands(); got != row.want || d.workItem(w.ID).IsOpen() {
				t.Errorf("%s: it stands %s, want %s", row.kind, got, row.want)
			}
		}
		step := failed.only(models.WorkStep)
		if step.Category != "plan" {
			t.Errorf("the step that failed is %q", step.Category)
		}
		if err := d.decide(step.ID, billing.Verdict{Decision: models.DecideRetry}); err != nil {
			t.Error(err)
		}
		if k := d.kase(step.CaseID); k.Due != models.StepPlan || d.workItem(step.ID).IsOpen() {
			t.Errorf("the case is due to %q", k.Due)
		}
		for d.step() == nil && d.kase(step.CaseID).Due != models.StepNone {
			continue
		}
		if got := failed.stands(); got != "ready; acme ready 75.00" {
			t.Errorf("the step that was run again leads to %s", got)
		}
	})
}

// A person who put something right need not wait until somebody works: looking again closes what it was about.
func TestLookingAgainClosesWhatIsPutRight(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := workless(t, db)
		d.practice()
		g := d.guest(0, "again")
		g.send(g.ecg()...)
		g.send(g.plan("plan").with(fields{"subscriberId": nil}))
		for d.step() == nil && d.kase(models.CaseOf(models.VisitID(g.named("visit")))).Due != models.StepNone {
			continue
		}
		w := g.only(models.WorkClaim)
		if len(w.Reasons) == 0 || w.Category != w.Reasons[0].Code || w.PayerID != "acme" || w.ProviderID != "doc" {
			t.Errorf("the work is %+v", w)
		}
		again := billing.Verdict{Decision: models.DecideRecheck}
		if got := refusal(d.decide(w.ID, again)); got != "work.stands " {
			t.Errorf("looking again at what still stands is %q", got)
		}
		g.send(g.plan("plan"))
		if err := d.decide(w.ID, again); err != nil {
			t.Fatal(err)
		}
		if got := g.stands(); got != "ready; acme ready 60.00" || d.workItem(w.ID).IsOpen() {
			t.Errorf("it stands %s", got)
		}
	})
}
