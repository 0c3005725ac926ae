package billing_test

import (
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func TestSettingsBearOnWhatIsNotSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.put("Encounter", "visit", strings.Replace(d.body("Encounter", "visit"), `"serviceProvider":{"reference":"Organization/practice"},`, "", 1))
		d.search("Claim", "encounter=Encounter/visit&claim-state=held", 1)
		practice := models.OrganizationID("practice")
		d.settings(models.SettingsChange{PracticeID: &practice})
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)

		later, never := models.Date("2026-04-01"), models.Date("")
		d.settings(models.SettingsChange{GoLive: &later})
		d.search("Claim", "encounter=Encounter/visit&status=entered-in-error", 1)
		d.quiet()
		d.books("AR:Insurance 0.00")
		d.settings(models.SettingsChange{GoLive: &never})
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.clean()
	})
}
