package billing_test

import (
	"context"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/billing/inquiry"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// coder is a coder by a name.
func (d *desk) coder(name string) auth.Principal {
	p := d.admin()
	p.Subject = name
	return p
}

// ecg is the coding of a visit with an electrocardiogram, for a diagnosis.
func ecg(diagnosis string) models.Coding {
	return models.Coding{
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: diagnosis}},
		Services:  []models.Service{{System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}},
	}
}

// decides decides the open item of a kind of the guest's visit.
func (g guest) decides(who auth.Principal, kind models.WorkKind, v billing.Verdict) error {
	g.t.Helper()
	var id models.WorkItemID
	g.view(func(v *store.View) error {
		items, err := books.OpenWork(v, models.CaseOf(models.VisitID(g.named("visit"))))
		for _, w := range items {
			if w.Kind == kind {
				id = w.ID
			}
		}
		return err
	})
	_, err := g.office.DecideWork(context.Background(), who, billing.Call{}, id, v)
	return err
}

// holds keeps the guest's visit from going out.
func (g guest) holds(who auth.Principal, kind models.WorkKind, text string) (models.WorkItem, error) {
	done, err := g.office.HoldVisit(context.Background(), who, billing.Call{}, models.VisitID(g.named("visit")), billing.Pause{Kind: kind, Text: text})
	return done.Result, err
}

// TestWhatAPersonHoldsDoesNotGoOut holds that a visit is held for as long as somebody waits for something, and for no longer.
func TestWhatAPersonHoldsDoesNotGoOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		g := d.guest(1, "hold")
		g.send(g.visit()...)
		g.quiet()
		const ready = "ready; acme ready 75.00"
		for _, way := range []struct {
			kind models.WorkKind
			ends func(w models.WorkItem) error
		}{
			{models.WorkHold, func(models.WorkItem) error {
				return g.decides(d.coder("cora"), models.WorkHold, billing.Verdict{Decision: models.DecideRelease, Reason: "Seen."})
			}},
			{models.WorkQuery, func(models.WorkItem) error {
				return g.decides(d.coder("doc"), models.WorkQuery, billing.Verdict{Decision: models.DecideAnswer, Reason: "On the left."})
			}},
			{models.WorkQuery, func(w models.WorkItem) error { // the EHR answers
				return g.try(fields{"resourceType": "Communication", "id": g.named("answer"), "status": "completed", "inResponseTo": []fields{ref("Communication/" + w.Subject.ID)}, "payload": []fields{{"contentString": "On the left."}}})
			}},
		} {
			w, err := g.holds(d.coder("cora"), way.kind, "Which side?")
			if err != nil {
				t.Fatal(err)
			}
			if got, want := g.stands(), "held; acme held 75.00 scrub.case; "+string(way.kind); got != want {
				t.Errorf("held it stands %s, want %s", got, want)
			}
			if way.kind == models.WorkHold {
				if _, err := g.holds(d.coder("cora"), way.kind, "Once more."); !fault.Is(err, fault.Conflict) {
					t.Errorf("held twice it says %v", err)
				}
			}
			g.quiet()
			if got := g.stands(); !strings.HasPrefix(got, "held; acme held") {
				t.Errorf("a plan lets go what is held: %s", got)
			}
			if err := way.ends(w); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got := g.stands(); got != ready {
				t.Errorf("after %s it stands %s", way.kind, got)
			}
		}
		g.submit()
		if _, err := g.holds(d.coder("cora"), models.WorkHold, "Too late."); !fault.Is(err, fault.Conflict) {
			t.Errorf("a sent visit is held: %v", err)
		}
		if said := g.search("Communication", "encounter=Encounter/"+g.named("visit"), 3); len(said) != 3 {
			t.Errorf("the visit has %d messages", len(said))
		}
		asked, theirs := 0, 0
		for _, m := range g.search("Communication", "encounter=Encounter/"+g.named("visit"), 3) {
			ref := models.Ref{Type: "Communication", ID: m.ID}
			_, err := d.records.Update(t.Context(), d.admin(), ref, []byte(strings.Replace(string(m.Body), "side", "leg", 1)), 0)
			if fault.Is(err, fault.Unsupported) && fault.Is(d.records.Delete(t.Context(), d.admin(), ref, 0), fault.Unsupported) {
				asked++
			} else if err != nil {
				t.Error(err)
			}
		}
		if err := g.try(fields{"resourceType": "Communication", "id": g.named("answer"), "status": "entered-in-error"}); err == nil {
			theirs++
		}
		if asked != 3 || theirs != 1 {
			t.Errorf("of three messages of billing's %d stand against a client, of its own %d can be changed", asked, theirs)
		}
		d.clean()
	})
}

