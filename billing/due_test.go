package billing_test

import (
	"context"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// What is asked of a case between an answer and the step that follows from it leaves that step due: a claim that is sent again
// must not be why its patient is never billed.
func TestNothingButAStepEndsAStep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := workless(t, db)
		d.practice()
		d.visit()
		if err := d.step(); err != nil {
			t.Fatal(err)
		}
		claim := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0].ID
		submit := func() {
			if _, err := d.office.SubmitClaim(ctx, d.admin(), billing.Call{}, models.ClaimID(claim)); err != nil {
				t.Fatal(err)
			}
		}
		submit()
		if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), ""); err != nil {
			t.Fatal(err)
		}
		submit()
		if c := d.kase("Encounter/visit"); c.Due != models.StepBill {
			t.Errorf("after the claim was sent again the case is %s and due %q", c.State, c.Due)
		}
		if err := d.step(); err != nil {
			t.Fatal(err)
		}
		d.search("Invoice", "patient=Patient/ann&status=issued", 1)
		if c := d.kase("Encounter/visit"); c.Due != models.StepNone || c.State != models.CasePatient {
			t.Errorf("after its step the case is %s and due %q", c.State, c.Due)
		}
	})
}
