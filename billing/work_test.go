package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// work gives the open items of a guest's visit.
func (g guest) work() (items []models.WorkItem) {
	g.t.Helper()
	g.view(func(v *store.View) (err error) {
		items, err = books.OpenWork(v, models.CaseOf(models.VisitID(g.named("visit"))))
		return err
	})
	return items
}

// only gives the one open item of a guest's visit, which is of a kind.
func (g guest) only(kind models.WorkKind) models.WorkItem {
	g.t.Helper()
	items := g.work()
	if len(items) != 1 || items[0].Kind != kind {
		g.t.Fatalf("%s: open are %+v, want one %s; it stands: %s", g.id, items, kind, g.stands())
	}
	return items[0]
}

// workItem gives one as it stands.
func (d *desk) workItem(id models.WorkItemID) (w models.WorkItem) {
	d.t.Helper()
	d.view(func(v *store.View) (err error) {
		w, _, err = books.WorkItem(v, id)
		return err
	})
	return w
}

// history writes the history of an item: who did what, and how it was said.
func (d *desk) history(id models.WorkItemID) string {
	d.t.Helper()
	var lines []string
	d.view(func(v *store.View) error {
		events, err := books.WorkEvents(v, []models.WorkItemID{id})
		for i, e := range events[id] {
			if e.Sequence != i+1 {
				d.t.Errorf("event %d is the version %d", i+1, e.Sequence)
			}
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s", e.Who, e.Action)))
		}
		return err
	})
	return strings.Join(lines, ", ")
}

func (d *desk) decide(id models.WorkItemID, v billing.Verdict) error {
	_, err := d.office.DecideWork(context.Background(), d.admin(), billing.Call{}, id, v)
	return err
}

// user is somebody of the office with a role.
func (d *desk) user(name string, role auth.Role) auth.Principal {
	scopes, err := auth.RoleScopes(role)
	if err != nil {
		d.t.Fatal(err)
	}
	return auth.Principal{Tenant: d.tenant, Subject: name, Scopes: auth.ParseScopes(scopes)}
}

// Each row is what is left to a person, mostly after ACME had the claim of 60.00, and what deciding it leads to.
func TestADecisionIsCarriedOutAndClosesItsWork(t *testing.T) {
	share := line{"40.00", []string{"PR 2 20.00"}}
	const late = "the patient is asked before the next payer" // whose plan is told after the first one's answer
	protects := fields{"processNote": []fields{{"number": 1, "text": "N781"}}}
	rows := []struct {
		name   string
		visit  func(g guest) []fields
		after  func(g guest) error
		lines  *line
		more   fields
		kind   models.WorkKind
		amount models.Cents
		v      billing.Verdict
		want   string
	}{
		{"a visit is coded", func(g guest) []fields { return []fields{g.patient(), g.plan("plan"), g.encounter("visit")} }, nil, nil, nil,
			models.WorkCode, 0, billing.Verdict{Decision: models.DecideCode, Coding: coded}, "ready; acme ready 60.00"},
		{"a late charge is ignored", guest.ecg, func(g guest) error { return g.try(g.procedure("late", "99214")) }, &share, nil,
			models.WorkLateCharge, 25000, billing.Verdict{Decision: models.DecideIgnore, Reason: "Not ours."}, "patient; acme adjudicated 60.00; invoice issued 20.00"},
		{"a cancelled visit is left", guest.ecg, func(g guest) error { return g.try(g.encounter("visit").with(fields{"status": "cancelled"})) }, &share, nil,
			models.WorkCancelled, 6000, billing.Verdict{Decision: models.DecideIgnore, Reason: "It took place."}, "patient; acme adjudicated 60.00; invoice issued 20.00"},
		{late, guest.ecg, nil, &share, nil,
			models.WorkNextPayer, 2000, billing.Verdict{Decision: models.DecideRelease, Reason: "BETA does not cover it."}, "patient; acme adjudicated 60.00; invoice issued 20.00"},
		{"a protected patient is asked", guest.ecg, nil, &share, protects,
			models.WorkHardship, 2000, billing.Verdict{Decision: models.DecideRelease, Reason: "The payer took it back."}, "patient; acme adjudicated 60.00; invoice issued 20.00"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range rows {
			d.guest(i, "decided").send(row.visit(d.guest(i, "decided"))...)
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "decided")
			if row.lines == nil {
				continue
			}
			g.submit()
			if row.after != nil {
				if err := row.after(g); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
			}
			if err := g.answersWith(g.claim(), row.more, *row.lines); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
		}
		d.quiet()
		for i, row := range rows {
			if g := d.guest(i, "decided"); row.name == late {
				g.send(g.plan("plan").with(order(1)), g.plan("second").with(paidBy(ref("Organization/beta")), order(2)))
			}
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "decided")
			w := g.only(row.kind)
			facts := row.kind.Facts()
			if w.Amount != row.amount || w.Role != facts.Role || w.Due != facts.Due(models.Date(d.db.Now().Time().Format(time.DateOnly)), "2026-03-02") && facts.From == models.FromService {
				t.Errorf("%s: the work is for %s until %s over %s, want %s", row.name, w.Role, w.Due, w.Amount, row.amount)
			}
			if _, err := d.office.DecideWork(context.Background(), d.admin(), billing.Call{DryRun: true}, w.ID, row.v); err != nil || !d.workItem(w.ID).IsOpen() {
				t.Errorf("%s: a dry run closes it, or fails: %v", row.name, err)
			}
			if err := d.decide(w.ID, row.v); err != nil {
				t.Errorf("%s: %v", row.name, err)
				continue
			}
			if done := d.workItem(w.ID); done.IsOpen() || done.Decision != row.v.Decision {
				t.Errorf("%s: the work is %s by %q", row.name, done.Status, done.Decision)
			}
			if got := g.stands(); got != row.want {
				t.Errorf("%s: it stands %s, want %s", row.name, got, row.want)
			}
			if err := d.decide(w.ID, row.v); refusal(err) != "work.closed " {
				t.Errorf("%s: deciding again is %v", row.name, err)
			}
		}
	})
}

