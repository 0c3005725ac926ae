package billing_test

import (
	"testing"

	"medbill/billing"
	"medbill/models"
)

// TestThePatientIsAskedNoMore holds that what the patient was asked for instead of the payer is the payer's again once that is taken back, that an invoice asks for no more than is owed then, that what was paid of it is
// the patient's credit, and that the patient may be asked once more.
func TestThePatientIsAskedNoMore(t *testing.T) {
	uncovered := map[string]line{"99214": {"80.00", []string{"CO 45 100.00", "PR 1 50.00", "PR 2 20.00"}}, "93000": {"0.00", []string{"PR 96 60.00"}}, "36415": {"0.00", []string{"CO 97 15.00"}}}
	ask, undo := billing.Verdict{Decision: models.DecideBillPatient, Reason: "It was explained before."}, billing.Verdict{Decision: models.DecideUndo, Reason: "It was not."}
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "asked")
		g.three()
		g.must(g.judges("A-"+g.id, false, uncovered))
		item := g.openOf(models.WorkAnswer)
		stands := func(what, want string, payer, patient, credit models.Cents) {
			t.Helper()
			if got := g.stands(); got != want || g.owed(models.AccountARInsurance) != payer || g.owed(models.AccountARPatient) != patient || g.owed(models.AccountPatientCredits) != credit {
				t.Errorf("%s: it stands %s, the payer owes %s, the patient %s, the credit is %s; want %s", what, got, g.owed(models.AccountARInsurance), g.owed(models.AccountARPatient), g.owed(models.AccountPatientCredits), want)
			}
			d.clean()
		}
		stands("answered", "held; acme adjudicated 325.00; invoice issued 70.00; review-answer", 6000, 7000, 0)
		g.must(d.decide(item.ID, ask))
		stands("asked", "patient; acme adjudicated 325.00; invoice issued 60.00; invoice issued 70.00", 0, 13000, 0)
		g.must(d.decide(item.ID, undo))
		stands("asked no more", "held; acme adjudicated 325.00; invoice balanced 60.00; invoice issued 70.00; review-answer", 6000, 7000, 0)
		if got := refusal(d.decide(item.ID, undo)); got != "work.decision decision" {
			t.Errorf("once more it is refused by %q", got)
		}
		g.must(d.decide(item.ID, ask))
		stands("asked again", "patient; acme adjudicated 325.00; invoice balanced 60.00; invoice issued 60.00; invoice issued 70.00", 0, 13000, 0)
		for range 2 {
			due := min(g.owed(models.AccountARPatient), 6000)
			if g.pay(g.invoice("visit"), due, models.PaymentCash); g.owed(models.AccountARPatient) == 7000 {
				break
			}
		}
		g.quiet()
		paid := g.owed(models.AccountARPatient)
		g.must(d.decide(item.ID, undo))
		if got := g.owed(models.AccountARInsurance); got != 6000 || g.owed(models.AccountARPatient)+g.owed(models.AccountPatientCredits) != paid-6000 {
			t.Errorf("undone after a payment, the payer owes %s, the patient %s, the credit is %s", got, g.owed(models.AccountARPatient), g.owed(models.AccountPatientCredits))
		}
		d.clean()
		g.must(g.judges("A-"+g.id, true, uncovered))
		if got := refusal(d.decide(item.ID, undo)); got != "work.decision decision" {
			t.Errorf("of an answer that is taken back it is refused by %q", got)
		}
		g.must(g.judges("R-"+g.id, false, asFirst))
		g.asksWhatIsOwed("judged again")
	})
}

// TestWhatIsGivenBackIsKept holds that the decision to owe a payer what it paid too much is taken back too.
func TestWhatIsGivenBackIsKept(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "kept")
		item := g.overpays()
		for range 2 {
			g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideGiveBack, Reason: "It refused the line."}))
			g.must(d.decide(item.ID, billing.Verdict{Decision: models.DecideUndo, Reason: "It did not."}))
		}
		if got := g.owe(); got != "60.00 -60.00 10.00" || g.owed(models.AccountPayerOverpaid) != 0 || !d.workItem(item.ID).IsOpen() {
			t.Errorf("kept, it is owed %s, and %s to the payer", got, g.owed(models.AccountPayerOverpaid))
		}
	})
}
