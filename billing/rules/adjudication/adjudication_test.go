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
	memo := [2]string{"OA", "23"}
	known := map[[2]string]models.LedgerAccount{
		{"CO", "45"}: models.AccountContractual, {"CO", "97"}: models.AccountBundled, {"CO", "253"}: models.AccountSequestration,
		{"PR", "1"}: models.AccountARPatient, {"PR", "2"}: models.AccountARPatient, {"PR", "3"}: models.AccountARPatient, {"PR", "66"}: models.AccountARPatient,
	}
	for _, group := range []string{"CO", "PR", "OA", "PI", "CR", ""} {
		for carc := range 400 {
			reason := [2]string{group, fmt.Sprint(carc)}
			row := adjudication.RowOf(reason[0], reason[1])
			for _, r := range adjudication.Reasons {
				if beside := adjudication.RowOf(reason[0], reason[1], r.RARC); beside.IsPosted() != row.IsPosted() || beside.Bucket != row.Bucket || beside.Memo != row.Memo || beside.Share != row.Share {
					t.Errorf("%v beside %q goes to %q", reason, r.RARC, beside.Bucket)
				}
			}
			if row.Bucket != known[reason] || row.IsPosted() != (known[reason] != "" || reason == memo) {
				t.Errorf("%v goes to %q", reason, row.Bucket)
			}
			if isPatient := row.Bucket == models.AccountARPatient; isPatient != (row.IsPosted() && group == "PR") || isPatient != (row.Share != adjudication.ShareNone) {
				t.Errorf("%v: patient is %v, share %q", reason, isPatient, row.Share)
			}
		}
	}
}

// More allowed than charged and incentives add to a charge. They are taken, and a person looks at them.
func TestAdjustmentThatAddsWaitsForReview(t *testing.T) {
	c := models.Claim{Type: models.ClaimProfessional, Lines: []models.ClaimLine{{Sequence: 1, ChargeID: "a", Billed: 10000}}}
	for _, carc := range []string{"45", "94", "144", "161"} {
		bonus := models.Adjustment{LineSequence: 1, GroupCode: "CO", ReasonCode: carc, Amount: -500}
		a := models.Answer{ClaimType: models.ClaimProfessional, Lines: []models.AnswerLine{{LineSequence: 1, Billed: 10000, Paid: 10500}}, Adjustments: []models.Adjustment{bonus}}
		if issues := adjudication.Check(c, a); len(issues) > 0 {
			t.Errorf("CO %s below 0.00 gives %v", carc, issues)
		}
		if got := adjudication.NeedsReview(a); !slices.Equal(got, []models.Adjustment{bonus}) {
			t.Errorf("CO %s below 0.00: %v waits", carc, got)
		}
		if got := adjudication.Apply(c, a); got[0].Review != -500 || got[0].Adjusted() != 0 || got[0].Responsibility() != 0 || got[0].Paid != 10500 {
			t.Errorf("CO %s below 0.00 becomes %+v", carc, got)
		}
	}
}