// What a person left stays left for the same cause, however often the case is planned; another cause asks anew.
func TestWhatIsIgnoredIsAskedAgainOnlyForAnotherCause(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "ignored")
		g.send(g.ecg()...)
		d.quiet()
		g.submit()
		g.send(g.procedure("late", "99214"))
		d.quiet()
		if err := d.decide(g.only(models.WorkLateCharge).ID, billing.Verdict{Decision: models.DecideIgnore, Reason: "Not ours."}); err != nil {
			t.Fatal(err)
		}
		g.send(g.patient().with(fields{"gender": "male"})) // it is planned again
		d.quiet()
		if items := g.work(); len(items) > 0 {
			t.Errorf("what was ignored is open again: %+v", items)
		}
		g.send(g.procedure("later", "36415"))
		d.quiet()
		if w := g.only(models.WorkLateCharge); w.Amount != 26500 {
			t.Errorf("at stake is %s", w.Amount)
		}
	})
}

func TestADecisionIsRefused(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g, coded := d.guest(0, "refused"), billing.Verdict{Decision: models.DecideCode, Coding: coded}
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"))
		denied := d.guest(1, "refused")
		denied.send(denied.ecg()...)
		d.quiet()
		denied.submit()
		if err := denied.answers(denied.claim(), line{"0.00", []string{"CO 50 60.00"}}); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		w, review := g.only(models.WorkCode), denied.only(models.WorkAnswer)
		if review.Amount != 6000 || review.Category != "CO-50" || len(review.Reasons) != 1 {
			t.Errorf("the denial is %+v", review)
		}
		ignore := billing.Verdict{Decision: models.DecideIgnore, Reason: "So."}
		accept := func(reason string) billing.Verdict {
			return billing.Verdict{Decision: models.DecideAccept, Reason: reason}
		}
		for _, row := range []struct {
			name string
			who  auth.Principal
			id   models.WorkItemID
			v    billing.Verdict
			want string
		}{
			{"what is no decision about its kind", d.admin(), w.ID, ignore, "work.decision decision"},
			{"while the reason stands", d.admin(), w.ID, billing.Verdict{Decision: models.DecideRecheck}, "work.stands "},
			{"without the reason that it needs", d.admin(), review.ID, accept(""), "required reason"},
			{"with a reason that is too long", d.admin(), review.ID, accept(strings.Repeat("x", 2001)), "value reason"},
			{"while the payer owes", d.admin(), review.ID, accept("So."), "work.owed decision"},
			{"without the right of its use case", d.user("cora", auth.RoleCoder), review.ID, accept("So."), "forbidden "},
			{"without the right to work", d.user("ehr", auth.RoleEHR), w.ID, coded, "forbidden "},
			{"about nothing", d.admin(), "nothing", coded, "not-found "},
		} {
			if _, err := d.office.DecideWork(context.Background(), row.who, billing.Call{}, row.id, row.v); refusal(err) != row.want {
				t.Errorf("deciding %s is %q, want %q", row.name, refusal(err), row.want)
			}
		}
		_, err := d.office.DecideWorks(context.Background(), d.admin(), billing.Call{}, []models.WorkItemID{review.ID, w.ID}, coded)
		if refusal(err) != "work.decision ids[0].decision" {
			t.Errorf("deciding several, of which one cannot be, is %v", err)
		}
		if g.only(models.WorkCode).Version != w.Version {
			t.Error("a refused decision left something behind")
		}
	})
}

