package adjudication

import (
	"slices"

	"medbill/models"
)

// What says that a payer passed the claim on: the status with which it judged it, and remarks. X12 CLP02; RARC MA18, and N89 where several got it.
var (
	crossed       = []string{models.StatusCrossedFirst, models.StatusCrossedSecond, models.StatusCrossedThird}
	crossedRemark = []string{"MA18", "N89"}
)

// PassesOn reports whether a judgement says that its payer gave the claim to another one, be it that it only names whom.
func PassesOn(a models.Answer) bool {
	return slices.Contains(crossed, a.Status) || a.Carrier != "" || says(a, crossedRemark)
}

// says reports whether an answer has one of some remarks, wherever it stands.
func says(a models.Answer, remarks []string) bool {
	isIt := func(code string) bool { return slices.Contains(remarks, code) }
	return slices.ContainsFunc(a.Remarks, isIt) ||
		slices.ContainsFunc(a.Lines, func(line models.AnswerLine) bool { return slices.ContainsFunc(line.Remarks, isIt) }) ||
		slices.ContainsFunc(a.Adjustments, func(adjustment models.Adjustment) bool { return isIt(adjustment.RemarkCode) })
}
