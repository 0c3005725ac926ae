package payers_test

import (
	"strings"
	"testing"

	"medbill/internal/payers"
	"medbill/models"
)

// FuzzReadCSV holds that what is read is found again, and that a refusal names a line and nothing that stands in it.
func FuzzReadCSV(f *testing.F) {
	for _, text := range []string{
		directoryHeader + "acme,ACME,Acme;A,urn:naic|1,837P 835\n", enrolsHeader + "acme,1234567893,2026-01-01,\n",
		factsHeader + "acme,telehealth,99202-99215,95/02 -/10,,\n*,member-id,,mbi,,\nacme,covered-diagnosis,83036,E11-E13 I10,2026-01-01,2026-12-31\nacme,age,99213,canary,,\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := payers.ReadCSV(strings.NewReader(text))
		if err != nil {
			if places(err) == "" || strings.Contains(err.Error(), "canary") {
				t.Errorf("%q is refused with %v", text, err)
			}
			return
		}
		after := file.Onto("t", models.PayerData{})
		book := payers.NewBook(after)
		for _, fact := range after.Facts {
			code, _, _ := strings.Cut(fact.Code, "-")
			day := fact.From
			if day == "" {
				day = fact.Until
			}
			if day == "" {
				day = "2026-03-02"
			}
			if _, found := book.Fact(fact.PayerID, fact.Subject, code, day); !found || !book.Speaks(fact.PayerID, fact.Subject, day) {
				t.Errorf("%+v is not found", fact)
			}
		}
	})
}
