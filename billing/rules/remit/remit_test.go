package remit_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"medbill/billing/rules/remit"
	"medbill/models"
)

// TestEveryAdjustmentHasAnAccount holds that each code stands in the table once, on an account of the chart, that what is in suspense is asked for, and that what joins another one stands
// where that takes it away.
func TestEveryAdjustmentHasAnAccount(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range remit.Codes {
		_, isKnown := row.Account.Facts()
		if seen[row.Code] || !isKnown || row.Text == "" || row.Asks != (row.Account == models.AccountSuspense) {
			t.Errorf("%+v stands twice, or where nobody looks", row)
		}
		if seen[row.Code] = true; row.Joins != slices.Contains(remit.JoinedBy(row.Account), row.Code) {
			t.Errorf("%s is not joined by what takes it away", row.Code)
		}
	}
	if row := remit.CodeOf("??"); row.Account != models.AccountSuspense || !row.Asks {
		t.Errorf("what nobody knows is %+v", row)
	}
}

// TestAPaymentIsAskedForAfterFiveBusinessDays holds that Saturdays and Sundays do not count.
func TestAPaymentIsAskedForAfterFiveBusinessDays(t *testing.T) {
	for came, want := range map[string]string{
		"2026-03-16T12:00:00Z": "2026-03-23T12:00:00Z", // Monday
		"2026-03-20T12:00:00Z": "2026-03-27T12:00:00Z", // Friday
		"2026-03-21T12:00:00Z": "2026-03-27T12:00:00Z", // Saturday
		"2026-03-22T12:00:00Z": "2026-03-27T12:00:00Z", // Sunday
	} {
		at, err := time.Parse(time.RFC3339, came)
		if err != nil {
			t.Fatal(err)
		}
		if got := remit.DueAt(models.InstantOf(at)).Time().Format(time.RFC3339); got != want {
			t.Errorf("of an answer on %s it is asked for on %s, want %s", came, got, want)
		}
	}
}

// TestMoneyIsAskedAboutAfterThreeBusinessDays holds that a payer is asked from the beginning of a day, where the practice is.
func TestMoneyIsAskedAboutAfterThreeBusinessDays(t *testing.T) {
	for place, want := range map[string]string{"America/Los_Angeles": "2026-03-25T07:00:00Z", "Pacific/Auckland": "2026-03-24T11:00:00Z"} {
		zone, err := time.LoadLocation(place)
		if err != nil {
			t.Fatal(err)
		}
		if got := remit.AskDueAt("2026-03-20", zone).Time().Format(time.RFC3339); got != want { // Friday
			t.Errorf("in %s it is asked at %s, want %s", place, got, want)
		}
	}
}

// TestOneCentOrOneAnswerIsMissed holds that a payment whose details are its answers and that comes to them adds up, and that it does not once a cent is added anywhere, an answer is left out or named
// twice.
func TestOneCentOrOneAnswerIsMissed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var answers []models.Answer
		var r models.Remittance
		for i := range rapid.IntRange(1, 8).Draw(t, "answers") {
			a := models.Answer{ID: models.AnswerID(rune('a' + i)), Kind: models.AnswerOriginal, Paid: models.Cents(rapid.IntRange(-50_000, 100_000).Draw(t, "paid"))}
			answers = append(answers, a)
			r.Details = append(r.Details, models.RemittanceDetail{AnswerID: a.ID, Amount: a.Paid})
			r.Amount += a.Paid
		}
		if r.Amount <= 0 { // what is taken back is carried forward
			forward := models.RemittanceDetail{Code: "FB", Reference: "R", Amount: 1 - r.Amount}
			r.Details, r.Amount = append(r.Details, forward), 1
		}
		if issues := remit.Check(r, answers); len(issues) > 0 {
			t.Fatalf("%+v does not add up: %v", r, issues)
		}
		spoilt := r
		spoilt.Details = slices.Clone(r.Details)
		at := rapid.IntRange(0, len(answers)-1).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "spoilt") {
		case 0:
			spoilt.Amount++
		case 1:
			spoilt.Details[at].Amount++
		case 2:
			spoilt.Amount -= spoilt.Details[at].Amount
			spoilt.Details = slices.Delete(spoilt.Details, at, at+1)
		case 3:
			spoilt.Amount += spoilt.Details[at].Amount
			spoilt.Details = append(spoilt.Details, spoilt.Details[at])
		}
		if issues := remit.Check(spoilt, answers); len(issues) == 0 {
			t.Fatalf("%+v adds up", spoilt)
		}
	})
}
