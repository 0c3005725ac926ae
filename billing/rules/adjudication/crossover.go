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
	return slices.Contains(crossed, a.Status) || a.Carrier != "" || a.Says(crossedRemark...)
}
