package billing

import (
	"slices"

	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// decideChargeItem takes a ChargeItem that says what to bill as a charge; every other status records what happened
// elsewhere.
func decideChargeItem(_ *store.Tx, a records.Arrival) (records.Fate, error) {
	item := intake.ChargeItem(a.Document, nil)
	status := models.ChargeStatus(item.Status)
	if (status == models.ChargeBillable || status == models.ChargePlanned) && item.Code != "" && item.VisitID != "" {
		return records.FateBooked, nil
	}
	return records.FateExternal, nil
}

// bookChargeItem keeps a ChargeItem as a charge that waits for its visit and its price. Once it is in the books it stands:
// another coding of the visit replaces it.
func bookChargeItem(tx *store.Tx, a records.Arrival) (string, error) {
	_, zone, err := settings(&tx.View)
	if err != nil {
		return "", err
	}
	id := models.ChargeID(a.Ref.ID)
	item := intake.ChargeItem(a.Document, zone)
	before, known, err := tx.Charge(id)
	if err != nil {
		return "", err
	}
	sent := models.Charge{
		ID: id, VisitID: item.VisitID, PatientID: item.PatientID, Sequence: before.Sequence, Status: models.ChargeStatus(item.Status),
		System: item.System, Code: item.Code, Modifiers: item.Modifiers, Units: max(item.Units, 1), ServiceDate: item.Occurred,
		RenderingID: item.RenderingID, Source: "ChargeItem/" + a.Ref.ID, Created: before.Created,
	}
	if known && before.UnitPrice > 0 {
		if before.Code != sent.Code || before.Units != sent.Units || before.VisitID != sent.VisitID || !slices.Equal(before.Modifiers, sent.Modifiers) {
			return "", fault.At(fault.Conflict, "charge.posted", "ChargeItem.code", "The charge is in the books; code the visit again to change it.")
		}
		return a.Ref.ID, nil
	}
	if err := tx.SaveSent(a.Ref, a.Document.Bytes()); err != nil {
		return "", err
	}
	if err := tx.SaveCharges(sent); err != nil {
		return "", err
	}
	_, open, err := tx.Visit(item.VisitID)
	if err != nil || !open {
		return a.Ref.ID, err
	}
	return a.Ref.ID, tx.Enqueue(models.JobCapture, string(item.VisitID))
}