func TestAmountBeyondTheChargeIsRefused(t *testing.T) {
	c := models.Claim{Type: models.ClaimProfessional, Lines: []models.ClaimLine{{Sequence: 1, Billed: 10000}, {Sequence: 2, Billed: 5000}}}
	answer := func(first models.Cents, adjustments ...models.Adjustment) models.Answer {
		return models.Answer{ClaimType: models.ClaimProfessional, Lines: []models.AnswerLine{{LineSequence: 2, Billed: 5000, Paid: 5000}, {LineSequence: 1, Billed: 10000, Paid: first}}, Adjustments: adjustments}
	}
	adjusted := func(line int, group, carc string, amount models.Cents) models.Adjustment {
		return models.Adjustment{LineSequence: line, GroupCode: group, ReasonCode: carc, Amount: amount}
	}
	const line, whole = "ClaimResponse.item[1].adjudication", "ClaimResponse.adjudication"
	for _, row := range []struct {
		name   string
		answer models.Answer
		want   []string // paths
	}{
		{"all of a line adjusted", answer(0, adjusted(1, "CO", "45", 10000)), nil},
		{"all of a line left to the patient", answer(0, adjusted(1, "PR", "1", 4000), adjusted(1, "PR", "2", 6000)), nil},
		{"all of the claim adjusted", answer(10000, adjusted(0, "CO", "45", 15000)), nil},
		{"a benefit below nothing", answer(-1, adjusted(1, "CO", "45", 9999), adjusted(1, "CO", "97", 2)), []string{line}},
		{"an adjustment above the charge", answer(1, adjusted(1, "CO", "94", -2), adjusted(1, "CO", "45", 10001)), []string{line}},
		{"an adjustment below less than the charge", answer(20001, adjusted(1, "CO", "45", -10001)), []string{line}},
		{"a deductible below nothing", answer(10001, adjusted(1, "PR", "1", -1)), []string{line}},
		{"a bundled service below nothing", answer(10001, adjusted(1, "CO", "97", -1)), []string{line}},
		{"an incentive of another group", answer(10001, adjusted(1, "OA", "161", -1)), []string{line}},
		{"more left to the patient than was charged", answer(0, adjusted(1, "PR", "1", 6000), adjusted(1, "PR", "2", 4001), adjusted(1, "CO", "45", -1)), []string{line}},
		{"more left of the whole claim than was charged", answer(10000, adjusted(0, "PR", "1", 8000), adjusted(0, "PR", "2", 7001), adjusted(0, "CO", "45", -1)), []string{whole}},
		{"more taken off the whole claim than was charged", answer(10000, adjusted(0, "CO", "45", 15001), adjusted(0, "CO", "94", -1)), []string{whole}},
		{"more taken off the whole claim than is paid", answer(0, adjusted(1, "CO", "45", 10000), adjusted(0, "CO", "253", 5001)), []string{whole}},
	} {
		issues := adjudication.Check(c, row.answer)
		var got []string
		for _, issue := range issues {
			got = append(got, issue.Path)
			if issue.Code != "answer.implausible" {
				t.Errorf("%s: got %+v", row.name, issue)
			}
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, issues, row.want)
		}
	}
}

// The same answer is always refused in the same words.
func TestIssuesComeInOrder(t *testing.T) {
	var c models.Claim
	var a models.Answer
	for i := range 8 {
		c.Lines = append(c.Lines, models.ClaimLine{Sequence: i + 1, Billed: 100})
		a.Lines = append(a.Lines, models.AnswerLine{LineSequence: i + 1, Billed: 100})
		a.Adjustments = append(a.Adjustments, models.Adjustment{LineSequence: i + 1, GroupCode: "PR", ReasonCode: "1", Amount: 60}, models.Adjustment{LineSequence: i + 1, GroupCode: "PR", ReasonCode: "2", Amount: 60})
	}
	first := adjudication.Check(c, a)
	for range 20 {
		if again := adjudication.Check(c, a); !slices.Equal(again, first) {
			t.Fatalf("got %v\nand %v", first, again)
		}
	}
}

func TestInterimAnswerMayLeaveLinesOut(t *testing.T) {
	c := models.Claim{Type: models.ClaimProfessional, Lines: []models.ClaimLine{{Sequence: 1, Billed: 100}, {Sequence: 2, Billed: 200}}}
	for kind, want := range map[models.AnswerKind]int{models.AnswerInterim: 0, models.AnswerOriginal: 1, models.AnswerCorrection: 1} {
		if got := adjudication.Check(c, models.Answer{ClaimType: models.ClaimProfessional, Kind: kind, Lines: []models.AnswerLine{{LineSequence: 2, Billed: 200, Paid: 200}}}); len(got) != want {
			t.Errorf("%s: got %v", kind, got)
		}
	}
}

