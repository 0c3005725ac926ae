package billing_test

import (
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// The first payer refuses a line, the second pays it all the same, and the first leaves it to the second after all.
var (
	asDenied = map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": {"0.00", []string{"CO 50 60.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
	asPaid   = map[string]line{"99214": {"60.00", []string{"OA 23 180.00", "PR 3 10.00"}}, "93000": {"60.00", nil}, "36415": {"0.00", []string{"OA 23 15.00"}}}
	asLeft   = map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": {"0.00", []string{"PR 1 60.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
)

// overpays is a visit of which the second payer paid 60.00 that the first one refused, and the item about it.
func (g guest) overpays() models.WorkItem {
	g.t.Helper()
	g.insured()
	g.must(g.judges("A-"+g.id, false, asDenied))
	g.must(g.sends("beta"))
	g.must(g.judged(g.askedOf("beta"), "B-"+g.id, false, asPaid))
	if got, want := g.stands(), "held; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00; overpayment-to-payer; review-answer"; got != want || g.owe() != "60.00 -60.00 10.00" {
		g.t.Errorf("%s: paid too much it stands %s and is owed %s", g.id, got, g.owe())
	}
	return g.openOf(models.WorkOverpayment)
}

// openOf gives the one open item of a kind of the guest's visit.
func (g guest) openOf(kind models.WorkKind) (found models.WorkItem) {
	g.t.Helper()
	kase, _ := g.kase("visit")
	g.view(func(v *store.View) error {
		items, err := books.OpenWork(v, kase.ID)
		for _, w := range items {
			if w.Kind == kind {
				found = w
			}
		}
		return err
	})
	if found.ID == "" {
		g.t.Fatalf("%s has no open %s; it stands: %s", g.id, kind, g.stands())
	}
	return found
}

func (g guest) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatalf("%s: %v", g.id, err)
	}
	g.quiet()
}

// TestWhatAPayerPaidTooMuchIsWork holds that a receivable below nothing is one item over what it is below, that deciding it owes the payer that, which the payer takes from a later payment without a
// question, and that an answer which is taken back takes the decision with it.
func TestWhatAPayerPaidTooMuchIsWork(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "over")
		item := g.overpays()
		if item.Amount != 6000 || item.Role != models.ForBiller || item.PayerID != "beta" || len(item.Reasons) != 1 || item.Reasons[0].Path != "ClaimResponse.item.where(itemSequence = 2)" {
			t.Errorf("the work says %+v", item)
		}
		d.clean()
		g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideGiveBack, Reason: "It refused the line."}))
		g.must(d.decide(g.openOf(models.WorkAnswer).ID, billing.Verdict{Decision: models.DecideWriteOff, Reason: "The second payer does not pay it either."}))
		if got, want := g.stands(), "patient; acme adjudicated 325.00; beta adjudicated 325.00; invoice issued 10.00"; got != want || g.owe() != "0.00 0.00 10.00" || g.owed(models.AccountPayerOverpaid) != -6000 {
			t.Errorf("given back it stands %s, is owed %s, and %s is owed to the payer", got, g.owe(), g.owed(models.AccountPayerOverpaid))
		}
		d.clean()
		d.pays("beta", d.payment("beta", "EFT-WO", "0.00", "WO:B-"+g.id+" -60.00", "CS:x 60.00"))
		d.quiet()
		if got := d.balance(models.AccountPayerOverpaid, "B-"+g.id); got != 0 {
			t.Errorf("taken from a later payment, %s is owed to the payer", got)
		}
		if asked := d.itemOf(models.WorkAdjustment); len(asked.Reasons) != 1 || asked.Reasons[0].Code != "CS" {
			t.Errorf("the payer's deduction is asked about: %+v", asked)
		}

		back := d.guest(2, "over")
		back.must(d.decide(back.overpays().ID, billing.Verdict{Decision: models.DecideGiveBack, Reason: "It refused the line."}))
		back.must(back.judged(back.askedOf("beta"), "B-"+back.id, true, asPaid))
		if got := back.owe(); got != "60.00 70.00 0.00" || back.owed(models.AccountPayerOverpaid) != 0 {
			t.Errorf("taken back, it is owed %s, and %s to the payer", got, back.owed(models.AccountPayerOverpaid))
		}
		back.must(back.judged(back.askedOf("beta"), "R-"+back.id, false, asPaid))
		if got := back.openOf(models.WorkOverpayment); got.Amount != 6000 {
			t.Errorf("judged again, the work says %+v", got)
		}
	})
}

