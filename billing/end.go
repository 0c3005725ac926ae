package billing

import (
	"medbill/internal/store"
	"medbill/models"
)

// endCase takes back the case of an Encounter that was cancelled or entered in error: what was not sent is voided and
// reversed; what was sent is held for a person.
func endCase(tx *store.Tx, c visitCase) error {
	if c.visit.State == models.VisitVoided || c.visit.State == models.VisitHeld {
		return nil
	}
	subject := "Encounter/" + string(c.visit.ID)
	sent, err := isSent(tx, c.visit.ID)
	if err != nil {
		return err
	}
	if sent {
		c.visit.State = models.VisitHeld
		if err := tx.SaveVisit(c.visit); err != nil {
			return err
		}
		return tx.OpenWork(models.WorkCancelled, subject, c.visit.PatientID, "The visit was cancelled after its claim or invoice went out; decide what to take back.")
	}
	if err := reverseCharges(tx, c); err != nil {
		return err
	}
	if _, superseded := reuse(nil, unposted(c.charges)); len(superseded) > 0 {
		if err := tx.SaveCharges(superseded...); err != nil {
			return err
		}
	}
	for _, kind := range []models.WorkKind{models.WorkCode, models.WorkPrice} {
		if err := tx.CloseWork(kind, subject, models.WorkDropped); err != nil {
			return err
		}
	}
	c.visit.State = models.VisitVoided
	return tx.SaveVisit(c.visit)
}

// isSent reports whether a payer or the patient has been asked for a visit's money; from then on its coding stands.
func isSent(tx *store.Tx, id models.VisitID) (bool, error) {
	claims, err := tx.ClaimsOfVisit(id)
	if err != nil {
		return false, err
	}
	for _, c := range claims {
		if c.State.IsSent() {
			return true, nil
		}
	}
	invoices, err := tx.InvoicesOfVisit(id)
	return len(invoices) > 0, err
}

// voidUnsent voids the claims of a visit that no payer has seen.
func voidUnsent(tx *store.Tx, id models.VisitID) error {
	claims, err := tx.ClaimsOfVisit(id)
	if err != nil {
		return err
	}
	for _, c := range claims {
		if c.State.IsSent() || c.State == models.ClaimVoided {
			continue
		}
		if err := moveClaim(tx, c, voidEvent); err != nil {
			return err
		}
		if err := tx.CloseWork(models.WorkClaim, "Claim/"+string(c.ID), models.WorkDropped); err != nil {
			return err
		}
	}
	return nil
}
