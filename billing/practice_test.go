package billing_test

import (
	"context"
	"fmt"
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

// rule is a rule on electrocardiograms with an example at which it acts.
func rule(id string, action models.RuleAction, argument string, change ...func(*models.PracticeRule)) models.PracticeRule {
	r := models.PracticeRule{
		ID: id, Title: "An electrocardiogram.", Text: "Our rule on electrocardiograms.", When: `line.code == "93000"`, Each: models.ReachLine, Action: action, Argument: argument,
		Examples: []models.RuleExample{{Title: "one", View: `{"claim":{"lines":[{"code":"36415","date":"2026-03-02"},{"code":"93000","date":"2026-03-02"}]}}`, Acts: []string{"line 2"}}},
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

// saves keeps a rule.
func (d *desk) saves(r models.PracticeRule) billing.SavedRule {
	d.t.Helper()
	done, err := d.office.SavePracticeRule(context.Background(), d.admin(), billing.Call{}, r)
	if err != nil {
		d.t.Fatalf("%s is not saved: %v", r.ID, err)
	}
	return done.Result
}

// switches switches a rule, and waits until what is due is done.
func (d *desk) switches(id string, version int, state models.RuleState) {
	d.t.Helper()
	if _, err := d.office.SwitchPracticeRule(context.Background(), d.admin(), billing.Call{}, id, version, state); err != nil {
		d.t.Fatalf("%s is not switched %s: %v", id, state, err)
	}
	d.quiet()
}

// lines tells a claim's lines with their modifiers.
func lines(c models.Claim) string {
	var said []string
	for _, l := range c.Lines {
		said = append(said, strings.TrimSpace(l.Code+" "+strings.Join(l.Modifiers, " ")))
	}
	return strings.Join(said, "; ")
}

func (d *desk) findings(id models.ClaimID) (found []models.Finding) {
	d.t.Helper()
	d.view(func(v *store.View) error {
		all, err := books.Findings(v, []models.ClaimID{id})
		found = all[id]
		return err
	})
	return found
}

// TestARuleActsFromWhenItIsOnUntilItIsOff holds each action on a claim that waits: nothing before the rule is on, what it says while it is,
// and the claim as it was afterwards.
func TestARuleActsFromWhenItIsOnUntilItIsOff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		g := d.guest(1, "rules")
		g.send(g.visit()...)
		g.quiet()
		before, plain := g.stands(), lines(g.claim())
		for _, row := range []struct {
			name, want, lines string
			rule              models.PracticeRule
			role              models.WorkRole
			label             string
		}{
			{"error", "held; acme held 75.00 practice.error; correct-claim", plain, rule("error", models.RuleError, ""), models.ForBiller, ""},
			{"hold", "held; acme held 75.00 practice.hold; correct-claim", plain, rule("hold", models.RuleHold, ""), models.ForBiller, ""},
			{"a warning", before, plain, rule("warning", models.RuleWarning, ""), "", ""},
			{"a modifier", before, strings.Replace(plain, "93000", "93000 U1", 1), rule("modifier", models.RuleModifier, "U1"), "", ""},
			{"a route to a role", "held; acme held 75.00 practice.role; correct-claim", plain, rule("role", models.RuleRoute, "coder"), models.ForCoder, ""},
			{"a route by a label", "held; acme held 75.00 practice.label; correct-claim", plain, rule("label", models.RuleRoute, "cardiology"), models.ForBiller, "cardiology"},
			{"one on the claim", "held; acme held 75.00 practice.whole; correct-claim", plain, rule("whole", models.RuleError, "", func(r *models.PracticeRule) {
				r.Each, r.When, r.Examples[0].Acts = models.ReachClaim, `claim.lines.exists(l, l.code == "93000")`, []string{"claim"}
			}), models.ForBiller, ""},
			{"one of other days", before, plain, rule("later", models.RuleError, "", func(r *models.PracticeRule) {
				r.From = "2026-03-03"
				r.Examples[0].View = strings.ReplaceAll(r.Examples[0].View, "-02", "-03")
			}), "", ""},
			{"one that has no answer", "held; acme held 75.00 practice.fails; correct-claim", plain, rule("fails", models.RuleWarning, "", func(r *models.PracticeRule) {
				r.When = `line.code == "93000" && (patient.age < 1 || claim.diagnoses[7] == "I10")`
				r.Examples[0].View = `{"patient":{"age":0},"claim":{"lines":[{"code":"36415"},{"code":"93000"}]}}`
			}), models.ForBiller, ""},
		} {
			d.saves(row.rule)
			d.quiet()
			if got := g.stands(); got != before {
				t.Errorf("%s as a draft: %s", row.name, got)
			}
			d.switches(row.rule.ID, 0, models.RuleOn)
			c := g.claim()
			if got := g.stands(); got != row.want || lines(c) != row.lines {
				t.Errorf("%s: %s with %s, want %s with %s", row.name, got, lines(c), row.want, row.lines)
			}
			g.tells(row.rule, before == row.want && row.name != "a warning" && row.name != "a modifier")
			g.routed(row.name, row.role, row.label)
			if body := d.read("Claim", string(c.ID)); strings.Contains(body, `"U1"`) != (row.rule.Action == models.RuleModifier) {
				t.Errorf("%s: the Claim says %s", row.name, body)
			}
			d.clean()
			d.switches(row.rule.ID, 0, models.RuleOff)
			if got := g.stands(); got != before || lines(g.claim()) != plain {
				t.Errorf("%s is off: %s with %s, want %s", row.name, got, lines(g.claim()), before)
			}
		}
		d.clean()
	})
}

