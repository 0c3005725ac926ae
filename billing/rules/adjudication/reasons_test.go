package adjudication_test

import (
	"testing"

	"medbill/billing/rules/adjudication"
	"medbill/models"
)

// TestTheMostSpecificReasonCounts holds that a remark says more of a reason wherever it stands, that of several the first in the table counts, and that each key stands in the table once.
func TestTheMostSpecificReasonCounts(t *testing.T) {
	type key struct{ group, carc, rarc string }
	seen := map[key]bool{}
	for _, r := range adjudication.Reasons {
		if k := (key{r.Group, r.CARC, r.RARC}); seen[k] {
			t.Errorf("%v stands twice", k)
		} else {
			seen[k] = true
		}
	}
	for _, row := range []struct {
		name                  string
		group, carc, rarc     string
		ofLine, ofAnother, of models.Codes // remarks of the line, of another one and of the claim
		category              models.DenialCategory
		proposed              models.Remedy
	}{
		{"no remark", "CO", "16", "", nil, nil, nil, models.DeniedInformation, models.RemedyReplace},
		{"beside the reason", "CO", "16", "M51", nil, nil, nil, models.DeniedCoding, models.RemedyReplace},
		{"of the line", "CO", "16", "", models.Codes{"N1", "MA04"}, nil, nil, models.DeniedCoordination, models.RemedyReplace},
		{"of another line", "CO", "16", "", nil, models.Codes{"M51"}, nil, models.DeniedInformation, models.RemedyReplace},
		{"of the claim", "OA", "16", "", nil, nil, models.Codes{"MA130"}, models.DeniedInformation, models.RemedyResend},
		{"several", "CO", "16", "M51", nil, nil, models.Codes{"MA130"}, models.DeniedInformation, models.RemedyResend},
		{"a remark that says nothing of this reason", "CO", "50", "MA130", nil, nil, nil, models.DeniedNecessity, models.RemedyAppeal},
		{"the group goes before the remark", "PR", "27", "MA130", nil, nil, nil, models.DeniedEligibility, models.RemedyNextPayer},
		{"a reason that nobody knows", "CO", "9999", "MA130", nil, nil, nil, "", ""},
	} {
		one := models.Adjustment{LineSequence: 1, GroupCode: row.group, ReasonCode: row.carc, RemarkCode: row.rarc, Amount: 6000}
		a := models.Answer{Remarks: row.of, Lines: []models.AnswerLine{{LineSequence: 1, Remarks: row.ofLine}, {LineSequence: 2, Remarks: row.ofAnother}}, Adjustments: []models.Adjustment{one}}
		got := adjudication.RowIn(a, one)
		if got.Category != row.category || got.Proposed != row.proposed || got.IsPosted() {
			t.Errorf("%s: got %+v", row.name, got)
		}
	}
}
