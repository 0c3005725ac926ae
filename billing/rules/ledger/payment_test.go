package ledger_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/ledger"
	"medbill/models"
	"medbill/models/fault"
)

func TestPaymentGoesToItsInvoiceThenToTheOldest(t *testing.T) {
	open := []ledger.Open{
		{InvoiceID: "first", CaseID: "Encounter/u", ChargeID: "u-1", ServiceDate: "2026-01-02", Due: 1200},
		{InvoiceID: "first", CaseID: "Encounter/u", ChargeID: "u-0", ServiceDate: "2026-01-01", Due: 0},
		{InvoiceID: "second", CaseID: "Encounter/w", ChargeID: "w-1", ServiceDate: "2025-12-31", Due: 300},
		{InvoiceID: "named", CaseID: "Encounter/v", ChargeID: "v-2", ServiceDate: "2026-03-03", Due: 1000},
		{InvoiceID: "named", CaseID: "Encounter/v", ChargeID: "v-1", ServiceDate: "2026-03-02", Due: 5000},
	}
	by := models.Dimensions{PatientID: "canary", PaymentID: "p"}
	to := func(at int) models.Dimensions {
		return models.Dimensions{PatientID: "canary", PaymentID: "p", InvoiceID: open[at].InvoiceID, CaseID: open[at].CaseID, ChargeID: open[at].ChargeID}
	}
	type share struct {
		at  int
		due models.Cents
	}
	for _, row := range []struct {
		amount models.Cents
		shares []share
		credit models.Cents
	}{
		{1000, []share{{4, 1000}}, 0},
		{5500, []share{{4, 5000}, {3, 500}}, 0},
		{7300, []share{{4, 5000}, {3, 1000}, {0, 1200}, {2, 100}}, 0},
		{8000, []share{{4, 5000}, {3, 1000}, {0, 1200}, {2, 300}}, 500},
	} {
		postings := []models.Posting{posting(by, 1, models.AccountCardClearing, row.amount)}
		var shares []ledger.Open
		for _, s := range row.shares {
			paid := open[s.at]
			paid.Due = s.due
			shares = append(shares, paid)
			postings = append(postings, posting(to(s.at), len(postings)+1, models.AccountARPatient, -s.due))
		}
		if row.credit > 0 {
			postings = append(postings, posting(by, len(postings)+1, models.AccountPatientCredits, -row.credit))
		}
		want := models.Entry{Kind: models.EntryPayment, Cause: "payment/p", Effective: day, Postings: postings}
		got, paid, err := ledger.Paid(models.Payment{ID: "p", PatientID: "canary", Amount: row.amount, Method: models.PaymentCard}, "named", open, day)
		if err != nil || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(paid, shares) {
			t.Errorf("%d: got %+v, %v\nwant %+v\npaid %+v\nwant %+v", row.amount, got, err, want, paid, shares)
		}
	}
}

func TestMoneyLiesWhereItsMethodPutsIt(t *testing.T) {
	for method, want := range map[models.PaymentMethod]models.LedgerAccount{
		models.PaymentCard: models.AccountCardClearing, models.PaymentCash: models.AccountDrawer,
		models.PaymentCheck: models.AccountBank, models.PaymentACH: models.AccountBank,
	} {
		got, _, err := ledger.Paid(models.Payment{ID: "p", Amount: 100, Method: method}, "", nil, day)
		if err != nil || got.Postings[0].Account != want {
			t.Errorf("%s: got %+v, %v", method, got, err)
		}
		sound(t, got)
	}
	for _, p := range []models.Payment{{Amount: 100, Method: "barter"}, {Amount: 0, Method: models.PaymentCash}, {Amount: -1, Method: models.PaymentCash}} {
		if got, shares, err := ledger.Paid(p, "", nil, day); !fault.Is(err, fault.BusinessRule) || len(shares) > 0 {
			t.Errorf("%+v gives %+v, %v", p, got, err)
		}
	}
}

// drawOpen draws the open lines of several invoices, oldest invoice first.
func drawOpen(t *rapid.T) []ledger.Open {
	var open []ledger.Open
	for i := range rapid.IntRange(0, 4).Draw(t, "invoices") {
		for n := range rapid.IntRange(1, 4).Draw(t, "lines") {
			open = append(open, ledger.Open{
				InvoiceID: models.InvoiceID(fmt.Sprint("invoice-", i)), ChargeID: models.ChargeID(fmt.Sprint("charge-", i, "-", n)), CaseID: models.CaseID(fmt.Sprint("Encounter/", i)),
				ServiceDate: models.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 28).Draw(t, "day"))), Due: models.Cents(rapid.Int64Range(0, 10000).Draw(t, "due")),
			})
		}
	}
	return open
}