// tells holds that a rule that acts has a finding that names it and its version, and one that does not has none.
func (g guest) tells(r models.PracticeRule, isSilent bool) {
	g.t.Helper()
	found := slices.DeleteFunc(g.findings(g.claim().ID), func(f models.Finding) bool { return f.Rule != "practice."+r.ID })
	if isSilent != (len(found) == 0) {
		g.t.Errorf("%s says %+v", r.ID, found)
	}
	for _, f := range found {
		if f.Source != "practice rule "+r.ID+" version 1" {
			g.t.Errorf("%s comes from %q", r.ID, f.Source)
		}
	}
}

// routed holds whose work the claim is, and by which label.
func (g guest) routed(name string, role models.WorkRole, label string) {
	g.t.Helper()
	kase, _ := g.kase("visit")
	g.view(func(v *store.View) error {
		items, err := books.OpenWork(v, kase.ID)
		if (role == "") != (len(items) == 0) {
			g.t.Errorf("%s: %d items are open", name, len(items))
		}
		for _, w := range items {
			if w.Role != role || strings.Join(w.Labels, " ") != label {
				g.t.Errorf("%s: the work is for %s with %v", name, w.Role, w.Labels)
			}
		}
		return err
	})
}

// read gives a document as a client reads it.
func (d *desk) read(typ, id string) string {
	d.t.Helper()
	found, err := d.records.Read(context.Background(), d.admin(), models.Ref{Type: typ, ID: id})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(found.Body)
}

// TestARuleThatOnlyHoldsIsOverridden holds that a person lets go what a rule holds, and corrects what it calls an error.
func TestARuleThatOnlyHoldsIsOverridden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		g := d.guest(1, "let-go")
		g.send(g.visit()...)
		d.saves(rule("hold", models.RuleHold, ""))
		d.saves(rule("route", models.RuleRoute, "coder"))
		d.switches("hold", 0, models.RuleOn)
		d.switches("route", 0, models.RuleOn)
		for _, id := range []string{"hold", "route"} {
			if err := g.overrides(g.admin(), g.claim(), "practice."+id, "We looked at it.", false); err != nil {
				t.Error(err)
			}
		}
		if got := g.stands(); !strings.HasPrefix(got, "ready;") {
			t.Errorf("overridden it stands %s", got)
		}
		d.saves(rule("error", models.RuleError, ""))
		d.switches("error", 0, models.RuleOn)
		if err := g.overrides(g.admin(), g.claim(), "practice.error", "So.", false); !fault.Is(err, fault.Conflict) {
			t.Errorf("an error is overridden: %v", err)
		}
	})
}