// TestWhatIsNotTooMuchAnyMoreIsNoWork holds that the work is closed where another answer has the payer owe what it paid, and that more allowed than charged is what it is about too.
func TestWhatIsNotTooMuchAnyMoreIsNoWork(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "even")
		item := g.overpays()
		g.must(g.judges("A-"+g.id, true, asDenied))
		g.must(g.judges("R-"+g.id, false, asLeft))
		if got := g.owe(); got != "0.00 0.00 10.00" || d.workItem(item.ID).IsOpen() {
			t.Errorf("corrected, it is owed %s, and the work is open: %v", got, d.workItem(item.ID).IsOpen())
		}

		more := d.guest(2, "even")
		more.three()
		more.must(more.judges("A-"+more.id, false, map[string]line{"99214": {"255.00", []string{"CO 45 -5.00"}}, "93000": {"60.00", nil}, "36415": {"15.00", nil}}))
		if got, want := more.stands(), "held; acme adjudicated 325.00; overpayment-to-payer; review-answer"; got != want {
			t.Errorf("with more allowed than charged it stands %s", got)
		}
		more.must(d.decide(more.openOf(models.WorkOverpayment).ID, billing.Verdict{Decision: models.DecideGiveBack, Reason: "It is an incentive that we did not earn."}))
		more.must(d.decide(more.openOf(models.WorkAnswer).ID, billing.Verdict{Decision: models.DecideAccept, Reason: "It is given back."}))
		if got, want := more.stands(), "closed; acme adjudicated 325.00"; got != want {
			t.Errorf("given back it stands %s", got)
		}
	})
}

// TestWhatAPayerLeftTooMuchIsOwedByNobody holds that where the first payer pays all of it after all, giving back what the second paid takes from the patient what that one left, and from the books what
// it took off; what the patient paid of it is a credit.
func TestWhatAPayerLeftTooMuchIsOwedByNobody(t *testing.T) {
	inFull := map[string]line{"99214": {"250.00", nil}, "93000": {"60.00", nil}, "36415": {"15.00", nil}}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name string
			pays bool
		}{{"nothing is paid by the patient", false}, {"the patient paid", true}} {
			g := d.guest(i, "left")
			g.insured()
			g.must(g.judges("A-"+g.id, false, asFirst))
			g.must(g.sends("beta"))
			g.must(g.judged(g.askedOf("beta"), "B-"+g.id, false, bySecond))
			if row.pays {
				g.pay(g.invoice("visit"), 1000, models.PaymentCash)
			}
			g.must(g.judges("A-"+g.id, true, asFirst))
			g.must(g.judges("R-"+g.id, false, inFull))
			item := g.openOf(models.WorkOverpayment)
			if item.Amount != 6400 || item.Reasons[0].Text != "10.00 that it left to others is not owed by them. 60.00 of the line is the payer's." {
				t.Errorf("%s: the work says %+v", row.name, item)
			}
			g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideGiveBack, Reason: "The first payer paid all of it."}))
			credit := models.Cents(0)
			if row.pays {
				credit = -1000
			}
			if got := g.owe(); got != "0.00 0.00 0.00" || g.owed(models.AccountPayerOverpaid) != -6400 || g.sumOf(models.AccountPatientCredits) != credit {
				t.Errorf("%s: given back, it is owed %s, %s to the payer and %s to the patient", row.name, got, g.owed(models.AccountPayerOverpaid), g.sumOf(models.AccountPatientCredits))
			}
			g.asksWhatIsOwed(row.name)
			d.clean()
			g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It is not sure yet."}))
			if got := g.openOf(models.WorkOverpayment); got.Amount != 6400 {
				t.Errorf("%s: undone, the work says %+v", row.name, got)
			}
			d.clean()
		}
	})
}

