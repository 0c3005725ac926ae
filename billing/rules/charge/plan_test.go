package charge_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/charge"
	"medbill/models"
)

// ledgers is a case as its charges stand and as the books know them: what each posting of a charge moved, by its cause.
type ledgers struct {
	rows  map[models.ChargeID]models.Charge
	moved map[models.Cause]models.Cents
	made  int
}

func (l *ledgers) newID() models.ChargeID {
	l.made++
	return models.ChargeID(fmt.Sprint("new-", l.made))
}

// list gives the rows in an order that says nothing.
func (l *ledgers) list() []models.Charge {
	var rows []models.Charge
	for _, id := range slices.Sorted(maps.Keys(l.rows)) {
		rows = append(rows, l.rows[id])
	}
	return rows
}

// apply does what a plan says, and fails where it takes back what is not in the books or posts a cause twice.
func (l *ledgers) apply(t *rapid.T, p charge.Plan) {
	for _, c := range p.Reverse {
		cause := models.CauseOfCharge(c.ID, c.Posting)
		if moved, known := l.moved[cause]; !known || moved != c.Billed {
			t.Fatalf("%s of %s is taken back; the books say %s, %v", cause, c.Billed, moved, known)
		}
		l.moved[cause] = 0
	}
	for _, c := range p.Post {
		cause := models.CauseOfCharge(c.ID, c.Posting)
		if _, known := l.moved[cause]; known {
			t.Fatalf("%s is posted twice", cause)
		}
		l.moved[cause] = c.Billed
	}
	for _, c := range p.Save {
		l.rows[c.ID] = c
	}
}

// revenue is what the books hold of all charges.
func (l *ledgers) revenue() (total models.Cents) {
	for _, moved := range l.moved {
		total += moved
	}
	return total
}

// chart is what an EHR says at one moment: its ChargeItems, and the charges that are made of everything.
type chart struct {
	said   map[models.ChargeID]models.ChargeState
	wanted []models.Charge
}

var sources = []string{"", "", "Procedure/1", "Procedure/2", "ChargeItem/sent-0", "ChargeItem/sent-1"}

// drawChart draws what a case says now; at most one charge is made of each ChargeItem, and one that is taken back makes none.
func drawChart(t *rapid.T) chart {
	c := chart{said: map[models.ChargeID]models.ChargeState{}}
	for i := range 2 {
		c.said[models.ChargeID(fmt.Sprint("sent-", i))] = rapid.SampledFrom([]models.ChargeState{models.ChargeBillable, models.ChargePlanned, models.ChargeMistaken}).Draw(t, "said")
	}
	taken := map[string]bool{}
	for range rapid.IntRange(0, 6).Draw(t, "services") {
		source := rapid.SampledFrom(sources).Draw(t, "source")
		ref := models.RefOf(source)
		isSent := ref.Type == "ChargeItem"
		if isSent && (taken[source] || c.said[models.ChargeID(ref.ID)] != models.ChargeBillable) {
			continue
		}
		taken[source] = true
		c.wanted = append(c.wanted, models.Charge{
			CaseID: "Encounter/v", PatientID: "canary", Sequence: len(c.wanted) + 1, State: models.ChargePlanned, Source: source, System: models.SystemCPT,
			Code: rapid.SampledFrom([]string{"99213", "99214"}).Draw(t, "code"), Units: models.OneUnit, ServiceDate: "2026-03-02",
			Pointers: models.Numbers{rapid.IntRange(1, 2).Draw(t, "pointer")}, Billed: models.Cents(rapid.IntRange(0, 3).Draw(t, "billed")),
			PayerID: models.OrganizationID(rapid.SampledFrom([]string{"", "acme"}).Draw(t, "payer")),
		})
	}
	return c
}

// hear writes what the EHR says of its ChargeItems, as their arrival does: what was in the books goes out of them.
func (l *ledgers) hear(c chart) {
	for id, state := range c.said {
		row, known := l.rows[id]
		switch {
		case known && row.IsPosted() && state == models.ChargeBillable:
			continue
		case known && row.IsPosted():
			l.moved[models.CauseOfCharge(id, row.Posting)] = 0
		}
		row.ID, row.CaseID, row.PatientID, row.State = id, "Encounter/v", "canary", state
		row.Source = models.Ref{Type: "ChargeItem", ID: string(id)}.String()
		l.rows[id] = row
	}
}

