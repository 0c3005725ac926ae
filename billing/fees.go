package billing

import (
	"context"

	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// afterPriceList takes the prices of a ChargeItemDefinition into the fee schedule; a deleted one takes them out. Parts that
// are no dollar price stay in the document alone.
func afterPriceList(tx *store.Tx, a records.Arrival, _ bool) error {
	var prices []models.Price
	if a.Document != nil {
		prices, _ = intake.Prices(a.Document)
	}
	if len(prices) == 0 && a.Before.Version == 0 {
		return nil
	}
	if err := tx.SavePrices(a.Ref.ID, prices); err != nil {
		return err
	}
	return retryPricing(tx)
}

// retryPricing takes the step again for visits that wait for a price.
func retryPricing(tx *store.Tx) error {
	subjects, err := tx.OpenSubjects(models.WorkPrice)
	if err != nil {
		return err
	}
	for _, subject := range subjects {
		if visit, ok := refOf(subject, "Encounter"); ok {
			if err := tx.Enqueue(models.JobCapture, visit.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// LoadFees replaces the fee schedule called name by prices, in one transaction.
func (o *Office) LoadFees(ctx context.Context, p auth.Principal, name string, prices []models.Price) error {
	if _, err := p.Require("ChargeItemDefinition", auth.PermissionUpdate); err != nil {
		return err
	}
	if len(prices) == 0 {
		return fault.New(fault.Invalid, "required", "The fee schedule has no line; send at least one price.")
	}
	return o.session(p).Update(ctx, func(tx *store.Tx) error {
		if err := tx.SavePrices("csv:"+name, prices); err != nil {
			return err
		}
		return retryPricing(tx)
	})
}