// TestOneOfManyTakesTheWork holds check (b): 32 clients, one wins, and the others learn who has it and until when.
func TestOneOfManyTakesTheWork(t *testing.T) {
	const clients = 32
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		g := d.guest(0, "raced")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"))
		d.quiet()
		w := g.only(models.WorkCode)
		errs := storetest.Together(clients, func(n int) error {
			_, err := d.office.TakeWork(context.Background(), d.user(fmt.Sprintf("coder-%d", n), auth.RoleCoder), billing.Call{}, w.ID, 30)
			return err
		})
		taken := d.workItem(w.ID)
		won := 0
		for n, err := range errs {
			switch {
			case err == nil:
				won++
				if taken.TakenBy != fmt.Sprintf("coder-%d", n) {
					t.Errorf("coder-%d won and %s has it", n, taken.TakenBy)
				}
			case !fault.Is(err, fault.Conflict) || fault.From(err).Issues[0].Text != fmt.Sprintf("%s has the work until %s; choose another item, or wait until then.", taken.TakenBy, taken.TakenUntil):
				t.Errorf("coder-%d is told %v", n, err)
			}
		}
		if won != 1 {
			t.Errorf("%d have it", won)
		}
		if got, want := d.history(w.ID), "medbill opened, "+taken.TakenBy+" taken"; got != want {
			t.Errorf("its history is %s, want %s", got, want)
		}
	})
}

// TestTakenWorkIsFreeAgain holds check (c).
func TestTakenWorkIsFreeAgain(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 10, 15, 0, 0, 0, time.UTC))
		d := workless(t, storetest.OpenAt(t, url, hand.Clock()))
		d.practice()
		g := d.guest(0, "free")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"))
		if err := d.step(); err != nil {
			t.Fatal(err)
		}
		w := g.only(models.WorkCode)
		if w.Due != "2026-03-05" {
			t.Errorf("the visit of 2 March is to be coded until %s", w.Due)
		}
		ann, bob := d.user("ann", auth.RoleCoder), d.user("bob", auth.RoleCoder)
		take := func(who auth.Principal, minutes int) string {
			_, err := d.office.TakeWork(context.Background(), who, billing.Call{}, w.ID, minutes)
			return refusal(err)
		}
		code := func(who auth.Principal) string {
			_, err := d.office.DecideWork(context.Background(), who, billing.Call{}, w.ID, billing.Verdict{Decision: models.DecideCode, Coding: coded})
			return refusal(err)
		}
		for _, row := range []struct {
			after time.Duration
			name  string
			got   func() string
			want  string
		}{
			{0, "ann takes it for too long", func() string { return take(ann, 481) }, "value minutes"},
			{0, "ann takes it", func() string { return take(ann, 30) }, ""},
			{29 * time.Minute, "bob takes it a minute too early", func() string { return take(bob, 30) }, "work.taken "},
			{0, "bob decides it", func() string { return code(bob) }, "work.taken "},
			{time.Minute, "bob takes it", func() string { return take(bob, 30) }, ""},
			{0, "ann decides it", func() string { return code(ann) }, "work.taken "},
			{0, "bob decides it", func() string { return code(bob) }, ""},
		} {
			hand.Advance(row.after)
			if got := row.got(); got != row.want {
				t.Errorf("%s: %q, want %q", row.name, got, row.want)
			}
		}
		if got, want := d.history(w.ID), "medbill opened, ann taken, bob taken, bob decided, bob closed"; got != want {
			t.Errorf("its history is %s, want %s", got, want)
		}
	})
}