// TestASetModifierIsTheClaimsAlone holds that a modifier which a rule sets goes out, that the charge keeps what was coded, that rules of everybody see it, and that one that
// cannot stand holds the claim.
func TestASetModifierIsTheClaimsAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		g := d.guest(1, "modifier")
		g.send(g.visit()...)
		g.quiet()
		d.saves(rule("component", models.RuleModifier, "26"))
		d.saves(rule("technical", models.RuleModifier, "TC"))
		d.switches("component", 0, models.RuleOn)
		version := g.claim().Updated
		if err := g.replan(); err != nil {
			t.Fatal(err)
		}
		if c := g.claim(); c.Updated != version || !strings.Contains(lines(c), "93000 26") {
			t.Errorf("planned again it is written anew: %s", lines(c))
		}
		d.switches("technical", 0, models.RuleOn)
		if got := g.stands(); got != "held; acme held 75.00 practice.technical; correct-claim" {
			t.Errorf("with both it stands %s", got)
		}
		d.switches("technical", 0, models.RuleOff)
		done, err := d.office.SubmitClaim(context.Background(), d.admin(), billing.Call{}, g.claim().ID)
		if err != nil || !strings.Contains(lines(done.Result), "93000 26") {
			t.Errorf("what goes out is %s, %v", lines(done.Result), err)
		}
		kase, _ := g.kase("visit")
		d.view(func(v *store.View) error {
			charges, err := books.Charges(v, kase.ID)
			for _, c := range charges {
				if len(c.Modifiers) > 0 {
					t.Errorf("the charge of %s has %v", c.Code, c.Modifiers)
				}
			}
			return err
		})
		d.switches("component", 0, models.RuleOff)
		if got := lines(g.claim()); !strings.Contains(got, "93000 26") {
			t.Errorf("what was sent says now %s", got)
		}
		d.clean()
	})
}

// replan has the guest's visit planned again.
func (g guest) replan() error {
	_, err := g.office.ValidateClaim(context.Background(), g.admin(), billing.Call{}, g.claim().ID)
	return err
}

// TestVersionsStand holds that a saved change is a version of its own, that the one that is on acts until the next is switched on, and that
// the same again is no version.
func TestVersionsStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		first := d.saves(rule("ecg", models.RuleWarning, ""))
		if again := d.saves(rule("ecg", models.RuleWarning, "")); again.Changed || again.Version != 1 || !first.Changed || first.State != models.RuleDraft || first.SavedBy != "admin" || first.Saved == 0 {
			t.Errorf("%+v and again %+v", first, again)
		}
		d.switches("ecg", 0, models.RuleOn)
		second := d.saves(rule("ecg", models.RuleError, ""))
		g := d.guest(1, "versions")
		g.send(g.visit()...)
		g.quiet()
		if got := g.stands(); second.Version != 2 || !strings.HasPrefix(got, "ready;") {
			t.Errorf("version %d as a draft: %s", second.Version, got)
		}
		d.switches("ecg", 2, models.RuleOn)
		if got := g.stands(); !strings.HasPrefix(got, "held;") {
			t.Errorf("version 2 is on: %s", got)
		}
		told := func(list []models.PracticeRule, err error) string {
			var said []string
			for _, r := range list {
				said = append(said, fmt.Sprintf("%s %d %s %s", r.ID, r.Version, r.State, r.Action))
			}
			return fmt.Sprint(said, err)
		}
		if got := told(d.office.PracticeRuleVersions(context.Background(), d.admin(), "ecg", 0)); got != "[ecg 2 on error ecg 1 off warning] <nil>" {
			t.Errorf("versions %s", got)
		}
		d.switches("ecg", 1, models.RuleOn)
		d.saves(rule("ecg", models.RuleHold, ""))
		if got := told(d.office.PracticeRules(context.Background(), d.admin())); got != "[ecg 1 on warning ecg 3 draft hold] <nil>" {
			t.Errorf("rules %s", got)
		}
		d.switches("ecg", 0, models.RuleOff)
		if got := told(d.office.PracticeRules(context.Background(), d.admin())); got != "[ecg 3 draft hold] <nil>" || !strings.HasPrefix(g.stands(), "ready;") {
			t.Errorf("off: %s, %s", got, g.stands())
		}
		text, err := d.office.PracticeDocument(context.Background(), d.admin())
		if err != nil || !strings.Contains(text, "### ecg, version 3 (draft)") || !strings.Contains(text, "holds the claim until a person lets it go") {
			t.Errorf("%s, %v", text, err)
		}
	})
}