// goesInOrder checks that amount was spread over open with first before the others: no line got more than is due of it, none
// got anything before all that come earlier were paid, and what is left is what nobody was owed.
func goesInOrder(t *rapid.T, amount models.Cents, first models.InvoiceID, open, shares []ledger.Open) (left models.Cents) {
	place := func(o ledger.Open) string {
		if o.InvoiceID == first {
			return "0/" + string(o.ServiceDate)
		}
		return "1/" + string(o.InvoiceID) + "/" + string(o.ServiceDate)
	}
	paid := map[models.ChargeID]models.Cents{}
	left = amount
	for _, s := range shares {
		paid[s.ChargeID] += s.Due
		left -= s.Due
	}
	var owed models.Cents
	for _, o := range open {
		owed += o.Due
		if paid[o.ChargeID] > o.Due {
			t.Fatalf("%+v is paid %s", o, paid[o.ChargeID])
		}
		for _, later := range open {
			if place(o) < place(later) && paid[o.ChargeID] < o.Due && paid[later.ChargeID] > 0 {
				t.Fatalf("%+v is paid before %+v", later, o)
			}
		}
	}
	if left != max(0, amount-owed) {
		t.Fatalf("%s for %s leaves %s", amount, owed, left)
	}
	return left
}

// receivables checks that an entry takes of each line what its share is, and gives what it moves on an account.
func receivables(t *rapid.T, e models.Entry, shares []ledger.Open) models.Balances {
	sound(t, e)
	got := map[models.ChargeID]models.Cents{}
	for _, p := range e.Postings {
		if p.PatientID != "canary" {
			t.Fatalf("%+v is nobody's", p)
		}
		if p.Account == models.AccountARPatient {
			got[p.ChargeID] -= p.Amount
			if !slices.ContainsFunc(shares, func(s ledger.Open) bool {
				return s.ChargeID == p.ChargeID && s.InvoiceID == p.InvoiceID && s.CaseID == p.CaseID && s.Due == -p.Amount
			}) {
				t.Fatalf("%+v is no share of %+v", p, shares)
			}
		}
	}
	if len(got) != len(shares) {
		t.Fatalf("%d shares are posted as %+v", len(shares), e)
	}
	return ledger.Sum(e.Postings)
}

func TestEveryCentOfAPaymentHasItsPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		open := drawOpen(t)
		before := slices.Clone(open)
		first := models.InvoiceID(fmt.Sprint("invoice-", rapid.IntRange(0, 5).Draw(t, "named")))
		p := models.Payment{ID: "p", PatientID: "canary", Amount: models.Cents(rapid.Int64Range(1, 60000).Draw(t, "amount")), Method: models.PaymentCheck}
		e, shares, err := ledger.Paid(p, first, open, day)
		if err != nil {
			t.Fatal(err)
		}
		left := goesInOrder(t, p.Amount, first, open, shares)
		moved := receivables(t, e, shares)
		if moved[models.AccountBank] != p.Amount || moved[models.AccountPatientCredits] != -left || -moved[models.AccountARPatient] != p.Amount-left {
			t.Fatalf("%s with %s left moves %v", p.Amount, left, moved)
		}
		if !slices.Equal(open, before) {
			t.Fatal("the argument was changed")
		}
	})
}

func TestCreditPaysAtMostWhatIsAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		open := drawOpen(t)
		open = slices.DeleteFunc(open, func(o ledger.Open) bool { return o.InvoiceID != "invoice-0" })
		credit := models.Cents(rapid.Int64Range(-10, 40000).Draw(t, "credit"))
		var owed models.Cents
		for _, o := range open {
			owed += o.Due
		}
		e, shares, used := ledger.Credited(models.Invoice{ID: "invoice-0", PatientID: "canary"}, credit, open, day)
		if used != (credit > 0 && owed > 0) {
			t.Fatalf("a credit of %s is used for %s: %v", credit, owed, used)
		}
		if !used {
			if len(shares)+len(e.Postings) > 0 {
				t.Fatalf("nothing is used, and %+v is posted", e)
			}
			return
		}
		left := goesInOrder(t, credit, "invoice-0", open, shares)
		moved := receivables(t, e, shares)
		if moved[models.AccountPatientCredits] != credit-left || -moved[models.AccountARPatient] != credit-left || e.Cause != "credit/invoice-0" || e.Kind != models.EntryCredit || e.Effective != day {
			t.Fatalf("%s with %s left is %+v", credit, left, e)
		}
	})
}
