package billing_test

import (
	"context"
	"testing"
	"time"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/models"
)

// What a payer says of a day on which the books are closed counts for the first open one, so that a report of a closed day stays as it was;
// the answer keeps its day. A day that is not over stays open.
func TestClosedBooksStayAsTheyWere(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		today := models.Date(d.db.Now().Time().Format(time.DateOnly))
		closed := today.AddDays(-30)
		d.settings(models.SettingsChange{ClosedThrough: &closed})
		g := d.guest(0, "closed")
		g.send(g.visit()...)
		d.quiet()
		g.submit()
		judged := []line{{"50.00", []string{"PR 2 10.00"}}, {"10.00", []string{"CO 45 5.00"}}}
		if g.claim().Lines[0].Billed == 1500 {
			judged[0], judged[1] = judged[1], judged[0]
		}
		if err := g.answers(g.claim(), judged...); err != nil { // of 20 March
			t.Fatal(err)
		}
		d.quiet()
		if got := g.stands(); got != "patient; acme adjudicated 75.00; invoice issued 10.00" {
			t.Errorf("the visit stands: %s", got)
		}
		d.reportSays("", "trial-balance", "asOf="+string(closed))
		d.reportSays("AR:Insurance,-75.00; AR:Patient,10.00; Clearing:ERA,60.00; Contra:Contractual,5.00", "trial-balance", "asOf="+string(closed.AddDays(1)))
		kase, _ := g.kase("visit")
		d.view(func(v *store.View) error {
			answers, err := books.AnswersOfCase(v, kase.ID)
			if len(answers) != 1 || answers[0].Effective != "2026-03-20" {
				t.Errorf("the answers are %+v", answers)
			}
			return err
		})
		post := func() string {
			err := d.db.As(models.Actor{Tenant: d.tenant}).Update(context.Background(), func(tx *store.Tx) error {
				return journal.Post(tx, models.Entry{Kind: models.EntryPayment, Cause: "payment/late", Effective: closed, Postings: []models.Posting{
					{Account: models.AccountBank, Amount: 100, Dimensions: models.Dimensions{PatientID: models.PatientID(g.id)}},
					{Account: models.AccountPatientCredits, Amount: -100, Dimensions: models.Dimensions{PatientID: models.PatientID(g.id)}},
				}})
			})
			return refusal(err)
		}
		if got := post(); got != "ledger.closed effective" {
			t.Errorf("an entry of a closed day: %q", got)
		}
		for day, want := range map[models.Date]string{today.AddDays(2): "value closedThrough", "2026-13-01": "value closedThrough", "": ""} {
			_, err := d.office.ChangeSettings(context.Background(), d.admin(), billing.Call{DryRun: true}, models.SettingsChange{ClosedThrough: &day})
			if got := refusal(err); got != want {
				t.Errorf("closing through %q: %q, want %q", day, got, want)
			}
		}
	})
}