// TestASecondCoderLooksTheCodingOver holds that every coding of the share waits for another coder, who agrees or codes anew, and that the
// figures say how often.
func TestASecondCoderLooksTheCodingOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		all := 100
		d.settings(models.SettingsChange{ReviewShare: &all})
		cora, rita := d.coder("cora"), d.coder("rita")
		for i, anew := range []bool{false, true} {
			g := d.guest(i, "second")
			g.send(g.patient(), g.plan("plan"), g.encounter("visit"))
			g.quiet()
			visit := models.VisitID(g.named("visit"))
			if _, err := g.office.CodeVisit(context.Background(), cora, billing.Call{}, visit, ecg("I10")); err != nil {
				t.Fatal(err)
			}
			if got := g.stands(); got != "held; acme held 60.00 scrub.case; second-review" {
				t.Errorf("a coding of the share stands %s", got)
			}
			if _, err := g.office.CodeVisit(context.Background(), cora, billing.Call{}, visit, ecg("I10")); err != nil {
				t.Errorf("the same again is told %v", err)
			}
			if err := g.decides(cora, models.WorkReview, billing.Verdict{Decision: models.DecideAgree}); !fault.Is(err, fault.Conflict) {
				t.Errorf("a coder looks over what she coded: %v", err)
			}
			verdict := billing.Verdict{Decision: models.DecideAgree}
			if anew {
				verdict = billing.Verdict{Decision: models.DecideCode, Coding: ecg("E785")}
			}
			if err := g.decides(rita, models.WorkReview, verdict); err != nil {
				t.Fatal(err)
			}
			if got := g.stands(); got != "ready; acme ready 60.00" {
				t.Errorf("looked over it stands %s", got)
			}
			if told := g.search("Provenance", "target=Encounter/"+g.named("visit"), 2); !strings.Contains(string(told[1].Body), "Encounter/"+g.named("visit")) {
				t.Errorf("the second word says %s", told[1].Body)
			}
		}
		figures, err := inquiry.New(d.records).Coders(context.Background(), d.admin(), "2026-01-01", "2036-01-01")
		want := []inquiry.CoderFigures{
			{Coder: "cora", Visits: 2, Codings: 2, Services: 2, Diagnoses: 2, Reviewed: 2, Disagreed: 1},
			{Coder: "rita", Visits: 1, Codings: 1, Services: 1, Diagnoses: 1, Reviews: 2},
		}
		if err != nil || len(figures) != 2 || figures[0] != want[0] || figures[1] != want[1] {
			t.Errorf("the figures are %+v, %v, want %+v", figures, err, want)
		}
		d.clean()
	})
}

// TestNobodyWaitsWithAVisitThatIsTakenBack holds that what people hold ends with the visit.
func TestNobodyWaitsWithAVisitThatIsTakenBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		g := d.guest(1, "back")
		g.send(g.visit()...)
		g.quiet()
		for _, kind := range []models.WorkKind{models.WorkHold, models.WorkQuery, models.WorkReview} {
			if _, err := g.holds(d.coder("cora"), kind, "Why?"); err != nil {
				t.Fatal(err)
			}
		}
		g.send(g.encounter("visit").with(fields{"status": "entered-in-error"}))
		g.quiet()
		if got := g.stands(); got != "voided" {
			t.Errorf("taken back it stands %s", got)
		}
		d.clean()
	})
}

// TestASecondLookIsAskedFor holds that nobody looks over what no share asks for, until a coder wants it.
func TestASecondLookIsAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		none := 0
		d.settings(models.SettingsChange{ReviewShare: &none})
		g := d.guest(1, "share")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"))
		g.quiet()
		if _, err := g.office.CodeVisit(context.Background(), d.coder("cora"), billing.Call{}, models.VisitID(g.named("visit")), ecg("I10")); err != nil {
			t.Fatal(err)
		}
		if got := g.stands(); got != "ready; acme ready 60.00" {
			t.Errorf("without a share it stands %s", got)
		}
		if _, err := g.holds(d.coder("cora"), models.WorkReview, "I am new here."); err != nil {
			t.Fatal(err)
		}
		if _, err := g.office.CodeVisit(context.Background(), d.coder("cora"), billing.Call{}, models.VisitID(g.named("visit")), ecg("E785")); err != nil {
			t.Fatal(err)
		}
		if got := g.stands(); got != "held; acme held 60.00 scrub.case; second-review" {
			t.Errorf("coded anew before anybody looked it stands %s", got)
		}
		if err := g.decides(d.coder("rita"), models.WorkReview, billing.Verdict{Decision: models.DecideAgree}); err != nil {
			t.Fatal(err)
		}
		if got := g.stands(); got != "ready; acme ready 60.00" {
			t.Errorf("looked over on demand it stands %s", got)
		}
		d.clean()
	})
}
