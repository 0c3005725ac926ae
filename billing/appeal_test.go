package billing_test

import (
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// itemOf gives the one open item of a kind.
func (d *desk) itemOf(kind models.WorkKind) models.WorkItem {
	d.t.Helper()
	var items []models.WorkItem
	d.view(func(v *store.View) (err error) {
		items, err = books.WorkItems(v, kind, "", 2)
		return err
	})
	if len(items) != 1 {
		d.t.Fatalf("%d items of %s are open", len(items), kind)
	}
	return items[0]
}

// lastWord gives what the history of an item says at its end.
func (d *desk) lastWord(id models.WorkItemID) (text string) {
	d.view(func(v *store.View) error {
		events, err := books.WorkEvents(v, []models.WorkItemID{id})
		if list := events[id]; len(list) > 0 {
			text = list[len(list)-1].Text
		}
		return err
	})
	return text
}

// TestADenialIsAppealed holds that what is denied is due by the payer's deadline, that an appeal waits for the payer and counts its levels, that the patient is asked for the other lines
// meanwhile, and that the payer's next judgement says what came of it.
func TestADenialIsAppealed(t *testing.T) {
	with := func(ecg line) map[string]line {
		return map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": ecg, "36415": {"0.00", []string{"CO 97 15.00"}}}
	}
	denied := with(line{"0.00", []string{"CO 50 60.00"}})
	eachOffice(t, func(t *testing.T, d *desk) {
		d.payers("payer,name,aliases,identifiers,transactions\nacme,ACME PPO,,,\n")
		d.payers("payer,subject,code,value,from,until\nacme,appeal-limit,,120,,\n")
		for i, row := range []struct {
			name, came, stands string
			now                line
			open               models.Cents
		}{
			{"all of it is paid after all", "overturned", "patient; acme adjudicated 325.00; invoice issued 4.00; invoice issued 70.00", line{"16.00", []string{"CO 45 40.00", "PR 2 4.00"}}, 0},
			{"a part is", "partially overturned", "held; acme adjudicated 325.00; invoice issued 70.00; review-answer", line{"20.00", []string{"CO 45 20.00", "CO 50 20.00"}}, 2000},
			{"nothing is", "upheld", "held; acme adjudicated 325.00; invoice issued 70.00; review-answer", line{"0.00", []string{"CO 50 60.00"}}, 6000},
		} {
			g := d.guest(i, "appeal")
			g.three()
			if err := g.judges("A-1", false, denied); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			item := d.itemOf(models.WorkAnswer)
			if item.Due != "2026-07-23" || item.Category != "CO-50" || item.Amount != 6000 {
				t.Errorf("%s: the denial is due by %s: %+v", row.name, item.Due, item)
			}
			for _, level := range []string{"Level 1", "Level 2"} {
				if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideAppeal, Reason: "The record shows why."}); err != nil {
					t.Fatal(err)
				}
				g.quiet()
				item = d.itemOf(models.WorkAppeal)
				if last := item.Reasons[len(item.Reasons)-1].Text; !strings.HasPrefix(last, level) || !strings.HasSuffix(last, "after the deadline of 2026-07-23.") {
					t.Errorf("%s: the appeal says %q", row.name, last)
				}
			}
			if got := g.stands(); !strings.HasSuffix(got, "acme adjudicated 325.00; appeal; invoice issued 70.00") {
				t.Errorf("%s: appealed it stands %s", row.name, got)
			}
			if err := g.judges("A-1", true, denied); err != nil {
				t.Fatal(err)
			}
			if err := g.judges("A-1R", false, with(row.now)); err != nil {
				t.Fatal(err)
			}
			g.quiet()
			if got := g.stands(); got != row.stands {
				t.Errorf("%s: decided it stands %s, want %s", row.name, got, row.stands)
			}
			if got := d.lastWord(item.ID); got != "The payer decided: "+row.came+"." {
				t.Errorf("%s: the history says %s", row.name, got)
			}
			if got := g.owed(models.AccountARInsurance); got != row.open {
				t.Errorf("%s: the payer owes %s, want %s", row.name, got, row.open)
			}
			if row.open > 0 {
				if err := d.decide(d.itemOf(models.WorkAnswer).ID, billing.Verdict{Decision: models.DecideWriteOff, Reason: "The payer has decided."}); err != nil {
					t.Fatal(err)
				}
				g.quiet()
			}
		}
		d.clean()
	})
}

// TestWhatCannotBeAppealedIsNot holds that the reason decides, and that an appeal needs something that the payer owes.
func TestWhatCannotBeAppealedIsNot(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "final")
		g.three()
		strange := map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": {"0.00", []string{"OA 999 60.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
		if err := g.judges("A-1", false, strange); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		err := d.decide(d.itemOf(models.WorkAnswer).ID, billing.Verdict{Decision: models.DecideAppeal, Reason: "Why not."})
		if got := refusal(err); got != "denial.appeal decision" {
			t.Errorf("it is refused by %q", got)
		}
	})
}

// TestAWriteOffIsTakenBack holds that what was given up is owed again, that the work about it is open again, that it may be given up once more, and that a payer who takes its answer back undoes
// what stands and nothing twice.
func TestAWriteOffIsTakenBack(t *testing.T) {
	late := map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": {"0.00", []string{"CO 29 60.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "undone")
		g.three()
		if err := g.judges("A-1", false, late); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		item := d.itemOf(models.WorkAnswer)
		stands := func(what string, owed, given models.Cents, open bool) {
			t.Helper()
			g.quiet()
			if payer, off := g.owed(models.AccountARInsurance), g.owed(models.AccountDenied); payer != owed || off != given || d.workItem(item.ID).IsOpen() != open {
				t.Errorf("%s: the payer owes %s, %s is given up, the work is open: %v", what, payer, off, d.workItem(item.ID).IsOpen())
			}
		}
		undo := billing.Verdict{Decision: models.DecideUndo, Reason: "The receipt was found."}
		if got := refusal(d.decide(item.ID, undo)); got != "work.decision decision" {
			t.Errorf("before a decision it is refused by %q", got)
		}
		for range 2 {
			stands("as answered", 6000, 0, true)
			if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideWriteOff, Reason: "It was sent too late."}); err != nil {
				t.Fatal(err)
			}
			stands("given up", 0, 6000, false)
			if err := d.decide(item.ID, undo); err != nil {
				t.Fatal(err)
			}
		}
		stands("taken back", 6000, 0, true)
		if err := d.decide(item.ID, billing.Verdict{Decision: models.DecideWriteOff, Reason: "The receipt is another one's."}); err != nil {
			t.Fatal(err)
		}
		if err := g.judges("A-1", true, late); err != nil {
			t.Fatal(err)
		}
		stands("the answer is taken back", 32500, 0, false)
		if got := refusal(d.decide(item.ID, undo)); got != "work.undone decision" {
			t.Errorf("of an answer that is taken back it is refused by %q", got)
		}
		if err := g.judges("A-1R", false, asFirst); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		d.clean()
	})
}
