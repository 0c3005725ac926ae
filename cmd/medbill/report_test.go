package main

import (
	"strings"
	"testing"

	"medbill/billing/rules/reports"
	"medbill/models"
)

// A person sees the amounts in columns, a bar for each bucket and how it is counted.
func TestReportIsDrawnForAPerson(t *testing.T) {
	ask, err := reports.Read(reports.Aging, map[string][]string{"asOf": {"2026-06-30"}, "by": {"payer"}})
	if err != nil {
		t.Fatal(err)
	}
	ager := ask.Ager()
	for i, amount := range []models.Cents{120000, 60000, -100} {
		if err := ager.Add(models.Receivable{PayerID: "acme", ChargeID: models.ChargeID(rune('a' + i)), Day: models.Date("2026-06-30").AddDays(-40 * i), Amount: amount}); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	printReport(&out, ager.Table())
	for _, line := range []string{
		"Aging of receivables 2026-06-30\n",
		"\npayer     0-30   31-60  61-90  91-120  121+  undated    total\nacme   1200.00  600.00  -1.00    0.00  0.00     0.00  1799.00\n\n",
		"\n    0-30        1200.00      1  " + strings.Repeat("█", 40) + "\n   31-60         600.00      1  " + strings.Repeat("█", 20) + "\n   61-90          -1.00      1\n",
		"\nWhat is open of each charge at each party",
	} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q is missing in\n%s", line, out.String())
		}
	}
}
