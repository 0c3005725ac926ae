package scrub_test

import (
	"slices"
	"testing"

	"medbill/billing/rules/scrub"
	"medbill/models"
)

// TestAClaimToTheNextPayerIsFiledInTime holds that its payer's limit counts from the answer of the payer before.
func TestAClaimToTheNextPayerIsFiledInTime(t *testing.T) {
	for _, row := range []struct {
		today models.Date
		want  models.Severity
	}{{"2026-05-01", ""}, {"2026-06-25", models.SeverityWarning}, {"2026-06-28", models.SeverityWarning}, {"2026-06-29", models.SeverityError}} {
		s := clean()
		s.Payers, s.Today = book(t, "acme,secondary-filing-limit,,90,,\nacme,filing-limit,,30,,\n"), row.today
		s.Claim.Position, s.Claim.Prior = 2, []models.Prior{{CoverageID: "one", AnswerID: "a"}}
		s.Answers = map[models.AnswerID]models.Answer{"a": {ID: "a", Kind: models.AnswerOriginal, Posted: true, Effective: "2026-03-30"}}
		var got models.Severity
		for _, f := range scrub.Run(s) {
			if f.Rule == "scrub.timely-filing" {
				got = f.Severity
			}
		}
		if got != row.want {
			t.Errorf("on %s it is %q, want %q", row.today, got, row.want)
		}
	}
}

// TestACorrectedClaimIsFiledInTime holds that a claim which replaces or voids another one goes by the payer's limit for those, a replacement without one by that of a first claim, and that one
// which its payer did not process is a first claim.
func TestACorrectedClaimIsFiledInTime(t *testing.T) {
	const both, first = "acme,corrected-filing-limit,,90,,\nacme,filing-limit,,30,,\n", "acme,filing-limit,,30,,\n"
	for _, row := range []struct {
		name      string
		facts     string
		frequency models.ClaimFrequency
		today     models.Date
		isLate    bool
	}{
		{"a replacement within its limit", both, models.FrequencyReplace, "2026-05-31", false},
		{"a replacement after it", both, models.FrequencyReplace, "2026-06-01", true},
		{"a void after it", both, models.FrequencyVoid, "2026-06-01", true},
		{"a void within it", both, models.FrequencyVoid, "2026-05-31", false},
		{"a replacement without a limit of its own", first, models.FrequencyReplace, "2026-05-31", true},
		{"a void without one", first, models.FrequencyVoid, "2026-05-31", false},
		{"sent anew", both, models.FrequencyAnew, "2026-05-31", true},
	} {
		s := clean()
		s.Claim.Replaces, s.Claim.Frequency, s.Claim.PayerNumber = "before", row.frequency, "urn|1"
		s.Payers, s.Today = book(t, row.facts), row.today
		found := scrub.Run(s)
		if row.frequency == models.FrequencyVoid {
			found = scrub.Void(s)
		}
		if got := slices.ContainsFunc(found, func(f models.Finding) bool {
			return f.Rule == "scrub.timely-filing" && f.Severity == models.SeverityError
		}); got != row.isLate {
			t.Errorf("%s: late is %v: %+v", row.name, got, found)
		}
	}
}

// TestAClaimToTheNextPayerAddsUp holds R28: what each payer before paid and took off is what the claim bills, over all of its answers that count.
func TestAClaimToTheNextPayerAddsUp(t *testing.T) {
	answer := func(id models.AnswerID, billed, paid, off models.Cents) models.Answer {
		return models.Answer{ID: id, Kind: models.AnswerOriginal, Posted: true, Billed: billed, Paid: paid, Adjustments: []models.Adjustment{{Sequence: 1, LineSequence: 1, GroupCode: "CO", ReasonCode: "45", Amount: off}}}
	}
	total := clean().Claim.Billed
	reversed := answer("a", total, 100, total-100)
	reversed.Reversed = "back"
	for _, row := range []struct {
		name    string
		prior   []models.Prior
		answers []models.Answer
		want    []string
	}{
		{"a first payer's", nil, nil, nil},
		{"one that explains all", []models.Prior{{CoverageID: "one", AnswerID: "a"}}, []models.Answer{answer("a", total, 100, total-100)}, nil},
		{"two parts that do together", []models.Prior{{CoverageID: "one", AnswerID: "a"}, {CoverageID: "one", AnswerID: "b"}}, []models.Answer{answer("a", 1000, 100, 900), answer("b", total-1000, 0, total-1000)}, nil},
		{"a part alone", []models.Prior{{CoverageID: "one", AnswerID: "a"}}, []models.Answer{answer("a", 1000, 100, 900)}, []string{"Claim.insurance[0].claimResponse"}},
		{"a cent that nobody explains", []models.Prior{{CoverageID: "one", AnswerID: "a"}}, []models.Answer{answer("a", total, 100, total-101)}, []string{"Claim.insurance[0].claimResponse"}},
		{"one that was taken back", []models.Prior{{CoverageID: "one", AnswerID: "a"}}, []models.Answer{reversed}, []string{"Claim.insurance[0].claimResponse"}},
		{"one that is not here", []models.Prior{{CoverageID: "one", AnswerID: "a"}}, nil, []string{"Claim.insurance[0].claimResponse"}},
		{"the second of two payers", []models.Prior{{CoverageID: "one", AnswerID: "a"}, {CoverageID: "two", AnswerID: "b"}}, []models.Answer{answer("a", total, 0, total), answer("b", total, 1, total)}, []string{"Claim.insurance[1].claimResponse"}},
	} {
		s := clean()
		s.Claim.Prior, s.Answers = row.prior, map[models.AnswerID]models.Answer{}
		for _, a := range row.answers {
			s.Answers[a.ID] = a
		}
		var got []string
		for _, f := range scrub.Run(s) {
			if f.Rule == "scrub.coordination" && f.Severity == models.SeverityError {
				got = append(got, f.Path)
			}
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: found at %q, want %q", row.name, got, row.want)
		}
	}
}
