package billing_test

import (
	"context"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestChargeWhoseVisitNeverComesIsAskedAbout(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		hours := 24
		d.settings(models.SettingsChange{SelfPayHours: &hours})
		item := `{"resourceType":"ChargeItem","id":"early","status":"billable","code":{"coding":[{"system":"` + cpt + `","code":"93000"}]},"subject":{"reference":"Patient/ann"},"context":{"reference":"Encounter/visit"},"occurrenceDateTime":"2026-03-02","quantity":{"value":1}}`
		sweep := func() {
			t.Helper()
			if err := d.office.Orphans(ctx); err != nil {
				t.Fatal(err)
			}
		}
		d.put("ChargeItem", "early", item)
		sweep()
		d.search("Task", "status=requested", 0) // its visit may still come
		hours = 0
		d.settings(models.SettingsChange{SelfPayHours: &hours})
		sweep()
		sweep()
		d.search("Task", "status=requested&code=place-charge", 1)

		d.encounter("visit", "in-progress")
		d.search("Task", "status=requested", 0)
		sweep()
		d.search("Task", "status=requested", 0) // the visit is here and goes on

		d.put("ChargeItem", "early", strings.Replace(item, "Encounter/visit", "Encounter/nowhere", 1))
		sweep()
		d.search("Task", "status=requested&code=place-charge", 1)
		d.put("ChargeItem", "early", strings.Replace(item, `"context":{"reference":"Encounter/visit"},`, "", 1)) // it names none now
		d.search("Task", "status=requested&code=place-charge", 1)
		d.put("ChargeItem", "early", strings.Replace(item, "billable", "entered-in-error", 1))
		d.search("Task", "status=requested", 0)
		d.clean()
	})
}
