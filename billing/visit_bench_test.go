package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// BenchmarkVisit bills visits of three lines, each of a patient of its own, one after the other and without HTTP. Beside the mean it
// tells the shortest time of each step in microseconds, which is what the step takes where nothing else runs.
func BenchmarkVisit(b *testing.B) {
	for _, name := range storetest.Databases {
		b.Run(name, func(b *testing.B) { benchmarkVisit(b, storetest.URL(b, name)) })
	}
}

func benchmarkVisit(b *testing.B, url string) {
	ctx := context.Background()
	d := workless(b, storetest.Open(b, url))
	d.practice()
	hand := storetest.ByHand(b, url)
	shortest := map[string]time.Duration{}
	took := func(step string, do func() error) {
		start := time.Now()
		if err := do(); err != nil {
			b.Fatalf("%s: %v", step, err)
		}
		if best, known := shortest[step]; !known || time.Since(start) < best {
			shortest[step] = time.Since(start)
		}
	}
	n := 0
	for b.Loop() {
		n++
		own := func(text string) string {
			for _, id := range []string{"ann", "visit", "dx1", "dx2", "pr1", "pr2", "pr3", "cov"} {
				text = strings.NewReplacer("/"+id+`"`, fmt.Sprintf(`/%s-%d"`, id, n), `"id":"`+id+`"`, fmt.Sprintf(`"id":"%s-%d"`, id, n)).Replace(text)
			}
			return text
		}
		d.put("Patient", fmt.Sprintf("ann-%d", n), own(patientAnn))
		d.put("Coverage", fmt.Sprintf("cov-%d", n), own(coverageAnn))
		took("push", func() error {
			_, _, err := d.records.Bundle(ctx, d.admin(), []byte(own(d.visitBundle())))
			return err
		})
		took("plan", d.step)
		claim := models.ClaimID(hand.Text(fmt.Sprintf("SELECT id FROM claims WHERE patient_id = 'ann-%d'", n)))
		took("submit", func() error {
			_, err := d.office.SubmitClaim(ctx, d.admin(), billing.Call{}, claim)
			return err
		})
		took("answer", func() error {
			_, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(own(answer(string(claim), fmt.Sprintf("ICN-%d", n)))), "")
			return err
		})
		took("bill", d.step)
		invoice := models.InvoiceID(hand.Text(fmt.Sprintf("SELECT id FROM invoices WHERE patient_id = 'ann-%d'", n)))
		took("pay", func() error {
			_, err := d.office.Pay(ctx, d.admin(), billing.Call{Key: string(invoice)}, billing.PaymentRequest{InvoiceID: invoice, Amount: 7400, Method: models.PaymentCard, Reference: string(invoice)})
			return err
		})
	}
	all := time.Duration(0)
	for step, best := range shortest {
		b.ReportMetric(float64(best.Microseconds()), step+"-µs")
		all += best
	}
	b.ReportMetric(float64(all.Microseconds()), "visit-µs")
}
