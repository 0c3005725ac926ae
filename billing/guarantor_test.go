package billing_test

import (
	"context"
	"slices"
	"testing"

	"medbill/billing"
	"medbill/internal/store/storetest"
)

// TestVerifyFindsAnInvoiceThatAsksAChild holds that an open invoice whose recipient is under age is a breach.
func TestVerifyFindsAnInvoiceThatAsksAChild(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		d.practice()
		g, sister := d.guest(0, "kid"), d.guest(1, "kid")
		g.send(append(g.ecg(), sister.patient().with(fields{"birthDate": "2016-03-02"}))...)
		d.quiet()
		g.submit()
		if err := g.answers(g.claim(), line{"40.00", []string{"PR 2 20.00"}}); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		invoice := "Invoice/" + string(g.invoice("visit"))
		breaches := func() (found []string) {
			_, err := d.office.Verify(context.Background(), d.tenant, billing.Watch{Breach: func(b billing.Breach) { found = append(found, b.Subject+": "+b.Text) }})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if found := breaches(); len(found) > 0 {
			t.Fatalf("%v", found)
		}
		storetest.ByHand(t, url).Do("UPDATE invoices SET recipient = 'Patient/" + sister.id + "'")
		if found := breaches(); !slices.Contains(found, invoice+": the invoice asks a child") {
			t.Errorf("%v", found)
		}
	})
}
