package billing_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// houseRule is a rule about electrocardiograms.
func houseRule(action models.RuleAction, value string) models.PracticeRule {
	return models.PracticeRule{
		ID: "ecg-rule", Title: "Electrocardiograms", Text: "The practice looks at electrocardiograms.", EachLine: true, Condition: `line.code == "93000"`, Action: action, Value: value,
		Examples: models.List[models.RuleExample]{
			{Name: "one", Claim: json.RawMessage(`{"claim":{"lines":[{"code":"36415"},{"code":"93000"}]}}`), Finds: []int{2}},
			{Name: "none", Claim: json.RawMessage(`{"claim":{"lines":[{"code":"36415"}]}}`)},
		},
	}
}

func (d *desk) rules() []models.PracticeRule {
	d.t.Helper()
	rules, err := d.office.Rules(context.Background(), d.admin())
	if err != nil {
		d.t.Fatal(err)
	}
	return rules
}

// writes keeps a rule and switches that version on.
func (d *desk) writes(r models.PracticeRule) models.PracticeRule {
	d.t.Helper()
	saved, err := d.office.SaveRule(context.Background(), d.coder("mona"), billing.Call{}, r)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.switches(saved.Result, true)
}

func (d *desk) switches(r models.PracticeRule, on bool) models.PracticeRule {
	d.t.Helper()
	done, err := d.office.SwitchRule(context.Background(), d.coder("mona"), billing.Call{}, billing.RuleSwitch{ID: r.ID, Version: r.Version, On: on})
	if err != nil {
		d.t.Fatal(err)
	}
	return done.Result
}

// TestAPracticesRuleActsWhileItIsOn holds what each action does to a claim that is not sent, that a later version takes the place of an earlier
// one, and that switching off takes everything back.
func TestAPracticesRuleActsWhileItIsOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		g := d.guest(1, "rules")
		g.send(g.visit()...)
		g.quiet()
		const ready = "ready; acme ready 75.00"
		version := 0
		for _, row := range []struct {
			action        models.RuleAction
			value, stands string
		}{
			{models.RuleWarning, "", ready},
			{models.RuleError, "", "held; acme held 75.00 scrub.practice.ecg-rule; correct-claim"},
			{models.RuleHold, "", "held; acme held 75.00 scrub.practice.ecg-rule; correct-claim"},
			{models.RuleRoute, "heart-desk", "held; acme held 75.00 scrub.practice.ecg-rule; correct-claim"},
			{models.RuleSetModifier, "59", ready},
		} {
			r := d.writes(houseRule(row.action, row.value))
			g.quiet()
			if version++; r.Version != version || r.State != models.RuleOn || r.Who != "mona" {
				t.Errorf("%s is %+v", row.action, r)
			}
			if got := g.stands(); got != row.stands {
				t.Errorf("under %s it stands %s, want %s", row.action, got, row.stands)
			}
			says := strings.Contains(g.validated(), "scrub.practice.ecg-rule") // what a rule put on is told too
			if modifiers := g.modifiers("93000"); slices.Contains(modifiers, "59") != (row.action == models.RuleSetModifier) || !says {
				t.Errorf("under %s the line has %v, and $validate tells of the rule: %v", row.action, modifiers, says)
			}
			if row.action == models.RuleRoute {
				if got := g.queue(); got != "heart-desk" {
					t.Errorf("it waits in %s", got)
				}
			}
			if strings.HasPrefix(row.stands, "held") { // somebody of the right role lets it go
				biller := g.admin()
				biller.Scopes = auth.ParseScopes("user/*.rs operation/submit operation/validate")
				err := g.overrides(biller, g.claim(), "scrub.practice.ecg-rule", "Seen.", false)
				if row.action == models.RuleHold {
					if !fault.Is(err, fault.Forbidden) {
						t.Errorf("a biller lets go what is for a manager: %v", err)
					}
					err = g.overrides(g.admin(), g.claim(), "scrub.practice.ecg-rule", "Seen.", false)
				}
				if err != nil || g.stands() != ready {
					t.Errorf("under %s, let go, it stands %s, %v", row.action, g.stands(), err)
				}
			}
		}
		on := slices.DeleteFunc(d.rules(), func(r models.PracticeRule) bool { return r.State != models.RuleOn })
		if len(on) != 1 || on[0].Version != version {
			t.Errorf("on is %+v", on)
		}
		d.switches(on[0], false)
		g.quiet()
		if got := g.stands(); got != ready || len(g.modifiers("93000")) != 0 {
			t.Errorf("switched off it stands %s with %v", got, g.claim().Lines[0].Modifiers)
		}
		g.submit()
		d.clean()
	})
}