// TestATrialChangesNothing holds that a rule that is tried says what it would do, of claims that were sent too, and leaves everything as it was.
func TestATrialChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		sent, waits := d.guest(1, "try"), d.guest(2, "try")
		sent.send(sent.visit()...)
		waits.send(waits.visit()...)
		d.quiet()
		if _, err := d.office.SubmitClaim(context.Background(), d.admin(), billing.Call{}, sent.claim().ID); err != nil {
			t.Fatal(err)
		}
		before := sent.stands() + waits.stands() + fmt.Sprint(sent.claim().Updated, waits.claim().Updated)
		days := models.Span{From: "2026-03-02", Until: "2026-03-02"}
		biller := d.admin()
		biller.Scopes = auth.ParseScopes("user/*.rs operation/try-rules")
		try := func(r models.PracticeRule, days models.Span, after string) (billing.RuleTried, error) {
			return d.office.TryPracticeRule(context.Background(), biller, billing.RuleTrial{Rule: r, Days: days, After: after})
		}
		told := func(tried billing.RuleTried, err error) string {
			said := fmt.Sprintf("%d looked at%s", tried.Looked, tried.Next)
			for _, h := range tried.Hits {
				for _, f := range h.Findings {
					said += fmt.Sprintf(", %s %s %s", h.State, f.Severity, f.Path)
				}
			}
			return fmt.Sprint(said, " ", err)
		}
		d.saves(rule("saved", models.RuleModifier, "U1"))
		for _, row := range []struct {
			name string
			rule models.PracticeRule
			days models.Span
			want string
		}{
			{"one that is sent", models.PracticeRule{When: `line.code == "93000"`, Each: models.ReachLine, Action: models.RuleHold}, days, "2 looked at"},
			{"one that is saved", models.PracticeRule{ID: "saved"}, days, "2 looked at"},
			{"other days", models.PracticeRule{ID: "saved"}, models.Span{From: "2026-03-03", Until: "2026-03-09"}, "0 looked at <nil>"},
			{"one that never applies", models.PracticeRule{When: "false", Each: models.ReachLine, Action: models.RuleHold}, days, "2 looked at <nil>"},
		} {
			got := told(try(row.rule, row.days, ""))
			if !strings.HasPrefix(got, row.want) || !strings.HasSuffix(got, "<nil>") || !strings.HasSuffix(row.want, "<nil>") && (!strings.Contains(got, "transmitted") || !strings.Contains(got, "ready") || !strings.Contains(got, "Claim.item[")) {
				t.Errorf("%s: %s, want %s", row.name, got, row.want)
			}
		}
		for _, row := range []struct {
			name  string
			rule  models.PracticeRule
			days  models.Span
			after string
			kind  fault.Kind
			path  string
		}{
			{"no rule", models.PracticeRule{ID: "none"}, days, "", fault.NotFound, "id"},
			{"no version", models.PracticeRule{ID: "saved", Version: 7}, days, "", fault.NotFound, "version"},
			{"no days", models.PracticeRule{ID: "saved"}, models.Span{}, "", fault.Invalid, "from"},
			{"days in the wrong order", models.PracticeRule{ID: "saved"}, models.Span{From: "2026-03-03", Until: "2026-03-02"}, "", fault.Invalid, "until"},
			{"no place", models.PracticeRule{ID: "saved"}, days, "here", fault.Invalid, "after"},
			{"no condition", models.PracticeRule{When: "line.cod", Each: models.ReachLine, Action: models.RuleHold}, days, "", fault.Invalid, "when"},
		} {
			_, err := try(row.rule, row.days, row.after)
			if f := fault.From(err); f == nil || f.Kind != row.kind || f.Issues[0].Path != row.path {
				t.Errorf("%s: %v", row.name, err)
			}
		}
		if after := sent.stands() + waits.stands() + fmt.Sprint(sent.claim().Updated, waits.claim().Updated); after != before {
			t.Errorf("tried it stands %s, before %s", after, before)
		}
		if _, err := d.office.SavePracticeRule(context.Background(), biller, billing.Call{}, rule("x", models.RuleHold, "")); !fault.Is(err, fault.Forbidden) {
			t.Errorf("who may try may save: %v", err)
		}
		if _, err := d.office.SwitchPracticeRule(context.Background(), biller, billing.Call{}, "saved", 1, models.RuleOn); !fault.Is(err, fault.Forbidden) {
			t.Errorf("who may try may switch: %v", err)
		}
	})
}

// TestARuleOfOneTenantActsInNoOther holds it for rules under one id, and that a rehearsal leaves nothing.
func TestARuleOfOneTenantActsInNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		for _, tenant := range []models.TenantID{"alpha", "beta"} {
			d.tenant = tenant
			d.practice()
			d.settings(models.SettingsChange{})
			g := d.guest(1, "apart")
			g.send(g.visit()...)
		}
		d.tenant = "alpha"
		d.saves(rule("ecg", models.RuleError, ""))
		if _, err := d.office.SwitchPracticeRule(context.Background(), d.admin(), billing.Call{DryRun: true}, "ecg", 1, models.RuleOn); err != nil {
			t.Error(err)
		}
		d.quiet()
		if got := d.guest(1, "apart").stands(); !strings.HasPrefix(got, "ready;") {
			t.Errorf("after a rehearsal it stands %s", got)
		}
		d.switches("ecg", 0, models.RuleOn)
		for tenant, want := range map[models.TenantID]string{"alpha": "held;", "beta": "ready;"} {
			d.tenant = tenant
			g := d.guest(1, "apart")
			if err := g.replan(); err != nil {
				t.Fatal(err)
			}
			if got := g.stands(); !strings.HasPrefix(got, want) {
				t.Errorf("in %s it stands %s", tenant, got)
			}
		}
		d.tenant = "beta"
		if rules, err := d.office.PracticeRules(context.Background(), d.admin()); err != nil || len(rules) != 0 {
			t.Errorf("beta has %v, %v", rules, err)
		}
	})
}

