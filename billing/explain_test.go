package billing_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// isExplained holds that what is told of a record sums to a balance per account, that what is told of one account is a part of it, and that every posting came from somewhere.
func (d *desk) isExplained(what string, of models.Ref, want models.Balances) []models.Explained {
	d.t.Helper()
	list, err := d.office.Explain(d.t.Context(), d.admin(), billing.Question{Subject: of})
	if err != nil {
		d.t.Fatalf("%s: %s: %v", what, of, err)
	}
	sums := models.Balances{}
	for _, e := range list {
		sums[e.Account] += e.Amount
		if e.From == (models.Ref{}) || e.Path == "" || e.Day == "" || e.Cause == "" || (e.Kind == models.EntryReversal) != (e.Reverses != "") {
			d.t.Errorf("%s: %s: a posting of %s on %s comes from %+v", what, of, e.Amount, e.Account, e)
		}
	}
	even := func(_ models.LedgerAccount, amount models.Cents) bool { return amount == 0 }
	maps.DeleteFunc(want, even)
	for account := range sums {
		one, err := d.office.Explain(d.t.Context(), d.admin(), billing.Question{Subject: of, Account: account})
		sum := models.Cents(0)
		for _, e := range one {
			sum += e.Amount
		}
		if err != nil || sum != sums[account] {
			d.t.Errorf("%s: %s: %s is explained by %s, want %s: %v", what, of, account, sum, sums[account], err)
		}
	}
	if maps.DeleteFunc(sums, even); !maps.Equal(sums, want) {
		d.t.Errorf("%s: %s is explained as %v, the books say %v", what, of, sums, want)
	}
	return list
}

// areExplained holds it of every claim, invoice and account of a patient.
func (d *desk) areExplained(what string, patient models.PatientID, cases ...models.CaseID) (kinds []string) {
	d.t.Helper()
	var claims []models.Claim
	var invoices []models.Invoice
	var account models.Account
	var balances map[models.PatientID]models.Balances
	d.view(func(v *store.View) (err error) {
		for _, id := range cases {
			list, err := books.ClaimsOfCase(v, id)
			if err != nil {
				return err
			}
			claims = append(claims, list...)
			asked, err := books.InvoicesOfCase(v, id)
			if err != nil {
				return err
			}
			invoices = append(invoices, asked...)
		}
		if account, _, err = books.Account(v, patient); err != nil {
			return err
		}
		balances, err = journal.BalancesOfPatients(v, []models.PatientID{patient})
		return err
	})
	for _, e := range d.isExplained(what, models.Ref{Type: "Account", ID: string(account.ID)}, balances[patient]) {
		kinds = append(kinds, string(e.Kind)+" "+e.From.Type)
	}
	for _, c := range claims {
		want, lines := models.Balances{}, models.Cents(0)
		d.view(func(v *store.View) error {
			found, err := journal.PostingsByClaim(v, []models.ClaimID{c.ID})
			for _, p := range found[c.ID] {
				want[p.Account] += p.Amount
			}
			return err
		})
		receivable := want[models.AccountARInsurance]
		d.isExplained(what, models.Ref{Type: "Claim", ID: string(c.ID)}, want)
		for _, l := range c.Lines {
			list, err := d.office.Explain(d.t.Context(), d.admin(), billing.Question{Subject: models.Ref{Type: "Claim", ID: string(c.ID)}, Line: l.Sequence, Account: models.AccountARInsurance})
			if err != nil {
				d.t.Fatal(err)
			}
			for _, e := range list {
				lines += e.Amount
			}
		}
		if lines != receivable {
			d.t.Errorf("%s: the lines of a claim are explained by %s, the claim by %s", what, lines, receivable)
		}
	}
	for _, i := range invoices {
		list, err := d.office.Explain(d.t.Context(), d.admin(), billing.Question{Subject: models.Ref{Type: "Invoice", ID: string(i.ID)}, Account: models.AccountARPatient})
		sum, due := models.Cents(0), models.Cents(0)
		for _, e := range list {
			sum += e.Amount
		}
		for _, other := range invoices {
			for _, l := range other.Lines {
				if slices.ContainsFunc(i.Lines, func(mine models.InvoiceLine) bool { return mine.ChargeID == l.ChargeID }) && other.Status != models.InvoiceCancelled {
					due += l.Due
				}
			}
		}
		if err != nil || sum != due {
			d.t.Errorf("%s: an invoice is explained by %s, its charges are due with %s: %v", what, sum, due, err)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// TestEveryAmountIsExplained holds over visits of many kinds that what is told of a record sums to what it shows, and says from what document.
func TestEveryAmountIsExplained(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		visit := func(g guest) models.CaseID { return models.CaseOf(models.VisitID(g.named("visit"))) }
		d.price("99213", "150.00")

		g := d.guest(1, "taken-back")
		g.coded()
		g.did(g.judges("A-1", false, as99214))
		g.did(g.judges("A-1", true, as99214))
		g.did(g.judges("A-2", false, nothing))
		got := d.areExplained("taken back and corrected", models.PatientID(g.id), visit(g))
		if want := "answer ClaimResponse; charge ChargeItem; patient-responsibility ClaimResponse; reversal ClaimResponse"; strings.Join(got, "; ") != want {
			t.Errorf("taken back and corrected comes from %q, want %q", got, want)
		}

		r := d.guest(2, "replaced")
		r.coded()
		r.did(r.judges("A-1", false, nothing))
		r.send(r.procedure("a", "99213"))
		d.quiet()
		r.did(r.decided(models.WorkChangedSent, models.DecideReplace))
		r.submit()
		if claims, told := r.all(); len(claims) != 2 {
			t.Fatalf("the claim was not replaced: %s", told)
		} else {
			r.did(r.judged(claims[1], "A-2", false, as99213))
		}
		d.areExplained("replaced", models.PatientID(r.id), visit(r))

		two := d.guest(4, "two")
		two.insured()
		two.did(two.judges("A-1", false, asFirst))
		two.did(two.sends("beta"))
		two.did(two.judged(two.askedOf("beta"), "B-1", false, bySecond))
		two.did(two.judges("A-1", true, asFirst))
		two.did(two.judges("A-1R", false, asCorrected))
		d.areExplained("two payers", models.PatientID(two.id), visit(two))

		w := d.guest(5, "given-up")
		w.coded()
		w.did(w.judges("A-1", false, map[string]line{"99214": {"0.00", []string{"CO 50 250.00"}}}))
		w.did(w.decided(models.WorkAnswer, models.DecideWriteOff))
		if got := d.areExplained("given up", models.PatientID(w.id), visit(w)); !slices.Contains(got, "write-off Task") {
			t.Errorf("what was given up comes from %q", got)
		}

		practice := models.OrganizationID("practice")
		d.settings(models.SettingsChange{PracticeID: &practice})
		roe := d.guest(3, "roe")
		roe.send(roe.patient(), roe.plan("plan"))
		if got := d.opens(openingHeader+"Patient/roe-3,Organization/acme,Coverage/roe-3-plan,C2002,A-ICN-2,2026-02-02,cpt,99213,90.00\n", billing.Call{}); got != "1 0 90.00" {
			t.Fatal(got)
		}
		kase, _ := d.opening("C2002")
		d.judged("C2002", line{"60.00", []string{"CO 45 10.00", "PR 2 20.00"}})
		if got := d.areExplained("from before", models.PatientID(roe.id), kase.ID); !slices.Contains(got, "opening ChargeItem") {
			t.Errorf("a balance from before comes from %q", got)
		}
	})
}

// did holds that a step of a scene went well.
func (g guest) did(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
	g.quiet()
}
