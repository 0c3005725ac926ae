package reports_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/reports"
	"medbill/models"
	"medbill/models/fault"
)

func ask(t interface{ Fatal(...any) }, name string, parameters map[string][]string) reports.Ask {
	asked, err := reports.Read(name, parameters)
	if err != nil {
		t.Fatal(err)
	}
	return asked
}

// lines gives a report as lines of csv.
func lines(t *testing.T, table reports.Table) []string {
	t.Helper()
	text, err := table.CSV()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n")
}

func owed(charge string, day models.Date, amount models.Cents) models.Receivable {
	return models.Receivable{Debtor: models.DebtorInsurance, PayerID: "acme", ChargeID: models.ChargeID(charge), Day: day, Amount: amount}
}

func aged(t *testing.T, parameters map[string][]string, list ...models.Receivable) []string {
	t.Helper()
	ager := ask(t, reports.Aging, parameters).Ager()
	for _, r := range list {
		if err := ager.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	return lines(t, ager.Table())
}

func TestThirtyDaysAreYoungAndThirtyOneAreNot(t *testing.T) {
	asOf := models.Date("2026-06-30")
	var list []models.Receivable
	for i, days := range []int{0, 30, 31, 90, 121} {
		list = append(list, owed(string(rune('a'+i)), asOf.AddDays(-days), 100))
	}
	got := aged(t, map[string][]string{"asOf": {string(asOf)}}, list...)
	want := []string{
		"0-30,31-60,61-90,91-120,121+,undated,total,charges 0-30,charges 31-60,charges 61-90,charges 91-120,charges 121+,charges undated",
		"2.00,1.00,1.00,0.00,1.00,0.00,5.00,2,1,1,0,1,0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// What was even and is open again is young; what was never even is as old as its first day; a day to come is young.
func TestMoneyAgesSinceItsPartyOwesIt(t *testing.T) {
	for name, row := range map[string]struct {
		list []models.Receivable
		want string
	}{
		"paid down":       {[]models.Receivable{owed("a", "2026-01-01", 500), owed("a", "2026-06-01", -100)}, "0.00,0.00,0.00,0.00,4.00,0.00,4.00"},
		"even, and again": {[]models.Receivable{owed("a", "2026-01-01", 500), owed("a", "2026-06-01", -500), owed("a", "2026-06-20", 500)}, "5.00,0.00,0.00,0.00,0.00,0.00,5.00"},
		"turned around":   {[]models.Receivable{owed("a", "2026-01-01", 500), owed("a", "2026-05-20", -700)}, "0.00,-2.00,0.00,0.00,0.00,0.00,-2.00"},
		"even":            {[]models.Receivable{owed("a", "2026-01-01", 500), owed("a", "2026-05-20", -500)}, "0.00,0.00,0.00,0.00,0.00,0.00,0.00"},
		"no day":          {[]models.Receivable{owed("a", "", 500)}, "0.00,0.00,0.00,0.00,0.00,5.00,5.00"},
		"to come":         {[]models.Receivable{owed("a", "2026-07-04", 500)}, "5.00,0.00,0.00,0.00,0.00,0.00,5.00"},
	} {
		got := aged(t, map[string][]string{"asOf": {"2026-06-30"}, "from": {"responsible"}}, row.list...)
		if !strings.HasPrefix(got[1], row.want+",") {
			t.Errorf("%s: got %s, want %s", name, got[1], row.want)
		}
	}
}

func TestReportsRefuseWhatTheyDoNotTake(t *testing.T) {
	for _, row := range []struct {
		name       string
		parameters map[string][]string
		want       string
	}{
		{"aging", map[string][]string{"asOf": {"2026-06-30"}, "by": {"payer,party"}, "of": {"all"}, "from": {"first-bill"}}, ""},
		{"aging", map[string][]string{"by": {"none"}}, ""},
		{"aging", map[string][]string{"by": {"claim"}}, "value by"},
		{"aging", map[string][]string{"by": {"payer", "payer"}}, "value by"},
		{"aging", map[string][]string{"from": {"2026-01-01"}}, "value from"},
		{"aging", map[string][]string{"of": {"everybody"}}, "value of"},
		{"aging", map[string][]string{"asOf": {"2026-06-31"}}, "value asOf"},
		{"aging", map[string][]string{"asOf": {"2026-06-30", "2026-06-29"}}, "value asOf"},
		{"aging", map[string][]string{"until": {"2026-06-30"}}, "value until"},
		{"trial-balance", map[string][]string{"by": {"none"}}, "value by"},
		{"ledger", map[string][]string{"from": {"2026-06-30"}, "until": {"2026-01-01"}}, "value until"},
		{"ledger", map[string][]string{"from": {"service"}}, "value from"},
		{"kpi", map[string][]string{"by": {"payer"}}, "value by"},
		{"profit", nil, "not-found name"},
	} {
		got := ""
		if _, err := reports.Read(row.name, row.parameters); err != nil {
			issue := fault.From(err).Issues[0]
			got = issue.Code + " " + issue.Path
		}
		if got != row.want {
			t.Errorf("%s of %v: %q, want %q", row.name, row.parameters, got, row.want)
		}
	}
}

// What would be too long to read is refused, and says what makes it shorter.
func TestReportIsBounded(t *testing.T) {
	for by, want := range map[string]bool{"patient": true, "party": false} {
		ager := ask(t, reports.Aging, map[string][]string{"asOf": {"2026-06-30"}, "by": {by}}).Ager()
		var err error
		for i := 0; i <= reports.RowsMax+1 && err == nil; i++ {
			err = ager.Add(models.Receivable{Debtor: models.DebtorPatient, PatientID: models.PatientID(fmt.Sprint(i)), Day: "2026-06-30", Amount: 1})
		}
		if fault.Is(err, fault.TooLarge) != want {
			t.Errorf("by %s: %v", by, err)
		}
	}
}

func TestTrialBalanceGroupsByAccountFirst(t *testing.T) {
	got := lines(t, ask(t, reports.TrialBalance, map[string][]string{"by": {"payer"}}).OfBalances([]models.LedgerSum{
		{By: []string{"AR:Insurance", "acme"}, Debits: 32500, Credits: 25100}, {By: []string{"AR:Insurance", "beta"}, Debits: 5, Credits: 5}, {By: []string{"Revenue:Gross", "=acme, the"}, Credits: 7400},
	}))
	if want := []string{"account,payer,amount", "AR:Insurance,acme,74.00", `Revenue:Gross,"'=acme, the",-74.00`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Figures of the worked example: 325.00 billed, 160.00 paid by payers, 155.00 contractual, 10.00 open at the patient.
func TestFiguresAreExactFractions(t *testing.T) {
	sum := func(account models.LedgerAccount, balance models.Cents) models.LedgerSum {
		return models.LedgerSum{By: []string{string(account)}, Debits: max(balance, 0), Credits: max(-balance, 0)}
	}
	books := []models.LedgerSum{
		sum(models.AccountARPatient, 1000), sum(models.AccountClearing, 16000), sum(models.AccountContractual, 15500), sum(models.AccountRevenue, -32500),
		sum(models.AccountBank, 800), sum(models.AccountPatientCredits, -800),
	}
	asked := ask(t, reports.KPI, map[string][]string{"asOf": {"2026-06-30"}})
	ager := asked.Ager()
	if err := ager.Add(models.Receivable{Debtor: models.DebtorPatient, ChargeID: "a", Day: "2026-03-02", Amount: 1000}); err != nil {
		t.Fatal(err)
	}
	table := asked.OfFigures(reports.Figures{Balances: books, Charged: books, Window: books, Aging: ager, Claims: models.ClaimFigures{Sent: 3, Clean: 2, Judged: 8, FirstPass: 7, Lines: 3, Denied: 1, LinesBilled: 32500, DeniedCents: 1500, Estimated: 3, Close: 2, EstimateGap: 40000}})
	got := map[string]string{}
	for _, row := range table.Rows {
		texts := reports.Texts(row)
		if texts[5] == "" {
			t.Errorf("%s does not say how it is counted", texts[0])
		}
		got[texts[0]] = strings.Join(texts[1:5], " ")
	}
	for figure, want := range map[string]string{
		"days-in-ar": "2.8 days 10.00 325.00", "ar-over-90": "100.0 % 10.00 10.00", "net-collection": "94.1 % 160.00 170.00", "clean-claim": "66.7 % 2 3", "first-pass": "87.5 % 7 8",
		"touchless": "0.0 % 0 8", "denial-rate-lines": "33.3 % 1 3", "denial-rate-dollars": "4.6 % 15.00 325.00", "patient-credits": "8.00 USD 8.00 ", "undeposited": "160.00 USD 160.00 ",
		"overpaid-receivables": "0.00 USD 0.00 ", "estimate-accuracy": "66.7 % 2 3", "estimate-difference": "400.00 USD 400.00 ", "unposted-answers": "0 answers 0.00 ",
	} {
		if got[figure] != want {
			t.Errorf("%s is %q, want %q", figure, got[figure], want)
		}
	}
	if asked.Window() != (models.Span{From: "2026-04-02", Until: "2026-06-30"}) {
		t.Errorf("the last 90 days are %+v", asked.Window())
	}
	empty := asked.OfFigures(reports.Figures{Aging: asked.Ager()})
	for _, row := range empty.Rows[:8] {
		if row[1].Text != "" {
			t.Errorf("%s of nothing is %s", row[0].Text, row[1].Text)
		}
	}
}

// More was taken back in the window than charged, and next to nothing paid.
func TestWhatComesToNothingHasNoSign(t *testing.T) {
	sum := func(account models.LedgerAccount, balance models.Cents) models.LedgerSum {
		return models.LedgerSum{By: []string{string(account)}, Debits: max(balance, 0), Credits: max(-balance, 0)}
	}
	asked := ask(t, reports.KPI, map[string][]string{"asOf": {"2026-06-30"}})
	table := asked.OfFigures(reports.Figures{
		Window: []models.LedgerSum{sum(models.AccountRevenue, 6000), sum(models.AccountARPatient, -6002), sum(models.AccountDrawer, 2)}, Aging: asked.Ager(),
	})
	if got := strings.Join(reports.Texts(table.Rows[2])[:5], " "); got != "net-collection 0.0 % 0.02 -60.00" {
		t.Errorf("got %s", got)
	}
}

// What is added up stands in some bucket, whatever comes.
func TestBucketsAddUpToWhatIsOpen(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		ager := ask(r, reports.Aging, map[string][]string{"asOf": {"2026-06-30"}}).Ager()
		var total models.Cents
		for i := range rapid.IntRange(0, 20).Draw(r, "charges") {
			amount := models.Cents(rapid.Int64Range(-10000, 10000).Draw(r, "amount"))
			day := models.Date("")
			if n := rapid.IntRange(-10, 400).Draw(r, "days"); n < 390 {
				day = models.Date("2026-06-30").AddDays(-n)
			}
			if err := ager.Add(owed(string(rune('a'+i)), day, amount)); err != nil {
				r.Fatal(err)
			}
			total += amount
		}
		table := ager.Table()
		var bars models.Cents
		for _, bar := range table.Bars() {
			bars += bar.Amount
		}
		if row := table.Rows[0]; row[6].Amount != total || bars != total {
			r.Fatalf("%v is %s, the bars %s; want %s", reports.Texts(row), row[6].Text, bars, total)
		}
	})
}
