package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"medbill/internal/store/storetest"
)

// comesToBank has the practice told of money at its bank: day, amount, trace number and payer of each.
func (x *played) comesToBank(lines ...[4]string) {
	x.Helper()
	list := make([]map[string]string, len(lines))
	for i, l := range lines {
		list[i] = map[string]string{"date": l[0], "amount": l[1], "trace": l[2], "payer": l[3]}
	}
	body, err := json.Marshal(list)
	if err != nil {
		x.Fatal(err)
	}
	if got := x.send("POST", "/deposits", string(body)); !strings.Contains(got, `"taken"`) {
		x.Fatalf("the bank is told %.400s", got)
	}
}

// searches has payers asked about the money that nobody knows, and everything done that comes of it.
func (x *played) searches() {
	x.Helper()
	if err := x.s.office.SearchPayments(context.Background()); err != nil {
		x.Fatal(err)
	}
	x.rests()
}

// unknownMoney gives what is to be done about deposits: the reasons of each, without proposals.
func (x *played) unknownMoney() (open []string) {
	x.Helper()
	for entry := range x.search("Task?_count=100&status=requested&code=deposit-without-remittance").Children() {
		var codes []string
		for input := range entry.In("resource", "input").Children() {
			if code := input.In("type", "coding").At(0).Get("code").Text(); code != "deposit.proposal" {
				codes = append(codes, code)
			}
		}
		open = append(open, strings.Join(codes, " "))
	}
	slices.Sort(open)
	return open
}

// TestALonelyPaymentIsFound plays money that comes to the bank without any word of the payer: the payer's server is asked for it, its answers and its payment are posted as if they had been sent, and the deposit is matched. Money of
// which the payer knows nothing, and a remittance that is a cent off, stay work that says so. The payer is killed in between.
func TestALonelyPaymentIsFound(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := practise(t, url)
		codes := []string{"99214", "93000", "36415"}
		x.visits("LONELY-1", codes, "")
		x.visits("CENT-1", codes, "")
		x.visits("PAID-1", codes, "")
		x.passes(2)
		x.rests()
		if got := x.books()["LONELY-1"]; got != nothingPaid {
			t.Fatalf("before the bank the books hold %s", got)
		}
		lines := [][4]string{{"2026-03-03", "12.00", "NOBODY", "acme"}, {"2026-03-03", "13.00", "THEIRS", "beta"}}
		for _, d := range x.payer.Deposits() {
			lines = append(lines, [4]string{d.Day, d.Amount, d.Trace, d.Organization})
		}
		x.comesToBank(lines...)
		if got := x.unknownMoney(); len(got) != 4 {
			t.Fatalf("of the money at the bank nobody knows %q, want 4", got)
		}
		x.searches()
		if got, want := x.unknownMoney(), []string{"", "deposit.asked.refused", "deposit.asked.unknown"}; !slices.Equal(got, want) {
			t.Errorf("after the payer was asked nobody knows %q, want %q", got, want)
		}
		books := x.books()
		if got := books["LONELY-1"]; got != asDeductible {
			t.Errorf("in the end the books hold %s, want %s", got, asDeductible)
		}
		if got, want := books[""], "Cash:Bank 353.00 Clearing:ERA -232.00 Liability:Unmatched-receipts -121.00"; got != want {
			t.Errorf("of all the books hold %s, want %s", got, want)
		}
		x.searches() // what was answered is not asked again
		if got := x.search("PaymentReconciliation?_count=10").Len(); got != 3 {
			t.Errorf("there are %d payments, want 3", got)
		}
		x.isSound()
	})
}
