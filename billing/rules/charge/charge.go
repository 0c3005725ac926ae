// Package charge prices coded services from a practice's fee schedule. It knows no payer's contract: what a payer allows is
// the payer's answer.
package charge

import (
	"cmp"
	"slices"

	"medbill/models"
)

// Price gives the price in force for s on its day, and false where the schedule has none: a missing price is never 0. Of
// several the one with more of the service's modifiers wins, then the one made for payer, then the latest From.
func Price(prices []models.Price, s models.Service, payer models.OrganizationID) (models.Price, bool) {
	var found []models.Price
	for _, p := range prices {
		if fits(p, s, payer) {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		return models.Price{}, false
	}
	return slices.MinFunc(found, func(a, b models.Price) int {
		return cmp.Or(
			cmp.Compare(len(b.Modifiers), len(a.Modifiers)),
			cmp.Compare(b.PayerID, a.PayerID), // either payer's or ""
			cmp.Compare(b.From, a.From),
			cmp.Compare(a.DefinitionID, b.DefinitionID),
			cmp.Compare(a.Sequence, b.Sequence),
		)
	}), true
}

// fits reports whether p may price s at all: every modifier that p asks for must stand on the service.
func fits(p models.Price, s models.Service, payer models.OrganizationID) bool {
	if p.System != s.System || p.Code != s.Code || p.PayerID != "" && p.PayerID != payer {
		return false
	}
	if !(models.Span{From: p.From, Until: p.Until}).Contains(s.ServiceDate) {
		return false
	}
	return !slices.ContainsFunc(p.Modifiers, func(m string) bool { return !slices.Contains(s.Modifiers, m) })
}

// Capture prices the services of a coded visit. A charge keeps the place of its service as its sequence; its amount is unit
// price × units. Without a payer ("") the patient owes it from the start. Services without a price come back in unpriced:
// then nothing should be posted until the schedule has one.
func Capture(
	v models.Visit, c models.Coding, prices []models.Price, payer models.OrganizationID, newID func() models.ChargeID,
) (charges []models.Charge, unpriced []models.Service) {
	for i, s := range c.Services {
		price, ok := Price(prices, s, payer)
		if !ok {
			unpriced = append(unpriced, s)
			continue
		}
		charges = append(charges, models.Charge{
			TenantID:    v.TenantID,
			ID:          newID(),
			VisitID:     v.ID,
			PatientID:   v.PatientID,
			Sequence:    i + 1,
			Status:      models.ChargeBillable,
			System:      s.System,
			Code:        s.Code,
			Modifiers:   s.Modifiers,
			Units:       s.Units,
			Pointers:    s.Pointers,
			ServiceDate: s.ServiceDate,
			RenderingID: cmp.Or(s.RenderingID, v.RenderingID),
			Source:      s.Source,
			UnitPrice:   price.Amount,
			Billed:      price.Amount * models.Cents(s.Units),
			SelfPay:     payer == "",
		})
	}
	return charges, unpriced
}
