package invoice_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/allocation"
	"medbill/billing/rules/invoice"
	"medbill/billing/rules/ledger"
	"medbill/models"
)

func postings(charge models.ChargeID, amounts map[models.LedgerAccount]models.Cents) []models.Posting {
	var list []models.Posting
	for account, amount := range amounts {
		list = append(list, models.Posting{Account: account, Amount: amount, Dimensions: models.Dimensions{ChargeID: charge}})
	}
	return list
}

func TestLineTellsHowBilledBecameDue(t *testing.T) {
	books := postings("a", map[models.LedgerAccount]models.Cents{
		models.AccountRevenue: -25000, models.AccountARInsurance: 0, models.AccountClearing: 9000,
		models.AccountContractual: 8800, models.AccountSequestration: 200, models.AccountARPatient: 7000,
	})
	books = append(books, postings("of another case", map[models.LedgerAccount]models.Cents{models.AccountARPatient: 9900})...)
	got, owes := invoice.Build(invoice.Input{
		Case: models.Case{TenantID: "t", ID: "Encounter/v", PatientID: "canary", BillingID: "practice"},
		Charges: []models.Charge{
			{ID: "b", Sequence: 2, State: models.ChargePosted, Billed: 1500, ServiceDate: "2026-03-03"},
			{ID: "a", Sequence: 1, State: models.ChargeBilled, Billed: 25000, ServiceDate: "2026-03-02"},
			{ID: "gone", Sequence: 3, State: models.ChargeAborted, Billed: 700},
			{ID: "free", Sequence: 4, State: models.ChargePosted},
		},
		Postings:      append(books, postings("b", map[models.LedgerAccount]models.Cents{models.AccountRevenue: -1500, models.AccountBundled: 1500})...),
		Adjudications: []models.Adjudication{{ChargeID: "a", Deductible: 5000, Coinsurance: 1500, Copay: 500}, {ChargeID: "b"}},
		Recipient:     models.Ref{Type: "RelatedPerson", ID: "mum"}, Issued: "2026-03-20", DueDays: 30,
	})
	want := models.Invoice{
		TenantID: "t", PatientID: "canary", CaseID: "Encounter/v", Recipient: models.Ref{Type: "RelatedPerson", ID: "mum"}, IssuerID: "practice", Status: models.InvoiceIssued,
		Issued: "2026-03-20", DueDate: "2026-04-19", Billed: 26500, Net: 7000, Due: 7000,
		Lines: []models.InvoiceLine{
			{Sequence: 1, ChargeID: "a", ServiceDate: "2026-03-02", Billed: 25000, Adjusted: 9000, PayerPaid: 9000, Deductible: 5000, Coinsurance: 1500, Copay: 500, Net: 7000, Due: 7000},
			{Sequence: 2, ChargeID: "b", ServiceDate: "2026-03-03", Billed: 1500, Adjusted: 1500},
			{Sequence: 3, ChargeID: "free"},
		},
	}
	if !owes || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Nobody gets an invoice of nothing, and none is made again for what was asked for before.
func TestInvoiceAsksOnlyForWhatIsNew(t *testing.T) {
	in := invoice.Input{
		Charges: []models.Charge{{ID: "a", Sequence: 1, State: models.ChargeBilled, Billed: 1000}, {ID: "b", Sequence: 2, State: models.ChargeBilled, Billed: 500}},
		Postings: append(postings("a", map[models.LedgerAccount]models.Cents{models.AccountARPatient: 1000}),
			postings("b", map[models.LedgerAccount]models.Cents{models.AccountARPatient: 300, models.AccountClearing: 200})...),
	}
	for _, row := range []struct {
		name  string
		asked map[models.ChargeID]models.Cents
		want  map[models.ChargeID]models.Cents // Net of each line
	}{
		{"nothing was asked", nil, map[models.ChargeID]models.Cents{"a": 1000, "b": 300}},
		{"all was asked", map[models.ChargeID]models.Cents{"a": 1000, "b": 300}, nil},
		{"more was asked than is owed by now", map[models.ChargeID]models.Cents{"a": 1200, "b": 300}, nil},
		{"one more is owed", map[models.ChargeID]models.Cents{"a": 400, "b": 300}, map[models.ChargeID]models.Cents{"a": 600}},
		{"what was asked is paid, and more is owed", map[models.ChargeID]models.Cents{}, map[models.ChargeID]models.Cents{"a": 1000, "b": 300}},
	} {
		in.Asked = row.asked
		got, owes := invoice.Build(in)
		if owes != (len(row.want) > 0) {
			t.Errorf("%s: %v for %+v", row.name, owes, got)
		}
		var net models.Cents
		for i, line := range got.Lines {
			net += line.Net
			if line.Net != row.want[line.ChargeID] || line.Due != line.Net || line.Sequence != i+1 {
				t.Errorf("%s: got %+v", row.name, line)
			}
		}
		if len(got.Lines) != len(row.want) || net != got.Net || net != got.Due {
			t.Errorf("%s: got %+v", row.name, got)
		}
	}
}

func TestSettlingTakesNothingButWhatIsOpen(t *testing.T) {
	issued := models.Invoice{
		Status: models.InvoiceIssued, Billed: 3000, Net: 1500, Due: 1500, Earlier: 7,
		Lines: []models.InvoiceLine{{ChargeID: "a", Billed: 2000, Net: 1000, Due: 1000}, {ChargeID: "b", Billed: 1000, Net: 500, Due: 500}},
	}
	part := invoice.Settle(issued, map[models.ChargeID]models.Cents{"a": 400, "of another invoice": 9})
	if part.Status != models.InvoiceIssued || part.Due != 1100 || part.Lines[0].Due != 600 || part.Lines[1].Due != 500 {
		t.Errorf("got %+v", part)
	}
	if issued.Lines[0].Due != 1000 {
		t.Error("the argument was changed")
	}
	all := invoice.Settle(part, map[models.ChargeID]models.Cents{"a": 5000, "b": 500})
	want := issued
	want.Status, want.Due = models.InvoiceBalanced, 0
	want.Lines = []models.InvoiceLine{{ChargeID: "a", Billed: 2000, Net: 1000}, {ChargeID: "b", Billed: 1000, Net: 500}}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("got %+v\nwant %+v", all, want)
	}
}