// A Qualified Medicare Beneficiary must not be billed, wherever the payer says so.
func TestRemarkProtectsThePatient(t *testing.T) {
	for _, code := range []string{"N781", "N782", "N783"} {
		if !adjudication.ProtectsPatient(models.Answer{ClaimType: models.ClaimProfessional, Remarks: models.Codes{"MA01", code}}) || !adjudication.ProtectsPatient(models.Answer{ClaimType: models.ClaimProfessional, Adjustments: []models.Adjustment{{}, {RemarkCode: code}}}) ||
			!adjudication.ProtectsPatient(models.Answer{ClaimType: models.ClaimProfessional, Lines: []models.AnswerLine{{}, {Remarks: models.Codes{"M80", code}}}}) {
			t.Errorf("%s lets the patient be billed", code)
		}
	}
	if adjudication.ProtectsPatient(models.Answer{ClaimType: models.ClaimProfessional, Remarks: models.Codes{"N780", "MA01"}, Adjustments: []models.Adjustment{{ReasonCode: "N781"}}}) {
		t.Error("another remark protects the patient")
	}
}

func TestDenialWaitsForReview(t *testing.T) {
	denial := models.Adjustment{LineSequence: 1, GroupCode: "CO", ReasonCode: "50", Amount: 100}
	got := adjudication.NeedsReview(models.Answer{ClaimType: models.ClaimProfessional, Adjustments: []models.Adjustment{
		{LineSequence: 1, GroupCode: "CO", ReasonCode: "45", Amount: 10}, denial, {LineSequence: 1, GroupCode: "PI", ReasonCode: "45"},
	}})
	if !slices.Equal(got, []models.Adjustment{denial}) {
		t.Errorf("got %v", got)
	}
}

var reasons = [][2]string{{"CO", "45"}, {"CO", "97"}, {"CO", "253"}, {"PR", "1"}, {"PR", "2"}, {"PR", "3"}, {"CO", "50"}, {"OA", "23"}, {"PI", "45"}, {"PR", "50"}}

// balanced draws a claim and an answer to it that balances.
func balanced(t *rapid.T) (models.Claim, models.Answer) {
	c, a := models.Claim{Type: models.ClaimProfessional, ID: "claim", InsurerID: "acme"}, models.Answer{ClaimType: models.ClaimProfessional, ID: "answer", ClaimID: "claim"}
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
			if line.Billed != line.Paid+line.Adjusted()+line.Responsibility()+line.Prior+line.Review || line.Paid < 0 {
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
	c := models.Claim{Type: models.ClaimProfessional, Lines: []models.ClaimLine{{Sequence: 1, Billed: 100}, {Sequence: 2, Billed: 200}}}
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
		issues := adjudication.Check(c, models.Answer{ClaimType: models.ClaimProfessional, Lines: row.lines, Adjustments: row.adjustments})
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
	c := models.Claim{Type: models.ClaimProfessional, Lines: []models.ClaimLine{{Sequence: 1, ChargeID: "a", Billed: 100}, {Sequence: 2, ChargeID: "b", Billed: 300}}}
	a := models.Answer{
		ClaimType:   models.ClaimProfessional,
		Lines:       []models.AnswerLine{{LineSequence: 1, Billed: 100, Paid: 100}, {LineSequence: 2, Billed: 300, Paid: 300}},
		Adjustments: []models.Adjustment{{GroupCode: "CO", ReasonCode: "253", Amount: 8}, {GroupCode: "PR", ReasonCode: "3", Amount: 40}},
	}
	got := adjudication.Apply(c, a)
	if got[0].Paid != 88 || got[0].Contra[models.AccountSequestration] != 2 || got[0].Copay != 10 || got[1].Paid != 264 || got[1].Contra[models.AccountSequestration] != 6 || got[1].Copay != 30 {
		t.Errorf("got %+v", got)
	}
}
