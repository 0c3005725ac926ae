package adjudication_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/billing/rules/adjudication"
	"medbill/models"
	"medbill/models/money"
)

// TestAPatientReadsWhy holds that the parts of what a line asks a patient for sum to it, and say by which of the payer's reasons; where that is none or several, that the plan leaves it.
func TestAPatientReadsWhy(t *testing.T) {
	said := func(line int, adjustments ...models.Adjustment) adjudication.Judged {
		return adjudication.Judged{Answer: models.Answer{Adjustments: adjustments}, Line: line}
	}
	adjusted := func(line int, group, reason string) models.Adjustment {
		return models.Adjustment{LineSequence: line, GroupCode: group, ReasonCode: reason, Amount: 600}
	}
	for name, row := range map[string]struct {
		line    models.InvoiceLine
		isAsked bool
		judged  []adjudication.Judged
		want    string
	}{
		"the shares":                  {models.InvoiceLine{Net: 600, Deductible: 100, Coinsurance: 200, Copay: 300}, true, nil, "Deductible 1.00; Coinsurance 2.00; Copay 3.00"},
		"nobody was asked":            {models.InvoiceLine{Net: 600}, false, nil, "No plan was asked 6.00"},
		"what is not covered":         {models.InvoiceLine{Net: 700, Copay: 100}, true, []adjudication.Judged{said(1, adjusted(1, "PR", "96"))}, "Copay 1.00; Not covered 6.00"},
		"the reason of the whole":     {models.InvoiceLine{Net: 600}, true, []adjudication.Judged{said(1, adjusted(0, "PR", "27"))}, "Not insured on the day 6.00"},
		"that of another line":        {models.InvoiceLine{Net: 600}, true, []adjudication.Judged{said(1, adjusted(2, "PR", "96"))}, "Left by your plan 6.00"},
		"several reasons":             {models.InvoiceLine{Net: 600}, true, []adjudication.Judged{said(1, adjusted(1, "PR", "96"), adjusted(1, "PR", "50"))}, "Left by your plan 6.00"},
		"two with the same words":     {models.InvoiceLine{Net: 600}, true, []adjudication.Judged{said(1, adjusted(1, "PR", "96")), said(3, adjusted(3, "PR", "204"))}, "Not covered 6.00"},
		"a reason without words":      {models.InvoiceLine{Net: 600}, true, []adjudication.Judged{said(1, adjusted(1, "CO", "29"))}, "Left by your plan 6.00"},
		"another invoice asks for it": {models.InvoiceLine{Net: 100, Copay: 300}, true, nil, "Copay 3.00; Asked elsewhere -2.00"},
		"nothing":                     {models.InvoiceLine{}, true, nil, ""},
	} {
		var parts []string
		var sum money.Cents
		for _, why := range adjudication.Why(adjudication.Asked{InvoiceLine: row.line, IsJudged: row.isAsked, Judged: row.judged}) {
			parts = append(parts, why.Label+" "+why.Amount.String())
			sum += why.Amount
			if !strings.HasSuffix(why.Text, ".") {
				t.Errorf("%s: no sentence: %q", name, why.Text)
			}
		}
		if got := strings.Join(parts, "; "); got != row.want || sum != row.line.Net {
			t.Errorf("%s: %q, which is %s; want %q, which is %s", name, got, sum, row.want, row.line.Net)
		}
	}
}

// TestAPatientReadsWhyItIsOwedAgain holds that what an invoice before asked for is not the payer's reason a second time, and what it did not ask for is.
func TestAPatientReadsWhyItIsOwedAgain(t *testing.T) {
	for name, row := range map[string]struct {
		net, before, left models.Cents
		isTakenBack       bool
		want              string
	}{
		"the payment was taken back":         {2000, 2000, 2000, true, "Payment taken back 20.00"},
		"a part of what was asked":           {500, 2000, 2000, true, "Payment taken back 5.00"},
		"what was written off is owed again": {500, 2000, 2000, false, "Owed again 5.00"},
		"the payer left more":                {4000, 7400, 11400, false, "Copay 114.00; Asked elsewhere -74.00"},
		"both":                               {6000, 7400, 11400, true, "Copay 114.00; Asked elsewhere -74.00; Payment taken back 20.00"},
		"the payer left less":                {500, 2000, 1000, true, "Payment taken back 5.00"},
		"nothing was asked before":           {2000, 0, 2000, true, "Copay 20.00"},
	} {
		line := models.InvoiceLine{Billed: 25000, Adjusted: 5000, PayerPaid: 20000 - row.left, Copay: row.left, Net: row.net}
		var parts []string
		var sum models.Cents
		for _, why := range adjudication.Why(adjudication.Asked{InvoiceLine: line, Before: row.before, IsTakenBack: row.isTakenBack, IsJudged: true}) {
			parts = append(parts, why.Label+" "+why.Amount.String())
			sum += why.Amount
		}
		if got := strings.Join(parts, "; "); got != row.want || sum != row.net {
			t.Errorf("%s: %q, which is %s; want %q", name, got, sum, row.want)
		}
	}
}

// TestEveryReasonThatAsksAPatientHasWords holds that no row of the table leaves a patient without a why.
func TestEveryReasonThatAsksAPatientHasWords(t *testing.T) {
	for _, row := range adjudication.Reasons {
		isAsked := slices.Contains([]adjudication.Billing{adjudication.BillYes, adjudication.BillHeld}, row.Patient) && row.Group == "PR"
		if hasWords := row.Plain != (adjudication.Plain{}); isAsked != hasWords {
			t.Errorf("%s-%s asks a patient: %v, and has words: %v", row.Group, row.CARC, isAsked, hasWords)
		}
	}
}
