package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/bankfile"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// plays has a payment told by its payer, two payers one after the other, a patient's payment, some of it not asked for, refunds, and an answer that is taken back and corrected.
func (d *desk) plays() (two guest) {
	d.t.Helper()
	two, back := d.guest(1, "two"), d.guest(2, "back")
	two.insured()
	back.three()
	for _, step := range []func() error{
		func() error { return two.judges("A-1", false, asFirst) },
		func() error { return two.sends("beta") },
		func() error { return two.judged(two.askedOf("beta"), "B-1", false, bySecond) },
		func() error {
			_, err := d.tells(d.payer("acme"), d.payment("acme", "EFT0001", "97.50", "A-1 96.00", "L6 1.50"))
			return err
		},
		func() error {
			file, err := bankfile.ReadCSV(strings.NewReader("date,amount,trace,payer,text\n2026-03-20,97.50,EFT0001,acme,\n2026-03-21,5.00,,,\n"))
			if err == nil {
				_, err = d.office.TakeDeposits(context.Background(), d.admin(), billing.Call{}, file)
			}
			return err
		},
		func() error {
			_, err := d.office.Pay(context.Background(), d.admin(), billing.Call{Key: "k"}, billing.PaymentRequest{InvoiceID: two.invoice("visit"), Amount: 400, Method: models.PaymentCash})
			return err
		},
		func() error {
			_, err := d.office.WriteOffInvoice(context.Background(), d.admin(), billing.Call{}, billing.WriteOffRequest{InvoiceID: two.invoice("visit"), Kind: models.WriteOffCharity, Amount: 100, Reason: "As the policy says."})
			return err
		},
		func() error { return d.givesBack(models.PatientID(two.id)) },
		func() error { return back.judges("A-1R", false, asFirst) },
		func() error { return back.judges("A-1R", true, asFirst) },
		func() error { return back.judges("B-1R", false, asCorrected) },
	} {
		if err := step(); err != nil {
			d.t.Fatal(err)
		}
		d.quiet()
	}
	return two
}

// givesBack has a patient pay for a visit to come, and get some of it back: what is approved, what went, and what was cancelled.
func (d *desk) givesBack(id models.PatientID) error {
	paid, err := d.office.Collect(context.Background(), d.admin(), billing.Call{Key: "ahead"}, billing.CollectRequest{PatientID: id, For: models.Ref{Type: "Encounter", ID: "ahead"}, Amount: 900, Method: models.PaymentCash})
	if err != nil {
		return err
	}
	var last models.Refund
	for i, r := range []billing.RefundRequest{{Amount: 300}, {Amount: 200, Reference: "check 17"}, {Amount: 100}} {
		r.PatientID, r.PaymentID, r.Reason = id, paid.Result.ID, "Does not come."
		done, err := d.office.RefundPatient(context.Background(), d.admin(), billing.Call{Key: fmt.Sprint("back ", i)}, r)
		if err != nil {
			return err
		}
		last = done.Result[0]
	}
	_, err = d.office.CancelRefund(context.Background(), d.admin(), billing.Call{}, id, last.ID, "Comes after all.")
	return err
}

// reseal writes the digest of each entry that was changed, as somebody would who knows how it is made.
func (d *desk) reseal(hand storetest.Hand) {
	var changed []models.Entry
	err := d.db.As(models.Actor{Tenant: d.tenant}).View(context.Background(), func(v *store.View) error {
		return journal.Each(v, func(e models.Entry) error {
			if journal.Digest(e) != e.Digest {
				changed = append(changed, e)
			}
			return nil
		})
	})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range changed {
		hand.Do("UPDATE journal_entries SET digest = '" + journal.Digest(e) + "' WHERE id = '" + string(e.ID) + "'")
	}
}

// spoilt is a change of the books by which one law does not hold any more.
type spoilt struct {
	law      models.Law
	what     string
	do, undo []string
	sealed   bool // the digests stay as they were
}

// lessThanNothing is an entry by which a payer owes less than nothing of one charge of a case.
func lessThanNothing(law models.Law, kase, payer string) spoilt {
	postings := "INSERT INTO postings (tenant_id, entry_id, sequence, account, amount, patient_id, case_id, charge_id, claim_id, payer_id, answer_id, remittance_id, payment_id, invoice_id, rendering_id, location_id)" +
		" SELECT tenant_id, 'spoilt', %d, '%s', %d, patient_id, case_id, charge_id, '', '" + payer + "', '', '', '', '', '', '' FROM postings WHERE entry_id =" +
		" (SELECT min(entry_id) FROM postings WHERE account = 'Revenue:Gross' AND case_id = '" + kase + "') AND account = 'AR:Insurance'"
	return spoilt{law: law, what: payer + " owes less than nothing",
		do: []string{
			"INSERT INTO journal_entries (tenant_id, id, kind, cause, reverses, effective, posted, digest) VALUES ('zzyzx', 'spoilt', 'deallocation', 'overpaid/spoilt', '', '2026-03-20', 1, '')",
			fmt.Sprintf(postings, 1, "AR:Insurance", -100000),
			fmt.Sprintf(postings, 2, "Liability:Suspense", 100000),
		},
		undo: []string{"DELETE FROM postings WHERE entry_id = 'spoilt'", "DELETE FROM journal_entries WHERE id = 'spoilt'"}}
}

