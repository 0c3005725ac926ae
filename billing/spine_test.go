package billing_test

import (
	"context"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestAVisitBecomesAPaidBill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		d.visit()
		claim := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0]
		if want := "AR:Insurance 325.00; AR:Patient 0.00; Clearing:ERA 0.00; Contra:Contractual 0.00; Contra:Bundled 0.00; Cash:Card-clearing 0.00; Revenue:Gross -325.00"; d.balances() != want {
			t.Fatalf("after the charges the books say\n %s, want\n %s", d.balances(), want)
		}
		if _, err := d.office.SubmitClaim(ctx, d.admin(), billing.Call{}, models.ClaimID(claim.ID)); err != nil {
			t.Fatal(err)
		}
		for range 2 { // sending again changes nothing
			if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim.ID, "ICN-1")), ""); err != nil {
				t.Fatal(err)
			}
		}
		if want := "AR:Insurance 0.00; AR:Patient 74.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00; Cash:Card-clearing 0.00; Revenue:Gross -325.00"; d.balances() != want {
			t.Fatalf("after the answer the books say\n %s, want\n %s", d.balances(), want)
		}
		invoice := d.search("Invoice", "patient=Patient/ann&status=issued", 1)[0]
		for range 2 {
			done, err := d.office.Pay(ctx, d.admin(), billing.Call{Key: "k1"}, billing.PaymentRequest{InvoiceID: models.InvoiceID(invoice.ID), Amount: 7400, Method: models.PaymentCard, Reference: "ch_1"})
			if err != nil {
				t.Fatal(err)
			}
			paid := done.Result
			if paid.Status != models.InvoiceBalanced || paid.Due != 0 {
				t.Fatalf("the invoice is %s with %s due after it was paid", paid.Status, paid.Due)
			}
		}
		if want := "AR:Insurance 0.00; AR:Patient 0.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00; Cash:Card-clearing 74.00; Revenue:Gross -325.00"; d.balances() != want {
			t.Fatalf("after the payment the books say\n %s, want\n %s", d.balances(), want)
		}
		verified, err := d.office.Verify(ctx, d.tenant, billing.Watch{Breach: func(b billing.Breach) { t.Error(b) }})
		if err != nil || verified.Entries != 7 {
			t.Errorf("verify saw %+v, %v; want 7 entries", verified, err)
		}
	})
}
