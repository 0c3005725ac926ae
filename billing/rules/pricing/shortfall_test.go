package pricing_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/billing/rules/pricing"
	"medbill/models"
	"medbill/models/money"
)

// judged reads a line of an answer as "allowed 150.00, paid 80.00, PR 1 50.00, CO 45 100.00".
func judged(t *testing.T, sequence int, text string) (line models.AnswerLine, list []models.Adjustment) {
	t.Helper()
	line = models.AnswerLine{LineSequence: sequence, ChargeID: models.ChargeID(fmt.Sprint("ch", sequence))}
	for _, one := range strings.Split(text, ", ") {
		words := strings.Fields(one)
		amount, err := money.Parse(words[len(words)-1])
		if err != nil {
			t.Fatal(err)
		}
		switch words[0] {
		case "allowed":
			line.Allowed = &amount
		case "paid":
			line.Paid = amount
		default:
			list = append(list, models.Adjustment{LineSequence: sequence, GroupCode: words[0], ReasonCode: words[1], Amount: amount})
		}
	}
	return line, list
}

// TestWhatAnAnswerLacksOfWhatIsExpected has a row for each way in which an answer says what is allowed.
func TestWhatAnAnswerLacksOfWhatIsExpected(t *testing.T) {
	prior := map[models.ChargeID]models.Cents{"ch1": 80_00}
	whole := func(l *models.ExpectedLine) { l.OfClaim = true }
	for _, row := range []struct {
		sentence  string
		tolerance models.Cents
		share     int
		expected  []models.Cents
		change    func(*models.ExpectedLine)
		lines     []string
		prior     map[models.ChargeID]models.Cents
		want      string
	}{
		{"contract 150.00, allowed 140.00", 0, 0, []models.Cents{150_00}, nil, []string{"allowed 140.00, paid 140.00, CO 45 110.00"}, nil, "1: 10.00"},
		{"as it is expected", 0, 0, []models.Cents{150_00}, nil, []string{"allowed 150.00, paid 80.00, PR 1 50.00, PR 2 20.00, CO 45 100.00"}, nil, ""},
		{"more than is expected", 0, 0, []models.Cents{150_00}, nil, []string{"allowed 160.00, paid 160.00, CO 45 90.00"}, nil, ""},
		{"without a stated amount: paid and the patient's", 0, 0, []models.Cents{150_00}, nil, []string{"paid 70.00, PR 1 50.00, PR 2 20.00, CO 45 110.00"}, nil, "1: 10.00"},
		{"sequestration is no part of what is allowed", 0, 0, []models.Cents{150_00}, nil, []string{"paid 117.60, PR 2 30.00, CO 253 2.40, CO 45 100.00"}, nil, ""},
		{"within the tolerance in dollars", 10_00, 0, []models.Cents{150_00}, nil, []string{"allowed 140.00, paid 140.00"}, nil, ""},
		{"a cent beyond it", 9_99, 0, []models.Cents{150_00}, nil, []string{"allowed 140.00, paid 140.00"}, nil, "1: 10.00"},
		{"within the tolerance in percent", 1_00, 667, []models.Cents{150_00}, nil, []string{"allowed 140.00, paid 140.00"}, nil, ""},
		{"a cent beyond it in percent", 1_00, 666, []models.Cents{150_00}, nil, []string{"allowed 140.00, paid 140.00"}, nil, "1: 10.00"},
		{"a line that is paid too well makes up for none", 0, 0, []models.Cents{150_00, 20_00}, nil, []string{"allowed 140.00, paid 140.00", "allowed 60.00, paid 60.00"}, nil, "1: 10.00"},
		{"a denied line is no short one", 0, 0, []models.Cents{150_00, 15_00}, nil, []string{"allowed 150.00, paid 150.00", "paid 0, CO 97 15.00"}, nil, ""},
		{"a line that is allowed nothing by the payer's rate is one", 0, 0, []models.Cents{150_00}, nil, []string{"paid 0, CO 45 250.00"}, nil, "1: 150.00"},
		{"a line that is not judged yet", 0, 0, []models.Cents{150_00, 20_00}, nil, []string{"allowed 150.00, paid 150.00"}, nil, ""},
		{"a line of which nothing is known", 0, 0, []models.Cents{150_00}, func(l *models.ExpectedLine) { l.IsKnown = false }, []string{"allowed 1.00, paid 1.00"}, nil, ""},
		{"a line of another contract", 0, 0, []models.Cents{150_00}, func(l *models.ExpectedLine) { l.ContractID = "other" }, []string{"allowed 1.00, paid 1.00"}, nil, ""},
		{"a next payer: paid before, paid and the patient's", 0, 0, []models.Cents{150_00}, nil, []string{"allowed 250.00, OA 23 180.00, PR 3 10.00, paid 60.00"}, prior, ""},
		{"a next payer that paid too little", 0, 0, []models.Cents{150_00}, nil, []string{"OA 23 180.00, PR 3 10.00, paid 50.00"}, prior, "1: 10.00"},
		{"a rate of the whole claim is compared together", 0, 0, []models.Cents{2000_00, 0}, whole, []string{"paid 1400.00", "paid 600.00"}, nil, ""},
		{"a rate of the whole claim that is short", 0, 0, []models.Cents{2000_00, 0}, whole, []string{"paid 1400.00", "paid 500.00"}, nil, "0: 100.00"},
		{"a rate of the whole claim with a line that is to come", 0, 0, []models.Cents{2000_00, 0}, whole, []string{"paid 1400.00"}, nil, ""},
	} {
		e := models.Expected{ClaimID: "c1"}
		for i, amount := range row.expected {
			l := models.ExpectedLine{Sequence: i + 1, ContractID: "acme-2026", Allowed: amount, IsKnown: true}
			if row.change != nil {
				row.change(&l)
			}
			e.Lines = append(e.Lines, l)
		}
		var a models.Answer
		for i, text := range row.lines {
			line, list := judged(t, i+1, text)
			a.Lines, a.Adjustments = append(a.Lines, line), append(a.Adjustments, list...)
		}
		c := models.Contract{ID: "acme-2026", Tolerance: row.tolerance, ToleranceShare: row.share}
		var got []string
		for _, s := range pricing.Shortfall(e, c, pricing.SettledBy(a, row.prior)) {
			got = append(got, fmt.Sprintf("%d: %s", s.Sequence, s.Amount()))
		}
		if strings.Join(got, ", ") != row.want {
			t.Errorf("%s: got %q, want %q", row.sentence, got, row.want)
		}
	}
}
