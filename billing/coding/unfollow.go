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
		brings, takes := awaited(all, sent, one.ID)
		switch {
		case one.State == models.ChargeLeaving && isAsked && !takes:
			one.State = models.ChargeBilled
		case one.State == models.ChargeBilled && takes && !brings:
			one.State = models.ChargeLeaving
		case one.State == models.ChargeComing && !isAsked:
			one = charge.Dropped(one)
		case one.State == models.ChargeAborted && brings:
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

// awaited reports what a corrected claim of the first payer, which was sent and is not judged, does to a charge: it brings one that it bills, and takes one away that only a claim before it bills.
func awaited(all, sent []models.Claim, id models.ChargeID) (brings, takes bool) {
	for _, c := range sent {
		if c.Position != 1 || !c.IsCorrection() || c.Frequency == models.FrequencyVoid || !c.State.Facts().Awaited {
			continue
		}
		if c.Bills(id) {
			brings = true
			continue
		}
		takes = takes || slices.ContainsFunc(models.Chain(all, c.ID), func(o models.Claim) bool { return o.Bills(id) })
	}
	return brings, takes
}