// modifiers gives those of the line of a code on the guest's claim.
func (g guest) modifiers(code string) models.Codes {
	g.t.Helper()
	lines := g.claim().Lines
	at := slices.IndexFunc(lines, func(l models.ClaimLine) bool { return l.Code == code })
	if at < 0 {
		g.t.Fatalf("the claim has no %s", code)
	}
	return lines[at].Modifiers
}

// queue gives the category of the work on the guest's claim.
func (g guest) queue() string {
	g.t.Helper()
	category := ""
	g.view(func(v *store.View) error {
		items, err := books.OpenWork(v, models.CaseOf(models.VisitID(g.named("visit"))))
		for _, w := range items {
			category = w.Category
		}
		return err
	})
	return category
}

// TestAModifierThatCannotBePutOnHolds holds that an action which does not apply is told and not passed over.
func TestAModifierThatCannotBePutOnHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.writes(houseRule(models.RuleSetModifier, "XE"))
		g := d.guest(1, "full")
		full := g.procedure("ecg", "93000").with(fields{"code": fields{"text": "93000-76-77-RT-Q1", "coding": []fields{{"system": cpt, "code": "93000"}}}})
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), full)
		g.quiet()
		if got := g.stands(); !strings.Contains(got, "scrub.practice.ecg-rule") || !strings.HasPrefix(got, "held") {
			t.Errorf("it stands %s", got)
		}
		d.clean()
	})
}

// TestARuleIsTriedBeforeItActs holds that a trial shows what a rule would have done on claims that are out, and leaves everything as it was.
func TestARuleIsTriedBeforeItActs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		for n := range 3 {
			g := d.guest(n, "trial")
			g.send(g.visit()...)
			g.quiet()
			g.submit()
		}
		try := func(r models.PracticeRule, days models.Span) billing.RuleTrial {
			t.Helper()
			trial, err := d.office.TryRule(context.Background(), d.admin(), r, days, "")
			if err != nil {
				t.Fatal(err)
			}
			return trial
		}
		if got := try(houseRule(models.RuleHold, ""), models.Span{}); got.Looked != 3 || len(got.Acted) != 3 || got.More || len(got.Acted[0].Lines) != 1 || got.Acted[0].Failed {
			t.Errorf("the trial says %+v", got)
		}
		if got := try(houseRule(models.RuleHold, ""), models.Span{From: "2026-03-03"}); got.Looked != 0 || len(got.Acted) != 0 {
			t.Errorf("of other days it says %+v", got)
		}
		fails := houseRule(models.RuleHold, "")
		fails.EachLine, fails.Condition, fails.Examples = false, `claim.diagnoses[7] == "I10"`, models.List[models.RuleExample]{{Name: "eight", Claim: json.RawMessage(`{"claim":{"diagnoses":["","","","","","","","I10"]}}`), Finds: []int{0}}}
		if got := try(fails, models.Span{}); len(got.Acted) != 3 || !got.Acted[0].Failed {
			t.Errorf("a rule that cannot be asked says %+v", got)
		}
		if rules := d.rules(); len(rules) != 0 {
			t.Errorf("a trial keeps %+v", rules)
		}
		bad := houseRule(models.RuleHold, "")
		bad.Examples[0].Finds = []int{1}
		if _, err := d.office.SaveRule(context.Background(), d.admin(), billing.Call{}, bad); !fault.Is(err, fault.Invalid) || len(d.rules()) != 0 {
			t.Errorf("a rule that fails its example is told %v", err)
		}
		d.clean()
	})
}
