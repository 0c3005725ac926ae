package adjudication

import (
	"medbill/models"
	"medbill/models/money"
)

// Apply tells for each line of a how billed became paid, adjusted and the patient's. It wants an answer in which Check found
// nothing; then each line adds up and the payments add up to what the payer pays. An adjustment of the whole claim is
// shared by the lines in proportion to what they were paid, because the books are kept per charge.
func Apply(c models.Claim, a models.Answer) []models.Adjudication {
	claimed := map[int]models.ClaimLine{}
	for _, line := range c.Lines {
		claimed[line.Sequence] = line
	}
	if len(a.Lines) == 0 {
		return nil
	}
	lines := make([]models.Adjudication, len(a.Lines))
	for i, line := range a.Lines {
		lines[i] = models.Adjudication{
			LineSequence: line.LineSequence,
			ChargeID:     claimed[line.LineSequence].ChargeID,
			Rendering:    claimed[line.LineSequence].Rendering,
			Billed:       line.Billed,
			Paid:         line.Paid,
			Contra:       models.Balances{},
		}
		for _, adjustment := range a.Adjustments {
			if adjustment.LineSequence == line.LineSequence {
				place(&lines[i], a, adjustment, adjustment.Amount)
			}
		}
	}
	for _, adjustment := range a.Adjustments {
		if adjustment.LineSequence == 0 {
			share(lines, a, adjustment)
		}
	}
	return lines
}

// place puts an amount where the table sends it.
func place(line *models.Adjudication, a models.Answer, adjustment models.Adjustment, amount models.Cents) {
	row := meaningOf(a, adjustment)
	switch {
	case row.Memo:
		line.Prior += amount
	case row.Bucket == "":
		line.Review += amount
	case row.Share == ShareDeductible:
		line.Deductible += amount
	case row.Share == ShareCoinsurance:
		line.Coinsurance += amount
	case row.Share == ShareCopay:
		line.Copay += amount
	default:
		line.Contra[row.Bucket] += amount
	}
}

// share takes an adjustment of the claim off what the lines were paid. Weights are what is left of the payments, so that
// no line goes below nothing while another has some left; else the charges; else all alike.
func share(lines []models.Adjudication, a models.Answer, adjustment models.Adjustment) {
	weights := weigh(lines, func(line models.Adjudication) models.Cents { return line.Paid })
	if weights == nil {
		weights = weigh(lines, func(line models.Adjudication) models.Cents { return line.Billed })
	}
	if weights == nil {
		weights = weigh(lines, func(models.Adjudication) models.Cents { return 1 })
	}
	for i, amount := range money.Split(adjustment.Amount, weights) {
		if amount == 0 {
			continue
		}
		lines[i].Paid -= amount
		place(&lines[i], a, adjustment, amount)
	}
}

// weigh gives the amounts as weights, those below nothing as 0; nil where none is positive.
func weigh(lines []models.Adjudication, amount func(models.Adjudication) models.Cents) []int64 {
	weights := make([]int64, len(lines))
	positive := false
	for i, line := range lines {
		weights[i] = max(0, int64(amount(line)))
		positive = positive || weights[i] > 0
	}
	if !positive {
		return nil
	}
	return weights
}