// stands checks that exactly what is wanted is in the books, or waits, and that the EHR's own charges kept their ids.
func (l *ledgers) stands(t *rapid.T, c chart, post bool) {
	var billed models.Cents
	for _, want := range c.wanted {
		billed += want.Billed
		at := slices.IndexFunc(l.list(), func(row models.Charge) bool {
			return row.Sequence == want.Sequence && row.Source == want.Source && (row.IsPosted() || row.State.Facts().Waits)
		})
		if at < 0 {
			t.Fatalf("nothing stands for %+v", want)
		}
		got := l.list()[at]
		if !post && got.IsSent() && got.State != c.said[got.ID] {
			t.Fatalf("the EHR says %s of %+v", c.said[got.ID], got)
		}
		if got.IsPosted() != post || models.RefOf(want.Source).Type == "ChargeItem" && !got.IsSent() {
			t.Fatalf("%+v stands for %+v", got, want)
		}
		got.ID, got.State, got.Posting = "", want.State, 0
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v stands for %+v", got, want)
		}
	}
	posted, waiting := 0, 0
	for _, row := range l.rows {
		switch {
		case row.IsPosted():
			posted++
		case row.State.Facts().Waits && !row.IsSent():
			waiting++
		}
	}
	fromEHR := 0
	for _, want := range c.wanted {
		if models.RefOf(want.Source).Type == "ChargeItem" {
			fromEHR++
		}
	}
	switch {
	case post && (posted != len(c.wanted) || waiting != 0 || l.revenue() != billed):
		t.Fatalf("%d are posted and %d wait, the books hold %s; %d of %s are wanted", posted, waiting, l.revenue(), len(c.wanted), billed)
	case !post && (posted != 0 || waiting != len(c.wanted)-fromEHR || l.revenue() != 0):
		t.Fatalf("%d are posted and %d wait, the books hold %s; %d wait by right", posted, waiting, l.revenue(), len(c.wanted)-fromEHR)
	}
}

// Whatever a case says one after the other, its charges and the books say afterwards what it says last.
func TestBooksSayWhatTheCaseSaysLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &ledgers{rows: map[models.ChargeID]models.Charge{}, moved: map[models.Cause]models.Cents{}}
		for range rapid.IntRange(1, 5).Draw(t, "plans") {
			c, post := drawChart(t), rapid.Bool().Draw(t, "post")
			l.hear(c)
			plan := charge.Replan(l.list(), c.wanted, post, c.said, l.newID)
			l.apply(t, plan)
			l.stands(t, c, post)
			again := charge.Replan(l.list(), rapid.Permutation(c.wanted).Draw(t, "in any order"), post, c.said, l.newID)
			if !reflect.DeepEqual(again, charge.Plan{}) {
				t.Fatalf("the same once more gives %+v", again)
			}
		}
	})
}

// What the EHR took back says so; what was made of nothing of its own is aborted, and counts for nothing any more.
func TestChargeThatNothingIsMadeOfIsTakenBack(t *testing.T) {
	price := models.Cents(100)
	sent := models.Charge{ID: "sent", Source: "ChargeItem/sent", State: models.ChargePosted, Posting: 1, Billed: 100, UnitPrice: &price}
	ours := models.Charge{ID: "ours", Source: "Procedure/1", State: models.ChargeBilled, Posting: 2, Billed: 100, UnitPrice: &price}
	for _, row := range []struct {
		name string
		row  models.Charge
		said models.ChargeState
		want models.ChargeState
	}{
		{"a ChargeItem goes back to its sender's word", sent, models.ChargeMistaken, models.ChargeMistaken},
		{"a ChargeItem that asks still waits", sent, models.ChargeBillable, models.ChargeBillable},
		{"a ChargeItem of which nothing is said waits", sent, "", models.ChargeBillable},
		{"any other is aborted", ours, "", models.ChargeAborted},
	} {
		said := map[models.ChargeID]models.ChargeState{}
		if row.said != "" {
			said["sent"] = row.said
		}
		got := charge.Replan([]models.Charge{row.row}, nil, true, said, nil)
		after := row.row
		after.State, after.Billed, after.UnitPrice = row.want, 0, nil
		if want := (charge.Plan{Reverse: []models.Charge{row.row}, Save: []models.Charge{after}}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v\nwant %+v", row.name, got, want)
		}
	}
}

