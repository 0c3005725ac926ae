package paper_test

import (
	"fmt"

	"medbill/internal/paper"
	"medbill/models"
)

// document is what can be set.
type document interface{ PDF() ([]byte, error) }

var practice = paper.Practice{
	Contact: models.Contact{Name: "Invented Family Practice", Address: models.Address{Street: "12 Example Street\nSuite 4", City: "Springfield", State: "IL", PostalCode: "62701", Country: "US"}, Phone: "555-0100"},
	NPI:     "1234567893", TaxID: "12-3456789",
}

var canary = models.Contact{Name: "Zzyzx Nguyễn-Łukasz Canary", Address: models.Address{Street: "7 Nowhere Lane", City: "Springfield", State: "IL", PostalCode: "62702"}}

var (
	deductible = paper.Reason{Label: "Deductible", Text: "You pay for covered care yourself until the amount that your plan sets for the year is reached.", Amount: 5000}
	copay      = paper.Reason{Label: "Copay", Text: "Your plan asks you for a fixed amount for each visit.", Amount: 2000}
)

// samples are one document of each kind.
var samples = map[string]document{
	"invoice": paper.Invoice{
		Practice: practice, Recipient: canary, Patient: canary.Name, Account: "canary-account", Number: "V123", Visit: "2026-03-02", Issued: "2026-03-20", DueDate: "2026-04-19", Status: models.InvoiceIssued,
		Lines: []paper.InvoiceLine{
			{Day: "2026-03-02", Service: "99213-25", Charged: 15000, Adjusted: 4000, Paid: 4000, Share: 7000, Why: []paper.Reason{deductible, copay}},
			{Day: "2026-03-02", Service: "93000", Charged: 5000, Adjusted: 1000, Paid: 3000, Elsewhere: 600, Share: 400, Why: []paper.Reason{{Label: "Coinsurance", Text: "Your plan pays a part of what it allows, and you pay the rest.", Amount: 400}}},
		},
		Payers: []paper.PayerShare{{Name: "Acme Health", Paid: 7000, IsKnown: true}}, Settled: 1400, Due: 6000, Earlier: 2000,
	},
	"estimate": paper.Estimate{
		Practice: practice, Patient: canary, Born: "1980-01-02", Number: "E7", Made: "2026-03-01", Day: "2026-03-16", Place: "11", Provider: paper.Provider{Name: "Ada Invented", NPI: "1999999984"},
		Lines: []paper.EstimateLine{{"99203", "1", 16500}, {"93000", "2", 10000}}, Prepayment: 5000,
	},
	"superbill": paper.Superbill{
		Practice: practice, Patient: canary, Born: "1980-01-02", Number: "visit-1", Visit: "2026-03-02", Place: "11", Providers: []paper.Provider{{Name: "Ada Invented", NPI: "1999999984"}},
		Diagnoses: []string{"I10", "E11.9"}, Adjusted: 5000, ByPlans: 7000, ByPatient: 2000,
		Lines: []paper.SuperbillLine{{"2026-03-02", "99213-25", models.Numbers{1, 2}, "1", 15000}, {"2026-03-02", "93000", models.Numbers{1}, "1", 5000}},
	},
	"appeal": paper.Appeal{
		Practice: practice, Payer: models.Contact{Name: "Acme Health", Address: models.Address{Street: "PO Box 1", City: "Hartford", State: "CT", PostalCode: "06101"}}, Number: "C00000042", PayerNumber: "ICN-4711",
		Patient: canary.Name, Born: "1980-01-02", Member: "CANARY-7781", Provider: paper.Provider{Name: "Ada Invented", NPI: "1999999984"}, From: "2026-03-02", Until: "2026-03-02",
		Sent: "2026-03-25", Judged: "2026-03-20", Level: 1,
		Lines: []paper.AppealLine{{Day: "2026-03-02", Service: "99213-25", Charged: 15000, Paid: 4000, Refused: 6000, Codes: []string{"CO-50", "N115"}}},
	},
	"receipt": paper.Receipt{
		Practice: practice, Recipient: canary, Patient: canary.Name, Account: "canary-account", Number: "P55", Received: "2026-03-25", Method: "card", Reference: "pi_1", Amount: 8000,
		Uses: []paper.ReceiptUse{{"V123", "2026-03-02", 6000}, {"V101", "2026-01-12", 1500}},
	},
	"statement": paper.Statement{
		Practice: practice, Recipient: canary, Account: "canary-account", Number: "S20260501-3F2A9C", Date: "2026-05-01", DueDate: "2026-05-31", Step: models.StatementSecond,
		Patients: []paper.StatementPatient{
			{Name: canary.Name, Visits: []paper.StatementVisit{
				{Day: "2026-03-02", Invoice: "V123", Since: "2026-03-20", Asked: 7400, Open: 6000, Why: []paper.Reason{deductible, copay, {Label: "Coinsurance", Text: "Your plan pays a part of what it allows, and you pay the rest.", Amount: 400}}},
				{Day: "2025-12-01", Invoice: "V88", Since: "2025-12-15", Asked: 2000, Open: 2000, Why: []paper.Reason{copay}},
				{Day: "2026-04-02", Invoice: "Returned payment fee", Since: "2026-04-02", Asked: 2500, Open: 2500, Why: []paper.Reason{{Label: "Returned payment fee", Text: "A payment was returned or taken back, and this is what is charged for that.", Amount: 2500}}},
			}},
			{Name: "Παῖς Canary", Visits: []paper.StatementVisit{{Day: "2026-04-20", Invoice: "V130", Since: "2026-04-28", Asked: 2500, Open: 2500, Why: []paper.Reason{{Label: "No plan was asked", Text: "No plan was asked for the service, so what is charged for it is yours.", Amount: 2500}}}}},
		},
	},
	"plan": paper.Statement{
		Practice: practice, Recipient: canary, Account: "canary-account", Number: "S20260501-3F2A9D", Date: "2026-05-01", DueDate: "2026-05-11", Step: models.StatementOfPlan,
		Parts: []paper.StatementPart{{Number: 1, Day: "2026-04-25", Open: 467}, {Number: 2, Day: "2026-05-01", Open: 2467}},
	},
}

// long is an invoice of many lines.
func long(lines int) paper.Invoice {
	i := samples["invoice"].(paper.Invoice)
	i.Lines, i.Settled, i.Due = nil, 0, 0
	for n := range lines {
		share := models.Cents(100 + n)
		i.Lines = append(i.Lines, paper.InvoiceLine{Day: "2026-03-02", Service: fmt.Sprintf("L%04d", n+1), Charged: 10000, Adjusted: 4000, Paid: 6000 - share, Share: share, Why: []paper.Reason{{Label: copay.Label, Text: copay.Text, Amount: share}}})
		i.Due += share
	}
	return i
}
