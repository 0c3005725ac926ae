package coding_test

import (
	"slices"
	"testing"

	"medbill/billing/rules/coding"
	"medbill/models"
)

// TestWhatIsHeldBackIsBilledNowhereElse holds that a service on another visit's claim is a problem where this visit would be billed for it, and none where its ChargeItem says that it is not.
func TestWhatIsHeldBackIsBilledNowhereElse(t *testing.T) {
	for _, row := range []struct {
		name  string
		items []string // the status of each ChargeItem for the service
		want  bool
	}{
		{"no ChargeItem", nil, true},
		{"one to be billed", []string{"billable"}, true},
		{"one not to be billed", []string{"aborted"}, false},
		{"one that is held back", []string{"planned"}, false},
		{"one of each", []string{"aborted", "billable"}, true},
		{"a mistaken one", []string{"entered-in-error"}, true},
	} {
		c := coding.Chart{
			Encounter:  models.Encounter{ID: "v", PatientID: "ann", Status: "finished"},
			Procedures: []models.Procedure{{ID: "p", VisitID: "v", PatientID: "ann", Status: "completed", System: models.SystemCPT, Code: "99214", Performed: "2026-03-03"}},
			Elsewhere:  []string{"Procedure/p"},
		}
		for _, status := range row.items {
			c.Items = append(c.Items, models.ChargeItem{VisitID: "v", PatientID: "ann", Status: status, System: models.SystemCPT, Code: "99214", Units: models.OneUnit, Occurred: "2026-03-03"})
		}
		_, problems := coding.Gather(c)
		if got := slices.ContainsFunc(problems, func(f models.Finding) bool { return f.Rule == "coding.elsewhere" }); got != row.want {
			t.Errorf("%s: a problem: %v, want %v: %+v", row.name, got, row.want, problems)
		}
	}
}