// What an entry in the books says goes out of them and in again; what it does not say is corrected where it stands.
func TestOnlyWhatTheEntrySaysIsPostedAgain(t *testing.T) {
	amount := func(c models.Cents) *models.Cents { return &c }
	row := models.Charge{
		ID: "a", CaseID: "Encounter/v", PatientID: "canary", Sequence: 1, State: models.ChargeBilled, Source: "Procedure/1", System: models.SystemCPT, Code: "99214",
		Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02", Rendering: models.Performer{ID: "smith"},
		Stated: amount(90), UnitPrice: amount(100), Billed: 100, PayerID: "acme", Posting: 1, Created: 7,
	}
	for _, c := range []struct {
		name   string
		change func(c *models.Charge)
		again  bool
	}{
		{"another price", func(c *models.Charge) { c.Billed = 101 }, true},
		{"another payer", func(c *models.Charge) { c.PayerID = "beta" }, true},
		{"no payer", func(c *models.Charge) { c.PayerID = "" }, true},
		{"another patient", func(c *models.Charge) { c.PatientID = "other" }, true},
		{"another case", func(c *models.Charge) { c.CaseID = "Encounter/w" }, true},
		{"another code", func(c *models.Charge) { c.Code = "99215" }, true},
		{"another system", func(c *models.Charge) { c.System = models.SystemHCPCS }, true},
		{"other units", func(c *models.Charge) { c.Units = 2 * models.OneUnit }, true},
		{"somebody else did it", func(c *models.Charge) { c.Rendering.ID = "jones" }, true},
		{"another place in the order", func(c *models.Charge) { c.Sequence = 2 }, false},
		{"another modifier", func(c *models.Charge) { c.Modifiers = nil }, false},
		{"another diagnosis", func(c *models.Charge) { c.Pointers = models.Numbers{1, 2} }, false},
		{"another day", func(c *models.Charge) { c.ServiceDate = "2026-03-03" }, false},
		{"another price of one unit", func(c *models.Charge) { c.UnitPrice = nil }, false},
		{"another price asked for", func(c *models.Charge) { c.Stated = amount(91) }, false},
	} {
		want := row
		c.change(&want)
		asked := want
		asked.ID, asked.Created, asked.Posting, asked.State = "", 0, 0, models.ChargePlanned
		plan := charge.Plan{Save: []models.Charge{want}}
		if c.again {
			want.State, want.Posting = models.ChargePosted, 2
			plan = charge.Plan{Reverse: []models.Charge{row}, Post: []models.Charge{want}, Save: []models.Charge{want}}
		}
		if got := charge.Replan([]models.Charge{row}, []models.Charge{asked}, true, nil, nil); !reflect.DeepEqual(got, plan) {
			t.Errorf("%s: got %+v\nwant %+v", c.name, got, plan)
		}
	}
}

// A charge in the books that is wanted as it stands there stays, whatever comes or goes beside it and in whatever order.
func TestChargeThatIsStillWantedIsLeftInTheBooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := &ledgers{rows: map[models.ChargeID]models.Charge{}, moved: map[models.Cause]models.Cents{}}
		before, now := drawChart(t), drawChart(t)
		l.hear(before)
		l.apply(t, charge.Replan(l.list(), before.wanted, true, before.said, l.newID))
		plan := charge.Replan(rapid.Permutation(l.list()).Draw(t, "rows"), rapid.Permutation(now.wanted).Draw(t, "wanted"), true, now.said, l.newID)
		type money struct {
			source, code string
			billed       models.Cents
			payer        models.OrganizationID
		}
		reversed, both := map[money]int{}, map[money]int{}
		of := func(c models.Charge) money { return money{c.Source, c.Code, c.Billed, c.PayerID} }
		for _, c := range before.wanted {
			both[of(c)]++
		}
		for _, c := range now.wanted {
			both[of(c)]--
		}
		for _, c := range plan.Reverse {
			reversed[of(c)]++
		}
		for key, count := range reversed {
			if count > max(0, both[key]) {
				t.Fatalf("%d of %+v are taken back, %d more stood than are wanted", count, key, both[key])
			}
		}
	})
}
