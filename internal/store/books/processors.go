package books

import (
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// ProcessorEvent gives what a processor told under a number of its own; false where it told nothing under it yet.
func ProcessorEvent(v *store.View, processor, id string) (models.ProcessorEvent, bool, error) {
	return store.First[models.ProcessorEvent](v, "processor = ? AND event_id = ?", processor, id)
}

// EventsOfReference gives what a processor told under a reference, by its numbers.
func EventsOfReference(v *store.View, processor, reference string) ([]models.ProcessorEvent, error) {
	return store.All[models.ProcessorEvent](v, "event_id", "processor = ? AND reference = ?", processor, reference)
}

// EventsWithoutPayment gives what processors told about payments of a patient that are not known.
func EventsWithoutPayment(v *store.View, id models.PatientID) ([]models.ProcessorEvent, error) {
	return store.All[models.ProcessorEvent](v, "processor, event_id", "patient_id = ? AND payment_id = '' AND patient_id <> ''", id)
}

// PaymentAtProcessor gives the payment that a processor knows by a reference; false where there is none.
func PaymentAtProcessor(v *store.View, processor, reference string) (models.Payment, bool, error) {
	found, err := store.All[models.Payment](v, "id", "method IN ('card', 'ach') AND reference <> '' AND reference = ? AND processor = ?", reference, processor)
	if err != nil || len(found) == 0 {
		return models.Payment{}, false, err
	}
	return Payment(v, found[0].ID)
}

// OpenPayouts gives the payouts since a moment of which nobody knows yet which deposit they are.
func OpenPayouts(v *store.View, since models.Instant) ([]models.ProcessorEvent, error) {
	return store.All[models.ProcessorEvent](v, "created, processor, event_id", "type = 'payout' AND deposit_id = '' AND created >= ?", since)
}

// PayoutsOfDeposit gives the payouts that a deposit is.
func PayoutsOfDeposit(v *store.View, id models.DepositID) ([]models.ProcessorEvent, error) {
	return store.All[models.ProcessorEvent](v, "processor, event_id", "deposit_id <> '' AND deposit_id = ?", id)
}

// SaveEvents writes what processors told; a number that is taken starts the transaction again, which then finds it.
func SaveEvents(tx *store.Tx, list ...models.ProcessorEvent) error {
	list = slices.Clone(list)
	var fresh, known []models.ProcessorEvent
	for _, e := range list {
		e.TenantID = tx.Tenant()
		if e.Received == 0 {
			e.Received = tx.Now()
			fresh = append(fresh, e)
		} else {
			known = append(known, e)
		}
	}
	if err := store.Insert(tx, fresh...); err != nil {
		return err
	}
	return store.Upsert(tx, known...)
}