// TestWhatWasTakenBackIsNotGivenBack holds that what a payer left to the patient by an answer that it took back, and what was given back of that, count no more for what it paid too much since.
func TestWhatWasTakenBackIsNotGivenBack(t *testing.T) {
	inFull := map[string]line{"99214": {"250.00", nil}, "93000": {"60.00", nil}, "36415": {"15.00", nil}}
	leftNothing := map[string]line{"99214": {"70.00", []string{"OA 23 180.00"}}, "93000": {"4.00", []string{"OA 23 56.00"}}, "36415": {"0.00", []string{"OA 23 15.00"}}}
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "taken")
		g.insured()
		g.must(g.judges("A-"+g.id, false, asFirst))
		g.must(g.sends("beta"))
		asked := g.askedOf("beta")
		g.must(g.judged(asked, "B-"+g.id, false, bySecond))
		g.must(g.judges("A-"+g.id, true, asFirst))
		g.must(g.judges("R-"+g.id, false, inFull))
		back := billing.Verdict{Decision: models.DecideGiveBack, Reason: "The first payer paid all of it."}
		g.must(d.decide(g.openOf(models.WorkOverpayment).ID, back))
		g.must(g.judged(asked, "B-"+g.id, true, bySecond))
		g.must(g.judges("R-"+g.id, true, inFull))
		g.must(g.judges("S-"+g.id, false, asFirst))
		g.must(g.judged(asked, "C-"+g.id, false, leftNothing))
		g.must(g.judges("S-"+g.id, true, asFirst))
		g.must(g.judges("T-"+g.id, false, inFull))
		g.must(d.decide(g.openOf(models.WorkOverpayment).ID, back))
		if got := g.owe(); got != "0.00 0.00 0.00" || g.owed(models.AccountPayerOverpaid) != -7400 {
			t.Errorf("given back, it is owed %s and %s to the payer; it stands %s", got, g.owed(models.AccountPayerOverpaid), g.stands())
		}
		d.clean()
	})
}

// TestANextPayerIsToldWhatItPaidTooMuchSince holds that giving back what the first payer allowed above the charge leaves the next one less to owe, and that what that one paid of it is work at once.
func TestANextPayerIsToldWhatItPaidTooMuchSince(t *testing.T) {
	first := map[string]line{"99214": {"235.00", []string{"CO 45 -5.00", "PR 2 20.00"}}, "93000": {"60.00", nil}, "36415": {"15.00", nil}}
	second := map[string]line{"99214": {"20.00", []string{"OA 23 235.00", "CO 45 -5.00"}}, "93000": {"0.00", []string{"OA 23 60.00"}}, "36415": {"0.00", []string{"OA 23 15.00"}}}
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "since")
		g.insured()
		g.must(g.judges("A-"+g.id, false, first))
		over := g.openOf(models.WorkOverpayment)
		g.must(g.sends("beta"))
		if err := g.judged(g.askedOf("beta"), "B-"+g.id, false, second); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		g.must(d.decide(over.ID, billing.Verdict{Decision: models.DecideGiveBack, Reason: "It is more than we charged."}))
		d.clean()
		if got := g.owe(); got != "0.00 -5.00 0.00" {
			t.Errorf("given back, it is owed %s; it stands %s", got, g.stands())
		}
		if next := g.openOf(models.WorkOverpayment); next.PayerID != "beta" || next.Amount != 500 {
			t.Errorf("the work says %+v", next)
		}
	})
}

// TestWhatWasReleasedIsLeftToThePatient holds that giving back what a payer left too much takes it from whoever owes that by now: from the patient where it was released from the next payer.
func TestWhatWasReleasedIsLeftToThePatient(t *testing.T) {
	first := map[string]line{"99214": {"235.00", []string{"CO 45 -5.00", "PR 2 20.00"}}, "93000": {"60.00", nil}, "36415": {"15.00", nil}}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name     string
			released bool
			want     string
		}{{"the next payer has it", false, "0.00 15.00 0.00"}, {"it is released", true, "0.00 0.00 15.00"}} {
			g := d.guest(i, "released")
			g.insured()
			g.must(g.judges("A-"+g.id, false, first))
			over := g.openOf(models.WorkOverpayment)
			if row.released {
				g.send(g.plan("second").with(paidBy(ref("Organization/beta")), order(2), fields{"period": fields{"end": "2026-01-31"}}))
				g.quiet()
				g.must(d.decide(g.openOf(models.WorkNextPayer).ID, billing.Verdict{Decision: models.DecideRelease, Reason: "It ended in January."}))
			}
			g.must(d.decide(over.ID, billing.Verdict{Decision: models.DecideGiveBack, Reason: "It is more than we charged."}))
			if got := g.owe(); got != row.want {
				t.Errorf("%s: given back, it is owed %s, want %s; it stands %s", row.name, got, row.want, g.stands())
			}
			d.clean()
		}
	})
}
