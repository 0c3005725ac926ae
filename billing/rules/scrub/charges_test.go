package scrub_test

import (
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/models"
)

// TestOneChargeIsNotBilledTwice holds that the claim from which the plan is about to take a charge does not hold the claim that
// it puts it on, and that everything else does.
func TestOneChargeIsNotBilledTwice(t *testing.T) {
	line := models.ClaimLine{Sequence: 1, ChargeID: "a", System: models.SystemCPT, Code: "93000", Units: models.OneUnit, ServiceDate: "2026-03-02", Billed: 6000}
	for _, row := range []struct {
		name   string
		change func(o *models.Claim)
		want   int
	}{
		{"taken off another first payer's claim", func(*models.Claim) {}, 0},
		{"asked of the next payer in turn", func(o *models.Claim) { o.Position, o.State = 2, models.ClaimTransmitted }, 0},
		{"on a claim that is sent", func(o *models.Claim) { o.State = models.ClaimTransmitted }, 1},
		{"on another case's claim", func(o *models.Claim) { o.CaseID = "Encounter/2" }, 1},
		{"another charge for the same service", func(o *models.Claim) { o.Lines[0].ChargeID = "b" }, 1},
		{"a line that is no charge yet", func(o *models.Claim) { o.Lines[0].ChargeID = "" }, 1},
	} {
		mine := models.Claim{Type: models.ClaimProfessional, ID: "mine", CaseID: "Encounter/1", State: models.ClaimDraft, Position: 1, Lines: []models.ClaimLine{line}}
		other := models.Claim{Type: models.ClaimProfessional, ID: "other", CaseID: "Encounter/1", State: models.ClaimReady, Position: 1, Lines: []models.ClaimLine{line}}
		row.change(&other)
		found := 0
		for _, f := range scrub.Run(scrub.Subject{Claim: mine, Others: []models.Claim{other}}) {
			if f.Rule == "scrub.duplicate" {
				found++
			}
		}
		if found != row.want {
			t.Errorf("%s: %d findings, want %d", row.name, found, row.want)
		}
	}
}
