// Package adjudication reads a payer's answer: whether its equations balance, what each adjustment means for the books and
// what waits for a person. It posts nothing (ledger).
package adjudication

import (
	"slices"

	"medbill/models"
)

// Share says which part of the patient's responsibility an adjustment is.
type Share string

// The parts of patient responsibility; ShareNone belongs to contra rows.
const (
	ShareNone        Share = ""
	ShareDeductible  Share = "deductible"
	ShareCoinsurance Share = "coinsurance"
	ShareCopay       Share = "copay"
)

// Row is what one group code and CARC mean: the account that takes the amount off AR:Insurance, and the share where that
// account is the patient's.
type Row struct {
	Bucket models.LedgerAccount
	Share  Share
}

type reason struct{ group, carc string }

// rows is the one table of what is posted without a person. Nothing outside it is ever contractual or the patient's by
// itself. https://x12.org/codes/claim-adjustment-reason-codes
var rows = map[reason]Row{
	{"CO", "45"}:  {Bucket: models.AccountContractual},
	{"CO", "97"}:  {Bucket: models.AccountBundled},
	{"CO", "253"}: {Bucket: models.AccountSequestration},
	{"PR", "1"}:   {Bucket: models.AccountARPatient, Share: ShareDeductible},
	{"PR", "2"}:   {Bucket: models.AccountARPatient, Share: ShareCoinsurance},
	{"PR", "3"}:   {Bucket: models.AccountARPatient, Share: ShareCopay},
}

// RowOf gives the meaning of a group code and CARC, and false where a person must decide.
func RowOf(group, carc string) (Row, bool) {
	row, ok := rows[reason{group, carc}]
	return row, ok
}

// meaningOf gives what an adjustment means for the books, and false where a person must decide: one that the table does not
// know, and one that adds to the charge.
func meaningOf(a models.Adjustment) (Row, bool) {
	row, ok := RowOf(a.GroupCode, a.ReasonCode)
	return row, ok && a.Amount >= 0
}

// NeedsReview gives the adjustments that are not posted by themselves, denials among them. One without an amount moves no
// money and waits for nobody.
func NeedsReview(a models.Answer) []models.Adjustment {
	var waiting []models.Adjustment
	for _, adjustment := range a.Adjustments {
		if _, ok := meaningOf(adjustment); !ok && adjustment.Amount != 0 {
			waiting = append(waiting, adjustment)
		}
	}
	return waiting
}

// protected are the remarks that say that the patient is a Qualified Medicare Beneficiary and must not be billed for the shares
// stated. https://www.cms.gov/Medicare-Medicaid-Coordination (QMB remittance advice), RARC N781, N782, N783
var protected = []string{"N781", "N782", "N783"}

// ProtectsPatient reports whether a remark of the answer forbids billing the patient.
func ProtectsPatient(a models.Answer) bool {
	isProtected := func(code string) bool { return slices.Contains(protected, code) }
	return slices.ContainsFunc(a.Remarks, isProtected) ||
		slices.ContainsFunc(a.Adjustments, func(adjustment models.Adjustment) bool { return isProtected(adjustment.RemarkCode) })
}

// Totals gives what the answer says was billed and what the payer pays: the lines, less the adjustments at claim level.
// X12 005010X221A1 §1.10.2.1.
func Totals(a models.Answer) (billed, paid models.Cents) {
	for _, line := range a.Lines {
		billed += line.Billed
		paid += line.Paid
	}
	for _, adjustment := range a.Adjustments {
		if adjustment.LineSequence == 0 {
			paid -= adjustment.Amount
		}
	}
	return billed, paid
}
