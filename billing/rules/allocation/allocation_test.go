package allocation_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/allocation"
	"medbill/models"
)

var dues = []allocation.Due{
	{CaseID: "Opening/old", ChargeID: "old", ServiceDate: "2026-01-12", Amount: 1200},
	{InvoiceID: "first", CaseID: "Encounter/u", ChargeID: "u-1", ServiceDate: "2026-01-02", Amount: 1200},
	{InvoiceID: "first", CaseID: "Encounter/u", ChargeID: "u-0", ServiceDate: "2026-01-01", Amount: 0},
	{InvoiceID: "second", CaseID: "Encounter/w", ChargeID: "w-1", ServiceDate: "2025-12-31", Amount: 300},
	{InvoiceID: "named", CaseID: "Encounter/v", ChargeID: "v-2", ServiceDate: "2026-03-03", Amount: 1000},
	{InvoiceID: "named", CaseID: "Encounter/v", ChargeID: "v-1", ServiceDate: "2026-03-02", Amount: 5000},
}

// TestMoneyGoesWhereItIsForThenToTheOldest holds the order of what a payment pays, and that what is for a visit waits for it.
func TestMoneyGoesWhereItIsForThenToTheOldest(t *testing.T) {
	for _, row := range []struct {
		name    string
		credits []allocation.Credit
		want    string
	}{
		{"less than the invoice", []allocation.Credit{{PaymentID: "p", Amount: 1000, First: "named"}}, "p v-1 10.00"},
		{"the invoice", []allocation.Credit{{PaymentID: "p", Amount: 6000, First: "named"}}, "p v-1 50.00, p v-2 10.00"},
		{"more than the invoice", []allocation.Credit{{PaymentID: "p", Amount: 8600, First: "named"}}, "p v-1 50.00, p v-2 10.00, p old 12.00, p u-1 12.00, p w-1 2.00"},
		{"for nothing named", []allocation.Credit{{PaymentID: "p", Amount: 2500}}, "p old 12.00, p u-1 12.00, p w-1 1.00"},
		{"for a visit", []allocation.Credit{{PaymentID: "p", Amount: 6500, Visit: "Encounter/v"}}, "p v-1 50.00, p v-2 10.00, p old 5.00"},
		{"for a visit that is to come", []allocation.Credit{{PaymentID: "p", Amount: 6500, Visit: "Encounter/x", Waits: true}}, ""},
		{"for a visit whose invoice is there while it waits", []allocation.Credit{{PaymentID: "p", Amount: 6500, Visit: "Encounter/v", Waits: true}}, "p v-1 50.00, p v-2 10.00"},
		{"what is for an invoice goes before what is for nothing", []allocation.Credit{{PaymentID: "p", Amount: 2000}, {PaymentID: "q", Amount: 1200, First: "first"}}, "q u-1 12.00, p old 12.00, p w-1 3.00, p v-1 5.00"},
	} {
		text := ""
		for i, a := range allocation.Spread(row.credits, dues) {
			if i > 0 {
				text += ", "
			}
			text += fmt.Sprintf("%s %s %s", a.PaymentID, a.ChargeID, a.Amount)
		}
		if text != row.want {
			t.Errorf("%s pays %q, want %q", row.name, text, row.want)
		}
	}
}

// TestEveryCentOfAPaymentHasItsPlace holds for any credits and dues that nothing is paid twice or above what is due, that money is left only where nothing is that
// it may pay, and that taking all of it off leaves each payment as it was.
func TestEveryCentOfAPaymentHasItsPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var owed []allocation.Due
		for i := range rapid.IntRange(0, 4).Draw(t, "invoices") {
			for n := range rapid.IntRange(1, 3).Draw(t, "lines") {
				owed = append(owed, allocation.Due{
					InvoiceID: models.InvoiceID(fmt.Sprint("i", i)), CaseID: models.CaseID(fmt.Sprint("Encounter/", i%2)), ChargeID: models.ChargeID(fmt.Sprint(i, "-", n)),
					ServiceDate: models.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 28).Draw(t, "day"))), Amount: models.Cents(rapid.Int64Range(0, 3000).Draw(t, "due")),
				})
			}
		}
		var credits []allocation.Credit
		for i := range rapid.IntRange(0, 3).Draw(t, "credits") {
			credits = append(credits, allocation.Credit{
				PaymentID: models.PaymentID(fmt.Sprint("p", i)), Amount: models.Cents(rapid.Int64Range(0, 5000).Draw(t, "credit")),
				First: models.InvoiceID(rapid.SampledFrom([]string{"", "i0", "i3", "i9"}).Draw(t, "first")), Visit: models.CaseID(rapid.SampledFrom([]string{"", "Encounter/1"}).Draw(t, "visit")),
				Waits: rapid.Bool().Draw(t, "waits"),
			})
		}
		before := slices.Clone(owed)
		shares := allocation.Spread(credits, owed)
		if !reflect.DeepEqual(owed, before) {
			t.Fatal("the argument was changed")
		}
		paid := map[models.ChargeID]models.Cents{}
		for _, s := range shares {
			if s.Amount <= 0 {
				t.Fatalf("%+v is nothing", s)
			}
			paid[s.ChargeID] += s.Amount
		}
		for _, d := range owed {
			if paid[d.ChargeID] > d.Amount {
				t.Fatalf("%+v is paid %s", d, paid[d.ChargeID])
			}
		}
		var payments []models.Payment
		for _, c := range credits {
			own := allocation.Of(shares, c.PaymentID)
			left := c.Amount - allocation.Sum(own)
			if left < 0 {
				t.Fatalf("%+v pays %s too much", c, -left)
			}
			for _, d := range owed {
				may := !c.Waits || c.First != "" && c.First == d.InvoiceID || c.Visit != "" && c.Visit == d.CaseID
				if left > 0 && may && paid[d.ChargeID] < d.Amount {
					t.Fatalf("%+v has %s left and does not pay %+v", c, left, d)
				}
			}
			payments = append(payments, allocation.Moved(models.Payment{ID: c.PaymentID, Amount: c.Amount, Unapplied: c.Amount}, own, 1))
		}
		taken := allocation.TakeOff(payments, paid)
		if allocation.Sum(taken) != allocation.Sum(shares) {
			t.Fatalf("%s of %s is taken off", allocation.Sum(taken), allocation.Sum(shares))
		}
		for _, p := range payments {
			if p = allocation.Moved(p, allocation.Of(taken, p.ID), -1); p.Unapplied != p.Amount || allocation.Sum(p.Allocations) != 0 {
				t.Fatalf("taken off, %+v pays something", p)
			}
		}
	})
}
