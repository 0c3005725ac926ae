package adjudication

import (
	"fmt"
	"slices"

	"medbill/models"
	"medbill/models/fault"
)

// Codes of the issues.
const (
	codeUnbalanced   = "answer.unbalanced"
	codeLineMissing  = "answer.line-missing"
	codeLineUnknown  = "answer.line-unknown"
	codeLineRepeated = "answer.line-repeated"
	codeImplausible  = "answer.implausible"
)

// Check gives every equation of the answer that does not hold: each line of c answered exactly once with our charge as
// submitted, submitted − Σ adjustments = benefit per line, and the stated totals equal to the sums; and what cannot be of an
// original answer: a payment below nothing, more than the charge adjusted or left to the patient. An interim answer may leave
// lines out. The index in a path is the index in a.Lines. X12 005010X221A1 §1.10.2.1.
func Check(c models.Claim, a models.Answer) []fault.Issue {
	k := checker{claim: c, answer: a}
	answered := k.named()
	k.balanced()
	k.plausible()
	for _, line := range c.Lines {
		if !answered[line.Sequence] && a.Kind != models.AnswerInterim {
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

// CheckLines gives what is wrong with the lines that an answer of any kind names: each is one of the claim's, and named once.
func CheckLines(c models.Claim, a models.Answer) []fault.Issue {
	k := checker{claim: c, answer: a}
	k.named()
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

// named checks which lines are answered, and gives their sequences.
func (k *checker) named() map[int]bool {
	answered := map[int]bool{}
	for i, line := range k.answer.Lines {
		path := fmt.Sprintf("ClaimResponse.item[%d].itemSequence", i)
		switch {
		case !slices.ContainsFunc(k.claim.Lines, func(l models.ClaimLine) bool { return l.Sequence == line.LineSequence }):
			k.add(codeLineUnknown, path, "The claim has no line of this number; answer the lines of the claim.")
		case answered[line.LineSequence]:
			k.add(codeLineRepeated, path, "The line is answered before; answer every line exactly once.")
		}
		answered[line.LineSequence] = true
	}
	return answered
}

// balanced checks the sums of each answered line; one that is repeated is told already.
func (k *checker) balanced() {
	charged := map[int]models.Cents{}
	for _, line := range k.claim.Lines {
		charged[line.Sequence] = line.Billed
	}
	adjusted := map[int]models.Cents{}
	for _, adjustment := range k.answer.Adjustments {
		adjusted[adjustment.LineSequence] += adjustment.Amount
	}
	seen := map[int]bool{}
	for i, line := range k.answer.Lines {
		path := fmt.Sprintf("ClaimResponse.item[%d].adjudication", i)
		if seen[line.LineSequence] {
			continue
		}
		seen[line.LineSequence] = true
		if charge, ours := charged[line.LineSequence]; ours && line.Billed != charge {
			k.add(codeUnbalanced, path, "The submitted amount of the line is not the charge on the claim.")
		}
		if line.Billed-adjusted[line.LineSequence] != line.Paid {
			k.add(codeUnbalanced, path, "The line does not balance: submitted less its adjustments must be its benefit.")
		}
	}
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

// mayBeNegative are the adjustments that add to a charge where everything else takes off: more allowed than charged, and
// incentives. They are taken and wait for a person. https://x12.org/codes/claim-adjustment-reason-codes
var mayBeNegative = map[reason]bool{{"CO", "45"}: true, {"CO", "94"}: true, {"CO", "144"}: true, {"CO", "161"}: true}

// plausible checks that no amount is beyond what was charged, line by line in their order and then over the whole claim.
func (k *checker) plausible() {
	var billed models.Cents
	seen := map[int]bool{}
	for i, line := range k.answer.Lines {
		if seen[line.LineSequence] {
			continue
		}
		seen[line.LineSequence] = true
		billed += line.Billed
		k.within(line.LineSequence, line.Billed, line.Paid, fmt.Sprintf("ClaimResponse.item[%d].adjudication", i))
	}
	_, paid := Totals(k.answer)
	k.within(0, billed, paid, "ClaimResponse.adjudication")
}

// within checks the amounts of one line, or of the whole claim at 0.
func (k *checker) within(sequence int, billed, paid models.Cents, path string) {
	if paid < 0 {
		k.add(codeImplausible, path, "The benefit is below 0.00; a payer that takes money back sends a reversal.")
	}
	var patient models.Cents
	for _, a := range k.answer.Adjustments {
		if a.LineSequence != sequence {
			continue
		}
		if a.GroupCode == "PR" {
			patient += a.Amount
		}
		if a.Amount > billed || a.Amount < 0 && !mayBeNegative[reason{a.GroupCode, a.ReasonCode}] || a.Amount < -billed {
			k.add(codeImplausible, path, "An adjustment is below 0.00 or larger than the charge; correct its amount.")
		}
	}
	if patient > billed {
		k.add(codeImplausible, path, "The patient's share is larger than the charge; correct its amounts.")
	}
}