// spoils are changes of what plays leaves, one a law.
func spoils(kase string) []spoilt {
	one := func(law models.Law, what, table, column, where string) spoilt {
		set := func(sign string) []string {
			return []string{"UPDATE " + table + " SET " + column + " = " + column + " " + sign + " 1 WHERE " + where}
		}
		return spoilt{law: law, what: what, do: set("+"), undo: set("-")}
	}
	text := func(law models.Law, what, table, column, old, changed, where string) spoilt {
		set := func(from, to string) []string {
			return []string{"UPDATE " + table + " SET " + column + " = '" + to + "' WHERE " + column + " = '" + from + "' AND " + where}
		}
		return spoilt{law: law, what: what, do: set(old, changed), undo: set(changed, old)}
	}
	ofCase := "case_id = '" + kase + "'"
	seal := text(models.LawImmutable, "the place of a posting", "postings", "location_id", "", "elsewhere", "account = 'Revenue:Gross' AND "+ofCase)
	seal.sealed = true
	asked := one(models.LawPatient, "what is due on an invoice and its line", "invoices", "due", ofCase)
	line := one(models.LawPatient, "", "invoice_lines", "due", "due > 0 AND invoice_id IN (SELECT id FROM invoices WHERE "+ofCase+")")
	asked.do, asked.undo = append(asked.do, line.do...), append(asked.undo, line.undo...)
	return []spoilt{
		one(models.LawBalanced, "the revenue of a charge", "postings", "amount", "account = 'Revenue:Gross' AND "+ofCase),
		seal,
		one(models.LawCharge, "the price of a charge", "charges", "billed", "sequence = 1 AND "+ofCase),
		one(models.LawAnswer, "an adjustment", "adjustments", "amount", "sequence = 1 AND answer_id IN (SELECT id FROM answers WHERE payer_id = 'acme' AND "+ofCase+")"),
		one(models.LawRemittance, "what a payer paid", "remittances", "amount", "outcome = 'complete'"),
		asked,
		one(models.LawInvoice, "what an invoice asked for", "invoices", "net", ofCase),
		lessThanNothing(models.LawCredit, kase, "acme"),
		{law: models.LawOnce, what: "the cause of a payment", do: []string{"UPDATE journal_entries SET cause = cause || 'x' WHERE kind = 'payment'"},
			undo: []string{"UPDATE journal_entries SET cause = substr(cause, 1, length(cause) - 1) WHERE kind = 'payment'"}},
		text(models.LawMirror, "whose place a reversal is of", "postings", "location_id", "", "elsewhere", "sequence = 1 AND entry_id IN (SELECT id FROM journal_entries WHERE kind = 'reversal')"),
		text(models.LawControl, "who owes", "postings", "patient_id", "two-1", "nobody", "account = 'AR:Patient' AND "+ofCase),
		one(models.LawControl, "what a payment pays", "allocations", "amount", "amount > 0"),
		one(models.LawControl, "what of a payment is a credit", "payments", "unapplied", "unapplied < amount"),
		lessThanNothing(models.LawNextPayer, kase, "beta"),
		{law: models.LawClosed, what: "when the books were closed", do: []string{"UPDATE tenants SET closed_through = '2099-01-01', closed_at = 1"},
			undo: []string{"UPDATE tenants SET closed_through = '', closed_at = 0"}},
		one(models.LawDeposit, "what the bank said", "deposits", "amount", "state = 'unmatched'"),
		one(models.LawRefund, "what is to go back", "refunds", "amount", "state = 'approved'"),
		one(models.LawRefund, "what went back", "refunds", "amount", "state = 'paid'"),
		text(models.LawRefund, "how far a refund is", "refunds", "state", "approved", "paid", "amount = 300"),
		one(models.LawRefund, "what did not go back", "refunds", "amount", "state = 'cancelled'"),
		one(models.LawRefund, "what of a payment goes back", "payments", "refunded", "refunded > 0"),
		one(models.LawWriteOff, "what is not asked for", "write_offs", "amount", "amount > 0"),
		text(models.LawWriteOff, "why it is not asked for", "write_offs", "kind", "charity", "bad-debt", "amount > 0"),
	}
}

// TestVerifyNamesTheLawThatIsBroken holds that each invariant of the books is looked at and told by its name, and that none is told besides:
// by verify, and by who has nothing but the proof.
func TestVerifyNamesTheLawThatIsBroken(t *testing.T) {
	checker := buildChecker(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url))
		d.practice()
		d.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA HMO"}`)
		two := d.plays()
		d.clean()
		if said, holds := d.proven(checker); !holds {
			t.Fatalf("who has the proof alone finds\n%s", said)
		}
		hand, named := storetest.ByHand(t, url), []models.Law{}
		hand.OpenJournal()
		for _, s := range spoils("Encounter/" + two.named("visit")) {
			for _, statement := range s.do {
				hand.Do(statement)
			}
			if !s.sealed {
				d.reseal(hand)
			}
			laws := map[models.Law]bool{}
			found, _ := d.breaches()
			for _, b := range found {
				if b.Law != "" {
					laws[b.Law] = true
				}
			}
			if len(laws) != 1 || !laws[s.law] {
				t.Errorf("after a change of %s verify finds %v, want %s", s.what, found, s.law)
			}
			if said, holds := d.proven(checker); holds || !slices.Equal(broken(said), []string{string(s.law)}) {
				t.Errorf("after a change of %s who has the proof alone finds\n%s", s.what, said)
			}
			named = append(named, s.law)
			for _, statement := range s.undo {
				hand.Do(statement)
			}
			d.reseal(hand)
			if found, _ := d.breaches(); len(found) > 0 {
				t.Fatalf("after %s was put right verify finds %v", s.what, found)
			}
		}
		closed := models.Date(d.db.Now().Time().AddDate(0, 0, -2).Format(time.DateOnly))
		d.settings(models.SettingsChange{ClosedThrough: &closed})
		d.clean() // what was posted before the books were closed stays
		if !slices.Equal(slices.Compact(named), models.Laws) {
			t.Errorf("of the laws %v are spoilt", named)
		}
	})
}