// desk is a patient's case with the books behind it and the invoices that were issued.
type desk struct {
	in       invoice.Input
	invoices []models.Invoice
	paid     models.Cents // without what became a credit
}

// asked gives what is still open of each charge on invoices issued before, as the desk reads it.
func (d *desk) asked() map[models.ChargeID]models.Cents {
	if len(d.invoices) == 0 {
		return nil
	}
	open := map[models.ChargeID]models.Cents{}
	for _, i := range d.invoices {
		for _, line := range i.Lines {
			open[line.ChargeID] += line.Due
		}
	}
	return open
}

// owed lets a payer leave more of a charge to the patient.
func (d *desk) owed(t *rapid.T) {
	amount := models.Cents(rapid.Int64Range(0, 5000).Draw(t, "left to the patient"))
	id := rapid.SampledFrom(d.in.Charges).Draw(t, "charge").ID
	d.in.Postings = append(d.in.Postings, postings(id, map[models.LedgerAccount]models.Cents{models.AccountARPatient: amount, models.AccountARInsurance: -amount})...)
}

func (d *desk) issue(t *rapid.T) {
	d.in.Asked = d.asked()
	i, owes := invoice.Build(d.in)
	if owes {
		i.ID = models.InvoiceID(fmt.Sprint("invoice-", len(d.invoices)))
		d.invoices = append(d.invoices, i)
	}
	d.in.Asked = d.asked()
	if again, more := invoice.Build(d.in); more && len(d.invoices) > 0 {
		t.Fatalf("what was asked for is asked again as %+v", again)
	}
}

func (d *desk) pay(t *rapid.T) {
	var open []allocation.Due
	for _, i := range d.invoices {
		for _, line := range i.Lines {
			open = append(open, allocation.Due{InvoiceID: i.ID, ChargeID: line.ChargeID, ServiceDate: line.ServiceDate, Amount: line.Due})
		}
	}
	p := models.Payment{ID: "p", Amount: models.Cents(rapid.Int64Range(1, 6000).Draw(t, "payment"))}
	shares := allocation.Spread([]allocation.Credit{{PaymentID: "p", Amount: p.Amount}}, open)
	e, _ := ledger.Allocated(p, shares, "2026-04-01")
	d.in.Postings = append(d.in.Postings, e.Postings...)
	for n := range d.invoices {
		own := map[models.ChargeID]models.Cents{}
		for _, s := range shares {
			if s.InvoiceID == d.invoices[n].ID {
				own[s.ChargeID], d.paid = s.Amount, d.paid+s.Amount
			}
		}
		d.invoices[n] = invoice.Settle(d.invoices[n], own)
	}
}

// stands checks that nothing of an invoice changed but what is open of it, which only grows less.
func stands(t *rapid.T, was, now models.Invoice) {
	frozen := now
	frozen.Status, frozen.Due, frozen.Lines = was.Status, was.Due, slices.Clone(now.Lines)
	for l, line := range now.Lines {
		if line.Due < 0 || line.Due > was.Lines[l].Due {
			t.Fatalf("%+v became %+v", was, now)
		}
		frozen.Lines[l].Due = was.Lines[l].Due
	}
	if !reflect.DeepEqual(was, frozen) {
		t.Fatalf("%+v became %+v", was, now)
	}
}

// Whatever payers leave and patients pay, what invoices asked less what was paid is what the books say is owed, and nothing that
// an invoice said at issue changes.
func TestInvoicesSayWhatTheBooksSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &desk{}
		for i := range rapid.IntRange(1, 4).Draw(t, "charges") {
			d.in.Charges = append(d.in.Charges, models.Charge{ID: models.ChargeID(fmt.Sprint(i)), Sequence: i + 1, State: models.ChargePosted, Billed: 100000, ServiceDate: models.Date(fmt.Sprintf("2026-03-%02d", i+1))})
		}
		for range rapid.IntRange(1, 8).Draw(t, "events") {
			before := slices.Clone(d.invoices)
			rapid.SampledFrom([]func(*rapid.T){d.owed, d.issue, d.pay}).Draw(t, "event")(t)
			for n, was := range before {
				stands(t, was, d.invoices[n])
			}
		}
		d.issue(t)
		var net, due models.Cents
		for _, i := range d.invoices {
			net, due = net+i.Net, due+i.Due
			if (i.Status == models.InvoiceBalanced) != (i.Due == 0) {
				t.Fatalf("%+v is %s", i, i.Status)
			}
		}
		if ar := ledger.Sum(d.in.Postings)[models.AccountARPatient]; net-d.paid != ar || due != ar {
			t.Fatalf("%s was asked, %s paid and %s is due; the books say %s", net, d.paid, due, ar)
		}
	})
}

func TestNumberIsTheInvoicesOwn(t *testing.T) {
	if a, b := invoice.Number(1), invoice.Number(2); a == b || !strings.HasPrefix(a, "V") {
		t.Errorf("got %s and %s", a, b)
	}
}
