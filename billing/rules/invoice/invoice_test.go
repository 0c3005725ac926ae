package invoice_test

import (
	"reflect"
	"strings"
	"testing"

	"medbill/billing/rules/invoice"
	"medbill/models"
)

func postings(charge models.ChargeID, amounts map[models.LedgerAccount]models.Cents) []models.Posting {
	var list []models.Posting
	for account, amount := range amounts {
		list = append(list, models.Posting{Account: account, Amount: amount, ChargeID: charge})
	}
	return list
}

func TestLineTellsHowBilledBecameDue(t *testing.T) {
	books := postings("a", map[models.LedgerAccount]models.Cents{
		models.AccountRevenue: -25000, models.AccountARInsurance: 1000, models.AccountClearing: 8000,
		models.AccountContractual: 8800, models.AccountSequestration: 200, models.AccountARPatient: 7000,
	})
	books = append(books,
		models.Posting{Account: models.AccountARPatient, Amount: -3000, ChargeID: "a", PaymentID: "p"},
		models.Posting{Account: models.AccountCardClearing, Amount: 3000, PaymentID: "p"},
		models.Posting{Account: models.AccountARPatient, Amount: 9900, ChargeID: "of another visit"},
	)
	got := invoice.Build(invoice.Input{
		Visit: models.Visit{TenantID: "t", ID: "v", PatientID: "canary", BillingID: "practice"},
		Charges: []models.Charge{
			{ID: "b", Sequence: 2, Status: models.ChargeBilled, Billed: 1500},
			{ID: "a", Sequence: 1, Status: models.ChargeBilled, Billed: 25000},
			{ID: "gone", Sequence: 3, Status: models.ChargeAborted, Billed: 700},
		},
		Postings:      append(books, postings("b", map[models.LedgerAccount]models.Cents{models.AccountRevenue: -1500, models.AccountBundled: 1500})...),
		Adjudications: []models.Adjudication{{ChargeID: "a", Deductible: 5000, Coinsurance: 2000}, {ChargeID: "b"}},
		AccountID:     "account", Earlier: 1200, Issued: "2026-03-20", DueDays: 30,
	})
	want := models.Invoice{
		TenantID: "t", PatientID: "canary", VisitID: "v", AccountID: "account", IssuerID: "practice", Status: models.InvoiceIssued,
		Issued: "2026-03-20", DueDate: "2026-04-19", Billed: 26500, Due: 4000, Earlier: 1200, Cause: "visit/v",
		Lines: []models.InvoiceLine{
			{TenantID: "t", Sequence: 1, ChargeID: "a", Billed: 25000, Adjusted: 9000, PayerPaid: 8000, Deductible: 5000, Coinsurance: 2000, PatientPaid: 3000, Due: 4000},
			{TenantID: "t", Sequence: 2, ChargeID: "b", Billed: 1500, Adjusted: 1500},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestReversedPaymentIsOwedAgain(t *testing.T) {
	in := invoice.Input{
		Charges: []models.Charge{{ID: "a", Sequence: 1, Billed: 1000}},
		Postings: []models.Posting{
			{Account: models.AccountARPatient, Amount: 1000, ChargeID: "a"},
			{Account: models.AccountARPatient, Amount: -1000, ChargeID: "a", PaymentID: "p"},
		},
	}
	if got := invoice.Build(in); got.Status != models.InvoiceBalanced || got.Due != 0 || got.Lines[0].PatientPaid != 1000 {
		t.Errorf("got %+v", got)
	}
	in.Postings = append(in.Postings, models.Posting{Account: models.AccountARPatient, Amount: 1000, ChargeID: "a", PaymentID: "p"})
	if got := invoice.Build(in); got.Status != models.InvoiceIssued || got.Due != 1000 || got.Lines[0].PatientPaid != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestNumberIsTheInvoicesOwn(t *testing.T) {
	if a, b := invoice.Number(1), invoice.Number(2); a == b || !strings.HasPrefix(a, "V") {
		t.Errorf("got %s and %s", a, b)
	}
}