// TestADraftThatIsReadAndWrittenBackSaysTheSame holds that a modifier which a rule set on a front end's draft is not taken for the front end's word: the
// draft may be written back, its charges have no such modifier, and it goes with the rule.
func TestADraftThatIsReadAndWrittenBackSaysTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		d.visit()
		d.saves(rule("modifier", models.RuleModifier, "U1"))
		d.switches("modifier", 0, models.RuleOn)
		d.put("Claim", "theirs", draft("theirs", "visit", asCharged...))
		d.put("Claim", "alone", strings.ReplaceAll(draft("alone", "", draftLine{"93000", "", "60.00"}), "2026-03-02", "2026-04-02"))
		d.quiet()
		says := func(id string) string {
			var claims []models.Claim
			d.view(func(v *store.View) (err error) {
				claims, err = books.Claims(v, []models.ClaimID{models.ClaimID(id)})
				return err
			})
			return fmt.Sprint(claims[0].State, " ", lines(claims[0]))
		}
		for id, want := range map[string]string{"theirs": "ready 99214 25; 93000 U1; 36415", "alone": "ready 93000 U1"} {
			if got := says(id); got != want {
				t.Errorf("%s is %s, want %s", id, got, want)
			}
			body := d.read("Claim", id)
			if !strings.Contains(body, `"U1"`) {
				t.Errorf("%s reads %s", id, body)
			}
			d.put("Claim", id, body)
			if got := says(id); got != want {
				t.Errorf("%s written back is %s, want %s", id, got, want)
			}
		}
		d.switches("modifier", 0, models.RuleOff)
		for id, want := range map[string]string{"theirs": "ready 99214 25; 93000; 36415", "alone": "ready 93000"} {
			if got := says(id); got != want || strings.Contains(d.read("Claim", id), `"U1"`) {
				t.Errorf("%s without the rule is %s, want %s", id, got, want)
			}
		}
		d.switches("modifier", 0, models.RuleOn)
		d.submit("theirs")
		d.submit("alone")
		d.clean()
	})
}

// TestATrialGoesOnWhereItEnded holds that days with more claims than one call looks at are looked at whole, each claim once.
func TestATrialGoesOnWhereItEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.settings(models.SettingsChange{})
		const count = 1010 // more than one call tells of
		if err := db.As(models.Actor{Tenant: d.tenant}).Update(context.Background(), func(tx *store.Tx) error {
			for i := range count {
				id := fmt.Sprintf("c%04d", i)
				err := books.SaveClaim(tx, models.Claim{
					Type: models.ClaimProfessional, ID: models.ClaimID(id), Number: id, CaseID: "Opening/x", PatientID: "ann", InsurerID: "acme", State: models.ClaimAdjudicated, Position: 1, Part: 1,
					ServiceFrom: models.Date("2026-01-01").AddDays(i % 7), ServiceUntil: models.Date("2026-01-01").AddDays(i % 7), Cause: models.Cause(id), Billed: 1,
				})
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		seen, trial := map[models.ClaimID]bool{}, billing.RuleTrial{
			Rule: models.PracticeRule{When: "claim.billed == 1", Each: models.ReachClaim, Action: models.RuleWarning}, Days: models.Span{From: "2026-01-01", Until: "2026-01-31"},
		}
		calls := 0
		for ; calls == 0 || trial.After != ""; calls++ {
			tried, err := d.office.TryPracticeRule(context.Background(), d.admin(), trial)
			if err != nil || calls > 2 {
				t.Fatal(err, calls)
			}
			for _, h := range tried.Hits {
				if seen[h.ClaimID] {
					t.Errorf("%s is told of twice", h.ClaimID)
				}
				seen[h.ClaimID] = true
			}
			trial.After = tried.Next
		}
		if len(seen) != count || calls != 2 {
			t.Errorf("%d calls tell of %d claims", calls, len(seen))
		}
	})
}
