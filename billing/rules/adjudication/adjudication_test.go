package adjudication_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/adjudication"
	"medbill/models"
)

func TestOnlyTheTableReachesTheBooks(t *testing.T) {
	known := map[[2]string]models.LedgerAccount{
		{"CO", "45"}: models.AccountContractual, {"CO", "97"}: models.AccountBundled, {"CO", "253"}: models.AccountSequestration,
		{"PR", "1"}: models.AccountARPatient, {"PR", "2"}: models.AccountARPatient, {"PR", "3"}: models.AccountARPatient,
	}
	for _, group := range []string{"CO", "PR", "OA", "PI", "CR", ""} {
		for carc := range 400 {
			reason := [2]string{group, fmt.Sprint(carc)}
			row, ok := adjudication.RowOf(reason[0], reason[1])
			if row.Bucket != known[reason] || ok != (known[reason] != "") {
				t.Errorf("%v goes to %q", reason, row.Bucket)
			}
			if row.IsPatient() != (ok && group == "PR") || row.IsPatient() != (row.Share != adjudication.ShareNone) {
				t.Errorf("%v: patient is %v, share %q", reason, row.IsPatient(), row.Share)
			}
		}
	}
}

func TestDenialWaitsForReview(t *testing.T) {
	denial := models.Adjustment{LineSequence: 1, GroupCode: "CO", ReasonCode: "50", Amount: 100}
	got := adjudication.NeedsReview(models.Answer{Adjustments: []models.Adjustment{
		{LineSequence: 1, GroupCode: "CO", ReasonCode: "45", Amount: 10}, denial, {LineSequence: 1, GroupCode: "PI", ReasonCode: "45"},
	}})
	if !slices.Equal(got, []models.Adjustment{denial}) {
		t.Errorf("got %v", got)
	}
}

var reasons = [][2]string{{"CO", "45"}, {"CO", "97"}, {"CO", "253"}, {"PR", "1"}, {"PR", "2"}, {"PR", "3"}, {"CO", "50"}, {"OA", "23"}, {"PI", "45"}, {"PR", "50"}}

// balanced draws a claim and an answer to it that balances.
func balanced(t *rapid.T) (models.Claim, models.Answer) {
	c, a := models.Claim{ID: "claim", InsurerID: "acme"}, models.Answer{ID: "answer", ClaimID: "claim"}
	var paid, billed models.Cents
	add := func(line int, amount models.Cents) {
		reason := rapid.SampledFrom(reasons).Draw(t, "reason")
		a.Adjustments = append(a.Adjustments, models.Adjustment{LineSequence: line, GroupCode: reason[0], ReasonCode: reason[1], Amount: amount})
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
		left := models.Cents(rapid.Int64Range(1, 100000).Draw(t, "billed"))
		line := models.AnswerLine{LineSequence: i + 1, Billed: left}
		c.Lines = append(c.Lines, models.ClaimLine{Sequence: i + 1, ChargeID: models.ChargeID(fmt.Sprint("charge-", i)), Billed: left})
		billed += left
		for range rapid.IntRange(0, 4).Draw(t, "adjustments") {
			amount := models.Cents(rapid.Int64Range(0, int64(left)).Draw(t, "amount"))
			add(i+1, amount)
			left -= amount
		}
		line.Paid = left
		paid += left
		a.Lines = append(a.Lines, line)
	}
	for range rapid.IntRange(0, 2).Draw(t, "claim level") {
		amount := models.Cents(rapid.Int64Range(0, int64(paid)).Draw(t, "amount"))
		add(0, amount)
		paid -= amount
	}
	if rapid.Bool().Draw(t, "stated") {
		a.StatedSubmitted, a.StatedPaid, a.StatedPayment = &billed, &paid, &paid
	}
	a.Lines = rapid.Permutation(a.Lines).Draw(t, "answered in any order")
	return c, a
}

func TestEveryCentOfALineIsExplained(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, a := balanced(t)
		if issues := adjudication.Check(c, a); len(issues) > 0 {
			t.Fatalf("a balanced answer gives %v", issues)
		}
		_, paid := adjudication.Totals(a)
		var review, sum models.Cents
		for _, line := range adjudication.Apply(c, a) {
			if line.Billed != line.Paid+line.Adjusted()+line.Responsibility()+line.Review || line.Paid < 0 {
				t.Fatalf("%+v does not add up", line)
			}
			if want := c.Lines[line.LineSequence-1]; line.ChargeID != want.ChargeID || line.Billed != want.Billed {
				t.Fatalf("%+v is not about %+v", line, want)
			}
			sum, review = sum+line.Paid, review+line.Review
		}
		for _, adjustment := range adjudication.NeedsReview(a) {
			review -= adjustment.Amount
		}
		if sum != paid || review != 0 {
			t.Fatalf("lines are paid %d of %d; review is off by %d", sum, paid, review)
		}
	})
}

func TestOneCentAnywhereIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, a := balanced(t)
		cent := models.Cents(rapid.SampledFrom([]int64{-1, 1}).Draw(t, "cent"))
		line := rapid.IntRange(0, len(a.Lines)-1).Draw(t, "line")
		want := fmt.Sprintf("ClaimResponse.item[%d].adjudication", line)
		switch rapid.IntRange(0, 4).Draw(t, "where") {
		case 0:
			a.Lines[line].Billed += cent
		case 1:
			a.Lines[line].Paid += cent
		case 2:
			a.Adjustments = append(a.Adjustments, models.Adjustment{LineSequence: a.Lines[line].LineSequence, GroupCode: "CO", ReasonCode: "45", Amount: cent})
		case 3:
			_, paid := adjudication.Totals(a)
			paid += cent
			a.StatedPayment, want = &paid, "ClaimResponse.payment.amount"
		case 4:
			billed, _ := adjudication.Totals(a)
			billed += cent
			a.StatedSubmitted, want = &billed, "ClaimResponse.total"
		}
		issues := adjudication.Check(c, a)
		if len(issues) == 0 || issues[0].Code != "answer.unbalanced" || issues[0].Path != want {
			t.Fatalf("got %v, want answer.unbalanced at %s", issues, want)
		}
	})
}

func TestEveryLineIsAnsweredOnce(t *testing.T) {
	c := models.Claim{Lines: []models.ClaimLine{{Sequence: 1, Billed: 100}, {Sequence: 2, Billed: 200}}}
	one, two := models.AnswerLine{LineSequence: 1, Billed: 100, Paid: 100}, models.AnswerLine{LineSequence: 2, Billed: 200, Paid: 200}
	repeated, dearer := one, one
	repeated.Paid = 50
	dearer.Billed, dearer.Paid = 101, 101
	three := models.AnswerLine{LineSequence: 3, Billed: 300, Paid: 300}
	for _, row := range []struct {
		name        string
		lines       []models.AnswerLine
		adjustments []models.Adjustment
		want        [][2]string
	}{
		{"each once", []models.AnswerLine{two, one}, nil, nil},
		{"one missing", []models.AnswerLine{two}, nil, [][2]string{{"answer.line-missing", "ClaimResponse.item"}}},
		{"none at all", nil, nil, [][2]string{{"answer.line-missing", "ClaimResponse.item"}, {"answer.line-missing", "ClaimResponse.item"}}},
		{"one twice", []models.AnswerLine{one, two, repeated}, nil, [][2]string{{"answer.line-repeated", "ClaimResponse.item[2].itemSequence"}}},
		{"one that balances at another charge than ours", []models.AnswerLine{dearer, two}, nil, [][2]string{{"answer.unbalanced", "ClaimResponse.item[0].adjudication"}}},
		{"one that is not ours", []models.AnswerLine{one, three, two}, nil, [][2]string{{"answer.line-unknown", "ClaimResponse.item[1].itemSequence"}}},
		{"an adjustment of no line", []models.AnswerLine{one, two}, []models.Adjustment{{LineSequence: 9, GroupCode: "CO", ReasonCode: "45", Amount: 1}}, [][2]string{{"answer.line-unknown", "ClaimResponse.item"}}},
	} {
		issues := adjudication.Check(c, models.Answer{Lines: row.lines, Adjustments: row.adjustments})
		var got [][2]string
		for _, issue := range issues {
			got = append(got, [2]string{issue.Code, issue.Path})
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestAdjustmentOfTheClaimIsSharedByWhatWasPaid(t *testing.T) {
	c := models.Claim{Lines: []models.ClaimLine{{Sequence: 1, ChargeID: "a", Billed: 100}, {Sequence: 2, ChargeID: "b", Billed: 300}}}
	a := models.Answer{
		Lines:       []models.AnswerLine{{LineSequence: 1, Billed: 100, Paid: 100}, {LineSequence: 2, Billed: 300, Paid: 300}},
		Adjustments: []models.Adjustment{{GroupCode: "CO", ReasonCode: "253", Amount: 8}, {GroupCode: "PR", ReasonCode: "3", Amount: 40}},
	}
	got := adjudication.Apply(c, a)
	if got[0].Paid != 88 || got[0].Contra[models.AccountSequestration] != 2 || got[0].Copay != 10 || got[1].Paid != 264 || got[1].Contra[models.AccountSequestration] != 6 || got[1].Copay != 30 {
		t.Errorf("got %+v", got)
	}
}
