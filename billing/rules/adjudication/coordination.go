package adjudication

import (
	"fmt"
	"slices"

	"medbill/models"
)

// CodeMisreported is the reason of work about an answer that does not say what payers before paid and took off.
const CodeMisreported = "cob-impact-misreported"

// reasonPrior is what a payer says that those before it paid and took off. https://x12.org/codes/claim-adjustment-reason-codes
var reasonPrior = reason{"OA", "23"}

// Coordinate compares what an answer says of the payers before, by line of the claim, with what their answers posted: prior is what they paid
// and took off of each charge. True where it says the same. Else it gives the adjustments as they should be, what was taken off as a contract's being the
// others' work; none where that does not explain it.
func Coordinate(c models.Claim, a models.Answer, prior map[models.ChargeID]models.Cents) (proposed []models.Adjustment, agrees bool) {
	var said, known models.Cents
	proposed, agrees = slices.Clone(a.Adjustments), true
	for _, l := range c.Lines {
		if !slices.ContainsFunc(a.Lines, func(answered models.AnswerLine) bool { return answered.LineSequence == l.Sequence }) {
			continue
		}
		memo := sumOf(a, l.Sequence)
		said, known = said+memo, known+prior[l.ChargeID]
		if missing := prior[l.ChargeID] - memo; missing != 0 {
			agrees = false
			proposed = shift(a, proposed, l.Sequence, missing)
		}
	}
	if whole := sumOf(a, 0); whole != 0 { // what stands on the claim says nothing of its lines
		return nil, said+whole == known
	}
	if agrees || proposed == nil {
		return nil, agrees
	}
	return slices.DeleteFunc(proposed, func(one models.Adjustment) bool { return one.Amount == 0 }), false
}

// sumOf gives what an answer says that payers before did to a line.
func sumOf(a models.Answer, line int) (sum models.Cents) {
	for _, one := range a.Adjustments {
		if one.LineSequence == line && (reason{one.GroupCode, one.ReasonCode}) == reasonPrior {
			sum += one.Amount
		}
	}
	return sum
}

// shift takes an amount off what a line gives up and says that payers before did it; nil where the line gives up less.
func shift(a models.Answer, list []models.Adjustment, line int, amount models.Cents) []models.Adjustment {
	if list == nil || amount < 0 {
		return nil
	}
	rest := amount
	for i := range list {
		one := &list[i]
		if row := meaningOf(a, *one); one.LineSequence != line || row.Bucket == "" || row.Share != ShareNone {
			continue
		}
		taken := min(rest, one.Amount)
		one.Amount, rest = one.Amount-taken, rest-taken
	}
	if rest > 0 {
		return nil
	}
	return append(list, models.Adjustment{Sequence: len(list) + 1, LineSequence: line, GroupCode: reasonPrior.group, ReasonCode: reasonPrior.carc, Amount: amount})
}

// Told writes adjustments line by line: "line 1: CO-45 10.00, OA-23 425.00".
func Told(list []models.Adjustment) string {
	text, last := "", -1
	for _, one := range slices.SortedStableFunc(slices.Values(list), func(a, b models.Adjustment) int { return a.LineSequence - b.LineSequence }) {
		switch {
		case last < 0:
			text += fmt.Sprintf("line %d: ", one.LineSequence)
		case one.LineSequence != last:
			text += fmt.Sprintf("; line %d: ", one.LineSequence)
		default:
			text += ", "
		}
		text += one.GroupCode + "-" + one.ReasonCode + " " + one.Amount.String()
		last = one.LineSequence
	}
	return text
}
