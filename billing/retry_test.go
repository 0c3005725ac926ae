package billing_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func (d *desk) kase(id models.CaseID) models.Case {
	d.t.Helper()
	var c models.Case
	err := d.db.As(models.Actor{Tenant: d.tenant}).View(context.Background(), func(v *store.View) error {
		var err error
		c, _, err = books.Case(v, id)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// settles waits until no step of a case is due.
func (d *desk) settles(id models.CaseID) models.Case {
	d.t.Helper()
	for range 200 {
		if c := d.kase(id); c.Due == models.StepNone {
			return c
		}
		time.Sleep(20 * time.Millisecond)
	}
	d.t.Fatal("the step of the case is not done")
	return models.Case{}
}

// fail has the step of the visit's case fail for good.
func (d *desk) fail(hand storetest.Hand) {
	d.t.Helper()
	hand.Do(fmt.Sprintf("UPDATE cases SET due = 'plan', due_at = %d", d.db.Now()+3_600_000_000)) // when nobody does it
	d.giveUp("Encounter/visit")
}

// giveUp has the step of a case fail until it is given up.
func (d *desk) giveUp(subject string) {
	d.t.Helper()
	for range 40 {
		if err := d.office.Shift().Failed(context.Background(), d.tenant, subject); err != nil {
			d.t.Fatal(err)
		}
	}
}

func TestAFailedStepIsRunAgain(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx := context.Background()
		d := open(t, storetest.Open(t, url))
		hand := storetest.ByHand(t, url)
		d.practice()
		d.visit()
		claim := models.Ref{Type: "Claim", ID: d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0].ID}
		encounter := models.Ref{Type: "Encounter", ID: "visit"}
		before := d.settles("Encounter/visit")
		for name, retry := range map[string]func() (int, error){
			"of the visit": func() (int, error) {
				done, err := d.office.RetryCase(ctx, d.admin(), billing.Call{}, encounter)
				return done.Result, err
			},
			"of the claim": func() (int, error) {
				done, err := d.office.RetryCase(ctx, d.admin(), billing.Call{Key: "k"}, claim)
				return done.Result, err
			},
			"of all": func() (int, error) { return d.office.Retry(ctx, d.admin(), billing.Call{}) },
		} {
			d.fail(hand)
			if c := d.kase("Encounter/visit"); c.State != models.CaseHeld || c.Due != models.StepNone {
				t.Errorf("%s: a failed case is %s and due %q", name, c.State, c.Due)
			}
			d.search("Task", "code=failed-step&status=requested", 1)
			if n, err := retry(); n != 1 || err != nil {
				t.Errorf("%s: %d, %v", name, n, err)
			}
			if c := d.settles("Encounter/visit"); c.State != before.State {
				t.Errorf("%s: the case becomes %s, want %s", name, c.State, before.State)
			}
			d.search("Task", "code=failed-step&status=requested", 0)
		}
		if n, err := d.office.Retry(ctx, d.admin(), billing.Call{}); n != 0 || err != nil {
			t.Errorf("where nothing failed: %d, %v", n, err)
		}
		if _, err := d.office.RetryCase(ctx, d.admin(), billing.Call{}, encounter); fault.From(err).Kind != fault.Conflict {
			t.Errorf("where nothing failed: %v", err)
		}
		if done, err := d.office.RetryCase(ctx, d.admin(), billing.Call{Key: "k"}, claim); done.Result != 1 || err != nil {
			t.Errorf("under its key: %d, %v", done.Result, err)
		}
		d.clean()
	})
}

// A payment, or anything else that is no step, does not make a failure forgotten.
func TestOnlyAStepEndsAFailure(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		ctx := context.Background()
		d := open(t, storetest.Open(t, url))
		d.practice()
		d.visit()
		claim := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0].ID
		if _, err := d.office.SubmitClaim(ctx, d.admin(), billing.Call{}, models.ClaimID(claim)); err != nil {
			t.Fatal(err)
		}
		if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), ""); err != nil {
			t.Fatal(err)
		}
		invoice := models.InvoiceID(d.search("Invoice", "patient=Patient/ann&status=issued", 1)[0].ID)
		d.settles("Encounter/visit")
		d.fail(storetest.ByHand(t, url))
		payment := billing.PaymentRequest{InvoiceID: invoice, Amount: 7400, Method: models.PaymentCard, Reference: "ch_1"}
		if _, err := d.office.Pay(ctx, d.admin(), billing.Call{Key: "k1"}, payment); err != nil {
			t.Fatal(err)
		}
		d.search("Task", "code=failed-step&status=requested", 1)
		if c := d.kase("Encounter/visit"); c.State != models.CaseHeld {
			t.Errorf("the case is %s", c.State)
		}
	})
}

// What is due is found, as often as nobody is told.
func TestWhatIsDueIsFoundByLooking(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		hand := storetest.ByHand(t, url)
		d.practice()
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.settles("Encounter/visit")
		for range 3 {
			hand.Do("UPDATE cases SET due = 'plan', due_at = 1")
			d.settles("Encounter/visit")
			d.quiet()
		}
	})
}
