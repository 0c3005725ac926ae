package adjudication

import (
	"fmt"

	"medbill/models"
	"medbill/models/fault"
)

// Codes of the issues.
const (
	codeUnbalanced   = "answer.unbalanced"
	codeLineMissing  = "answer.line-missing"
	codeLineUnknown  = "answer.line-unknown"
	codeLineRepeated = "answer.line-repeated"
)

// Check gives every equation of the answer that does not hold: each line of c answered exactly once with our charge as
// submitted, submitted − Σ adjustments = benefit per line, and the stated totals equal to the sums. The index in a path is
// the index in a.Lines. X12 005010X221A1 §1.10.2.1.
func Check(c models.Claim, a models.Answer) []fault.Issue {
	k := checker{claim: c, answer: a}
	answered := k.lines()
	for _, line := range c.Lines {
		if !answered[line.Sequence] {
			k.add(codeLineMissing, "ClaimResponse.item", "A line of the claim has no answer; answer every line exactly once.")
		}
	}
	for _, adjustment := range a.Adjustments {
		if adjustment.LineSequence != 0 && !answered[adjustment.LineSequence] {
			k.add(codeLineUnknown, "ClaimResponse.item", "An adjustment stands on a line that is not answered; answer its line too.")
		}
	}
	k.totals()
	return k.issues
}

type checker struct {
	claim  models.Claim
	answer models.Answer
	issues []fault.Issue
}

func (k *checker) add(code, path, text string) {
	k.issues = append(k.issues, fault.Issue{Code: code, Path: path, Text: text})
}

// lines checks each answered line and gives the sequences seen.
func (k *checker) lines() map[int]bool {
	charged := map[int]models.Cents{}
	for _, line := range k.claim.Lines {
		charged[line.Sequence] = line.Billed
	}
	adjusted := map[int]models.Cents{}
	for _, adjustment := range k.answer.Adjustments {
		adjusted[adjustment.LineSequence] += adjustment.Amount
	}
	answered := map[int]bool{}
	for i, line := range k.answer.Lines {
		path := fmt.Sprintf("ClaimResponse.item[%d]", i)
		charge, ours := charged[line.LineSequence]
		switch {
		case !ours:
			k.add(codeLineUnknown, path+".itemSequence", "The claim has no line of this number; answer the lines of the claim.")
		case answered[line.LineSequence]:
			k.add(codeLineRepeated, path+".itemSequence", "The line is answered before; answer every line exactly once.")
		case line.Billed != charge:
			k.add(codeUnbalanced, path+".adjudication", "The submitted amount of the line is not the charge on the claim.")
		}
		if !answered[line.LineSequence] && line.Billed-adjusted[line.LineSequence] != line.Paid {
			k.add(codeUnbalanced, path+".adjudication", "The line does not balance: submitted less its adjustments must be its benefit.")
		}
		answered[line.LineSequence] = true
	}
	return answered
}

func (k *checker) totals() {
	billed, paid := Totals(k.answer)
	for _, stated := range []struct {
		amount *models.Cents
		want   models.Cents
		path   string
		text   string
	}{
		{k.answer.StatedSubmitted, billed, "ClaimResponse.total", "The total submitted is not the sum of the lines."},
		{k.answer.StatedPaid, paid, "ClaimResponse.total", "The total benefit is not the sum of the lines' benefits less the adjustments of the claim."},
		{k.answer.StatedPayment, paid, "ClaimResponse.payment.amount", "The payment is not the sum of the lines' benefits less the adjustments of the claim."},
	} {
		if stated.amount != nil && *stated.amount != stated.want {
			k.add(codeUnbalanced, stated.path, stated.text)
		}
	}
}
