package billing_test

import (
	"context"
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

// again is a second visit of the guest's on the same day, with the same electrocardiogram.
func (g guest) again() []fields {
	inVisit := fields{"encounter": ref("Encounter/" + g.named("again"))}
	return []fields{g.encounter("again"), g.condition("dx2", "I10").with(inVisit), g.procedure("ecg2", "93000").with(inVisit)}
}

// overrides says of a claim's finding of a rule that it does not hold the claim.
func (g guest) overrides(who auth.Principal, c models.Claim, rule, reason string, undo bool) error {
	g.t.Helper()
	mark := "none"
	g.view(func(v *store.View) error {
		found, err := books.Findings(v, []models.ClaimID{c.ID})
		for _, f := range found[c.ID] {
			if f.Rule == rule {
				mark = f.Mark
			}
		}
		return err
	})
	_, err := g.office.OverrideFinding(context.Background(), who, billing.Call{}, c.ID, billing.OverrideRequest{Mark: mark, Reason: reason, Undo: undo})
	return err
}

// TestAnOverrideFreesOneFinding holds who may override what, that nothing else of the claim is let go, and that an override lasts as
// long as what it was said of.
func TestAnOverrideFreesOneFinding(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		g := d.guest(1, "override")
		g.send(append(g.visit(), g.again()...)...)
		g.quiet()
		held := "held; acme held 60.00 scrub.duplicate; correct-claim"
		if got := g.standsOf("again"); got != held {
			t.Fatalf("the same service twice stands %s", got)
		}
		_, claims := g.kase("again")
		c := claims[0]
		coder := g.admin()
		coder.Scopes = auth.ParseScopes("user/*.rs operation/code operation/work operation/validate")
		for _, refusal := range []struct {
			what   string
			who    auth.Principal
			rule   string
			reason string
			kind   fault.Kind
			path   string
		}{
			{"a finding that is not there", g.admin(), "scrub.npi", "So.", fault.Conflict, "finding"},
			{"no reason", g.admin(), "scrub.duplicate", " ", fault.Invalid, "reason"},
			{"a coder, where a biller's right is needed", coder, "scrub.duplicate", "So.", fault.Forbidden, ""},
		} {
			f := fault.From(g.overrides(refusal.who, c, refusal.rule, refusal.reason, false))
			if f == nil || f.Kind != refusal.kind || refusal.path != "" && f.Issues[0].Path != refusal.path {
				t.Errorf("%s is told %v", refusal.what, f)
			}
		}
		const said = "Two tracings, as the record of 14:00 and 18:00 says."
		if err := g.overrides(g.admin(), c, "scrub.duplicate", said, false); err != nil {
			t.Fatal(err)
		}
		if got := g.standsOf("again"); got != "ready; acme ready 60.00" {
			t.Errorf("overridden it stands %s", got)
		}
		if err := g.overrides(g.admin(), c, "scrub.duplicate", said, false); err != nil {
			t.Errorf("the same again is told %v", err)
		}
		if err := g.overrides(g.admin(), c, "scrub.duplicate", "", true); err != nil || g.standsOf("again") != held {
			t.Errorf("taken back it stands %s, %v", g.standsOf("again"), err)
		}
		if err := g.overrides(g.admin(), c, "scrub.duplicate", said, false); err != nil {
			t.Fatal(err)
		}
		if got := g.history(c); !strings.Contains(got, "overridden scrub.duplicate: "+said+"; closed") || !strings.Contains(got, "overridden no more: scrub.duplicate") {
			t.Errorf("the history of its work says %s", got)
		}
		g.send(g.condition("dx2", "I10").with(fields{"encounter": ref("Encounter/" + g.named("again")), "code": conceptOf(icd10, "E785")}))
		g.quiet()
		if got := g.standsOf("again"); got != held {
			t.Errorf("with another diagnosis it stands %s, under an override that was said of something else", got)
		}
		if err := g.overrides(g.admin(), c, "scrub.duplicate", said, false); err != nil {
			t.Fatal(err)
		}
		if _, err := g.office.SubmitClaim(context.Background(), g.admin(), billing.Call{}, c.ID); err != nil {
			t.Fatal(err)
		}
		if f := fault.From(g.overrides(g.admin(), c, "scrub.duplicate", "", true)); f == nil || f.Kind != fault.Conflict {
			t.Errorf("of a claim that went out it is told %v", f)
		}
		d.clean()
	})
}

// history tells what was done with the work on a claim, item by item.
func (g guest) history(c models.Claim) string {
	g.t.Helper()
	var said []string
	g.view(func(v *store.View) error {
		items, err := store.All[models.WorkItem](v, "id", "claim_id = ?", c.ID)
		for _, w := range items {
			events, err := books.WorkEvents(v, []models.WorkItemID{w.ID})
			if err != nil {
				return err
			}
			for _, e := range events[w.ID] {
				said = append(said, strings.TrimSpace(string(e.Action)+" "+e.Text))
			}
		}
		return err
	})
	return strings.Join(said, "; ")
}
