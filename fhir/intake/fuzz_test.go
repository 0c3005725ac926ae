package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/money"
)

func seed(f *testing.F, texts ...string) {
	for _, text := range texts {
		f.Add([]byte(strings.ReplaceAll(text, "'", `"`)))
	}
	golden, err := filepath.Glob("../render/testdata/*.json")
	if err != nil || len(golden) == 0 {
		f.Fatalf("no golden files: %v", err)
	}
	for _, file := range golden {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
}

func FuzzAnswer(f *testing.F) {
	seed(f, answerText)
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := fhir.Parse(src)
		if err != nil {
			return
		}
		a, err := intake.Answer(d, nil)
		if err != nil {
			return
		}
		var billed, paid money.Cents
		for _, line := range a.Lines {
			billed += line.Billed
			paid += line.Paid
		}
		for i, adjustment := range a.Adjustments {
			if adjustment.Sequence != i+1 || adjustment.ReasonCode == "" {
				t.Errorf("adjustment %d is %+v", i, adjustment)
			}
			if adjustment.LineSequence == 0 {
				paid -= adjustment.Amount
			}
		}
		if a.Billed != billed || a.Paid != paid || a.ClaimID == "" || a.PayerID == "" || len(a.Lines) != d.Root().Get("item").Len() {
			t.Errorf("the answer does not add up: %+v", a)
		}
	})
}

func FuzzDraftClaim(f *testing.F) {
	seed(f, draftText)
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := fhir.Parse(src)
		if err != nil {
			return
		}
		c, err := intake.DraftClaim(d, nil)
		if err != nil {
			return
		}
		var billed money.Cents
		for _, line := range c.Lines {
			if line.Units < 1 || line.Billed < 0 || line.Code == "" || line.System != models.SystemCPT && line.System != models.SystemHCPCS && (line.System != models.SystemRevenue || line.Revenue != line.Code) {
				t.Errorf("a line is %+v", line)
			}
			billed += line.Billed
		}
		if c.Billed != billed || len(c.Lines) == 0 || c.PatientID == "" || c.CoverageID == "" || c.BillingID == "" {
			t.Errorf("the draft does not add up: %+v", c)
		}
	})
}

func FuzzEveryReading(f *testing.F) {
	seed(f, answerText, draftText, priceText, encounterText, `{'resourceType':'Parameters','parameter':[`+hypertension+`,`+visit+`,`+amount+`,`+method+`]}`)
	f.Fuzz(func(_ *testing.T, src []byte) {
		if d, err := fhir.Parse(src); err == nil {
			view(d)
		}
	})
}
