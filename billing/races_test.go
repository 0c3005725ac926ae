package billing_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

const racers = 32

// race runs do in many goroutines at once and gives their errors.
func race(do func(n int) error) []error {
	errs := make([]error, racers)
	var wait sync.WaitGroup
	for n := range racers {
		wait.Go(func() { errs[n] = do(n) })
	}
	wait.Wait()
	return errs
}

func TestRacingAnswersAndPaymentsArePostedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		d.visit()
		claim := d.transmit("visit")
		for _, err := range race(func(int) error {
			_, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(claim, "ICN-1")), "")
			return err
		}) {
			if err != nil {
				t.Errorf("the same answer at the same time is refused: %v", err)
			}
		}
		d.books("AR:Patient 74.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00")
		d.search("ClaimResponse", "", 1)
		invoice := models.InvoiceID(d.search("Invoice", "patient=Patient/ann&status=issued", 1)[0].ID)
		for _, err := range race(func(int) error {
			_, err := d.office.Pay(ctx, d.admin(), billing.Call{Key: "one"}, billing.PaymentRequest{InvoiceID: invoice, Amount: 7400, Method: models.PaymentCard})
			return err
		}) {
			if err != nil {
				t.Errorf("the same payment at the same time is refused: %v", err)
			}
		}
		d.books("Cash:Card-clearing 74.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00")
		d.clean()
	})
}

func TestRacingCodersLeaveOneCodingInTheBooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.encounter("visit", "finished")
		d.quiet()
		for _, err := range race(func(n int) error {
			c := coded
			c.Services = []models.Service{coded.Services[0]}
			c.Services[0].Units = models.UnitsOf(1 + n%2)
			return d.code("visit", c)
		}) {
			if err != nil {
				t.Errorf("a coder is refused: %v", err)
			}
		}
		d.quiet()
		if books := d.balances(); !strings.Contains(books, "AR:Insurance 60.00") && !strings.Contains(books, "AR:Insurance 120.00") {
			t.Errorf("the books say %s, want one coding of 60.00 or 120.00", books)
		}
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.clean()
	})
}

func TestAnEarlierBalanceIsShownApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		if err := d.records.Delete(ctx, d.admin(), models.Ref{Type: "Coverage", ID: "cov"}, 0); err != nil {
			t.Fatal(err)
		}
		for n := range 2 {
			id := fmt.Sprintf("visit-%d", n)
			d.encounter(id, "finished")
			d.quiet()
			if err := d.code(models.VisitID(id), coded); err != nil {
				t.Fatal(err)
			}
			d.search("Invoice", "patient=Patient/ann", n+1)
		}
		earlier := map[string]int{}
		for _, document := range d.search("Invoice", "patient=Patient/ann", 2) {
			invoice, err := fhir.Parse(document.Body)
			if err != nil {
				t.Fatal(err)
			}
			if net := invoice.Root().In("totalNet", "value").Text(); net != "60.00" {
				t.Errorf("an invoice asks for %s, want its own 60.00", net)
			}
			for part := range invoice.Root().Get("totalPriceComponent").Children() {
				if part.In("code", "coding").At(0).Get("code").Is("earlier-balance") {
					earlier[part.In("amount", "value").Text()]++
				}
			}
		}
		if earlier["60.00"] != 1 || len(earlier) != 1 {
			t.Errorf("earlier balances are %v, want 60.00 on the second invoice alone", earlier)
		}
		d.clean()
	})
}

func TestDiagnosesAreFoundByPatientAndDayWhereNoEncounterIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		for id, day := range map[string]string{"today": "2026-03-02", "lastyear": "2025-03-02"} {
			code := map[string]string{"today": "I10", "lastyear": "E785"}[id]
			d.put("Condition", id, `{"resourceType":"Condition","id":"`+id+`","subject":{"reference":"Patient/ann"},"recordedDate":"`+day+`","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"`+code+`"}]}}`)
		}
		d.put("Procedure", "p", `{"resourceType":"Procedure","id":"p","status":"completed","subject":{"reference":"Patient/ann"},"encounter":{"reference":"Encounter/visit"},"performedDateTime":"2026-03-02","code":{"coding":[{"system":"`+cpt+`","code":"93000"}]}}`)
		d.put("PractitionerRole", "his", `{"resourceType":"PractitionerRole","id":"his","practitioner":{"reference":"Practitioner/doc"}}`)
		d.encounter("visit", "finished")
		d.put("Encounter", "visit", strings.Replace(d.body("Encounter", "visit"), "Practitioner/doc", "PractitionerRole/his", 1))
		claim := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0]
		if body := string(claim.Body); !strings.Contains(body, `"I10"`) || strings.Contains(body, `"E785"`) {
			t.Error("the claim does not name the diagnosis of the day alone")
		}
		d.clean()
	})
}
