// Package adjudication reads a payer's answer: whether its equations balance, what each adjustment means for the books and
// what waits for a person. It posts nothing (ledger).
package adjudication

import "medbill/models"

// NeedsReview gives the adjustments that are not posted by themselves, denials among them. One without an amount moves no
// money and waits for nobody.
func NeedsReview(a models.Answer) []models.Adjustment {
	var waiting []models.Adjustment
	for _, adjustment := range a.Adjustments {
		if !meaningOf(a, adjustment).IsPosted() && adjustment.Amount != 0 {
			waiting = append(waiting, adjustment)
		}
	}
	return waiting
}

// protected are the remarks that say that the patient is a Qualified Medicare Beneficiary and must not be billed for the shares
// stated. https://www.cms.gov/Medicare-Medicaid-Coordination (QMB remittance advice), RARC N781, N782, N783
var protected = []string{"N781", "N782", "N783"}

// ProtectsPatient reports whether a remark of the answer forbids billing the patient.
func ProtectsPatient(a models.Answer) bool { return a.Says(protected...) }

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
