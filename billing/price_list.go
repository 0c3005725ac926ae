package billing

import (
	"maps"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/front"
	"medbill/billing/rules/charge"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// afterPriceList takes the prices of a ChargeItemDefinition; a deleted one takes them out. Parts that are no dollar price stay
// in the document alone. It refuses (BusinessRule, fees.tie) prices between which and another schedule's only a name could
// choose.
func afterPriceList(tx *store.Tx, a records.Arrival) error {
	var prices []models.Price
	if a.Document != nil {
		_, zone, err := desk.Settings(tx.View)
		if err != nil {
			return err
		}
		prices, _ = intake.Prices(a.Document, zone)
	}
	if len(prices) == 0 && a.Before.Version == 0 {
		return nil
	}
	schedule := models.DefinitionSchedule(a.Ref.ID)
	others, err := otherPrices(tx.View, prices, schedule)
	if err != nil {
		return err
	}
	if len(charge.Ties(prices, others)) > 0 {
		return fault.At(fault.BusinessRule, "fees.tie", "ChargeItemDefinition.effectivePeriod", "Another schedule prices the same code, modifiers and payer from the same day on; end it first, or begin on another day.")
	}
	before, err := books.PricesOf(tx.View, schedule)
	if err != nil {
		return err
	}
	if err := books.SavePrices(tx, schedule, prices); err != nil {
		return err
	}
	return reprice(tx, append(before, prices...)...)
}

// otherPrices gives what schedules that are not left out say about the codes of prices.
func otherPrices(v *store.View, prices []models.Price, leftOut ...models.FeeScheduleID) ([]models.Price, error) {
	codes := map[string]bool{}
	for _, p := range prices {
		codes[p.Code] = true
	}
	others, err := books.Prices(v, slices.Sorted(maps.Keys(codes)))
	return slices.DeleteFunc(others, func(p models.Price) bool { return slices.Contains(leftOut, p.ScheduleID) }), err
}

// reprice plans the cases again that have a charge of one of the prices' codes and were not asked for yet.
func reprice(tx *store.Tx, prices ...models.Price) error {
	codes := map[string]bool{}
	for _, p := range prices {
		codes[p.Code] = true
	}
	s := desk.Open(tx)
	cases, err := books.UnsentCasesPriced(s.View, slices.Sorted(maps.Keys(codes)))
	if err != nil {
		return err
	}
	return front.Replan(s, cases)
}
