package scrub_test

import (
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/models"
)

// TestAnOverrideIsOfOneOfTwoThatAreAlike holds that two findings which say the same of lines that are alike have marks of their own, that a
// mark stays when its line moves, and that it goes when the line asks for something else.
func TestAnOverrideIsOfOneOfTwoThatAreAlike(t *testing.T) {
	line := func(sequence int, units models.Units) models.ClaimLine {
		return models.ClaimLine{Sequence: sequence, ChargeID: models.ChargeID("c" + string(rune('0'+sequence))), System: models.SystemCPT, Code: "90003", Units: units, ServiceDate: day, Pointers: models.Numbers{1}}
	}
	marks := func(lines ...models.ClaimLine) []string {
		c := models.Claim{Type: models.ClaimProfessional, ID: "mine", CaseID: "Encounter/1", PatientID: "ann", BillingID: "practice", State: models.ClaimDraft, Position: 1, PlaceOfService: "11",
			Rendering: models.Performer{ID: "smith"}, Diagnoses: []models.ClaimDiagnosis{{Sequence: 1, Code: "I10"}}, Lines: lines}
		var list []string
		for _, f := range scrub.Run(scrub.Subject{Claim: c, Others: []models.Claim{{
			Type: models.ClaimProfessional, ID: "other", CaseID: "Encounter/2", PatientID: "ann", BillingID: "practice", State: models.ClaimTransmitted, Position: 1,
			Rendering: models.Performer{ID: "smith"}, Lines: []models.ClaimLine{{Sequence: 1, ChargeID: "o", System: models.SystemCPT, Code: "90003", Units: models.OneUnit, ServiceDate: day}},
		}}}) {
			if f.Rule == "scrub.duplicate" && f.Override.Role != "" {
				list = append(list, f.Mark)
			}
		}
		return list
	}
	two := marks(line(1, models.OneUnit), line(2, models.OneUnit))
	if len(two) != 2 || two[0] == two[1] {
		t.Fatalf("two that are alike are marked %v", two)
	}
	other := models.ClaimLine{Sequence: 1, ChargeID: "x", System: models.SystemCPT, Code: "90001", Units: models.OneUnit, ServiceDate: day, Pointers: models.Numbers{1}}
	if moved := marks(other, line(2, models.OneUnit)); len(moved) != 1 || moved[0] != two[0] {
		t.Errorf("a line that moved is marked %v, before %v", moved, two)
	}
	changed := line(1, models.OneUnit)
	changed.Pointers = nil
	if got := marks(changed); len(got) != 1 || got[0] == two[0] {
		t.Errorf("a line that asks for something else is marked %v, before %v", got, two)
	}
}
