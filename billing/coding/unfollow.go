package coding

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/charge"
	"medbill/internal/store/books"
	"medbill/models"
)

// Unfollow brings the charges and diagnoses of a case back to what its payers have by the claims that stand again, because no corrected one goes out: what was to leave the books stays, and what was to come does
// not. What another correction, which went out, brings or takes away waits for its answer as before. A coder's word that may have come with the correction does not count as one about the chart any more, so
// that work says what differs. The case is to be planned then.
func Unfollow(s *desk.Sheet, c models.Case, claims []models.Claim) (models.Case, error) {
	charges, err := books.Charges(s.View, c.ID)
	if err != nil {
		return c, err
	}
	all, err := books.ClaimsOfCase(s.View, c.ID)
	if err != nil {
		return c, err
	}
	sent := models.InForce(all)
	var changed []models.Charge
	for _, one := range charges {
		isAsked := slices.ContainsFunc(sent, func(o models.Claim) bool { return o.Bills(one.ID) })
		switch {
		case one.State == models.ChargeLeaving && isAsked:
			one.State = models.ChargeBilled
		case one.State == models.ChargeBilled && !isAsked && one.PayerID != "" && isCorrected(sent):
			one.State = models.ChargeLeaving
		case one.State == models.ChargeComing && !isAsked:
			one = charge.Dropped(one)
		case one.State == models.ChargeAborted && isAsked:
			one.State = models.ChargeComing
		default:
			continue
		}
		changed = append(changed, one)
	}
	if err := books.SaveCharges(s.Tx, changed...); err != nil {
		return c, err
	}
	var diagnoses []models.Diagnosis
	for _, one := range claims {
		for _, d := range one.Diagnoses {
			if !slices.ContainsFunc(diagnoses, func(known models.Diagnosis) bool { return known.Code == d.Code }) {
				diagnoses = append(diagnoses, models.Diagnosis{Sequence: len(diagnoses) + 1, Code: d.Code, InHospital: d.InHospital})
			}
		}
		if one.Type == models.ClaimInstitutional {
			c.Stay = one.Stay
		} else {
			c.PlaceOfService = one.PlaceOfService
		}
	}
	if err := books.SaveDiagnoses(s.Tx, c.ID, diagnoses); err != nil {
		return c, err
	}
	if c.CodedBy == models.CodedByCoder {
		c.Chart = ""
	}
	c.Due, c.DueAt = models.StepPlan, s.Now()
	return c, books.SaveCase(s.Tx, c)
}

// isCorrected reports whether one of claims that were sent comes in the place of another one and is not judged.
func isCorrected(sent []models.Claim) bool {
	return slices.ContainsFunc(sent, func(o models.Claim) bool {
		return o.Position == 1 && o.IsCorrection() && o.Frequency != models.FrequencyVoid && o.State.Facts().Awaited
	})
}
