package adjudication

import (
	"maps"

	"medbill/models"
	"medbill/models/fault"
)

// CheckReversal gives what is wrong with an answer that takes another one back: with its signs turned it has to be a judgement that
// balances, of some lines of the claim.
func CheckReversal(c models.Claim, r models.Answer) []fault.Issue {
	turned := turned(r)
	turned.Kind = models.AnswerInterim
	return Check(c, turned)
}

// turned gives an answer with all amounts of the other sign.
func turned(a models.Answer) models.Answer {
	lines, adjustments := make([]models.AnswerLine, len(a.Lines)), make([]models.Adjustment, len(a.Adjustments))
	for i, l := range a.Lines {
		l.Billed, l.Paid = -l.Billed, -l.Paid
		lines[i] = l
	}
	for i, one := range a.Adjustments {
		one.Amount = -one.Amount
		adjustments[i] = one
	}
	a.Lines, a.Adjustments, a.Billed, a.Paid = lines, adjustments, -a.Billed, -a.Paid
	a.StatedSubmitted, a.StatedPaid, a.StatedPayment = negative(a.StatedSubmitted), negative(a.StatedPaid), negative(a.StatedPayment)
	return a
}

func negative(amount *models.Cents) *models.Cents {
	if amount == nil {
		return nil
	}
	turned := -*amount
	return &turned
}

// Undone gives the answer that a reversal takes back, of those that judge its claim: the one whose number it carries, or where it carries
// none the only one that it mirrors. False where it mirrors none, or nobody can tell which.
func Undone(r models.Answer, judging []models.Answer) (models.Answer, bool) {
	var mirrored []models.Answer
	for _, a := range judging {
		if a.PayerID == r.PayerID && mirrors(r, a) && (a.Key == r.Key || r.Key == r.BodyHash) {
			mirrored = append(mirrored, a)
		}
	}
	if len(mirrored) != 1 {
		return models.Answer{}, false
	}
	return mirrored[0], true
}

// mirrors reports whether every amount of a reversal is the negative of an answer's, line by line and code by code.
func mirrors(r, a models.Answer) bool { return maps.Equal(amounts(turned(r)), amounts(a)) }

// spot is where an amount of an answer stands: what is no adjustment goes by its category.
type spot struct {
	line                  int
	category, group, carc string
}

func amounts(a models.Answer) map[spot]models.Cents {
	sums := map[spot]models.Cents{}
	for _, l := range a.Lines {
		sums[spot{line: l.LineSequence, category: "submitted"}] += l.Billed
		sums[spot{line: l.LineSequence, category: "benefit"}] += l.Paid
	}
	for _, one := range a.Adjustments {
		sums[spot{line: one.LineSequence, group: one.GroupCode, carc: one.ReasonCode}] += one.Amount
	}
	maps.DeleteFunc(sums, func(at spot, sum models.Cents) bool { return at.group != "" && sum == 0 })
	return sums
}