// Whatever is done with an item stands in it and in its history, once under a key, and only on the version that was seen.
func TestWorkIsPassedOn(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		g := d.guest(0, "passed")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"))
		d.quiet()
		w, ann := g.only(models.WorkCode), d.user("ann", auth.RoleBiller)
		later := d.db.Now() + 3_600_000_000
		for _, do := range []func(c billing.Call) error{
			func(c billing.Call) error { _, err := d.office.TakeWork(ctx, ann, c, w.ID, 5); return err },
			func(c billing.Call) error { _, err := d.office.GiveWorkBack(ctx, ann, c, w.ID); return err },
			func(c billing.Call) error {
				_, err := d.office.AssignWork(ctx, ann, c, w.ID, "Practitioner/doc")
				return err
			},
			func(c billing.Call) error {
				_, err := d.office.SnoozeWork(ctx, ann, c, w.ID, later, "The doctor is away.")
				return err
			},
			func(c billing.Call) error {
				_, err := d.office.NoteWork(ctx, ann, c, w.ID, "Asked.\nTwice.")
				return err
			},
			func(c billing.Call) error {
				_, err := d.office.LabelWork(ctx, ann, c, w.ID, []string{"b", "a"}, []string{"b"})
				return err
			},
			func(c billing.Call) error {
				_, err := d.office.LabelWork(ctx, ann, c, w.ID, nil, []string{"b"})
				return err
			},
		} {
			key := fmt.Sprintf("key-%d", payments.Add(1))
			for range 2 {
				if err := do(billing.Call{Key: key}); err != nil {
					t.Error(err)
				}
			}
		}
		now := d.workItem(w.ID)
		if now.Assignee != "Practitioner/doc" || now.SnoozedUntil != later || len(now.Notes) != 1 || now.Notes[0].By != "ann" || !slices.Equal(now.Labels, models.Codes{"a"}) || now.TakenBy != "" {
			t.Errorf("it is %+v", now)
		}
		if got, want := d.history(w.ID), "medbill opened, ann taken, ann given-back, ann assigned, ann snoozed, ann noted, ann labelled, ann labelled"; got != want {
			t.Errorf("its history is %s, want %s", got, want)
		}
		if _, err := d.office.AssignWork(ctx, ann, billing.Call{IfVersion: 1}, w.ID, "bob"); !fault.Is(err, fault.Stale) {
			t.Errorf("on the version that was it is %v", err)
		}
		for name, refused := range map[string]func() error{
			"value until":  func() error { _, err := d.office.SnoozeWork(ctx, ann, billing.Call{}, w.ID, 1, "x"); return err },
			"value reason": func() error { _, err := d.office.SnoozeWork(ctx, ann, billing.Call{}, w.ID, later, " "); return err },
			"value text":   func() error { _, err := d.office.NoteWork(ctx, ann, billing.Call{}, w.ID, "\x00"); return err },
			"value add[1]": func() error {
				_, err := d.office.LabelWork(ctx, ann, billing.Call{}, w.ID, []string{"a", "A b"}, nil)
				return err
			},
			"value user": func() error { _, err := d.office.AssignWork(ctx, ann, billing.Call{}, w.ID, " bob"); return err },
		} {
			if got := refusal(refused()); got != name {
				t.Errorf("%s is refused as %q", name, got)
			}
		}
	})
}
