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
	inBooks := known && before.Billed > 0
	if inBooks {
		if path := contradiction(before, sent); path != "" {
			return "", fault.At(fault.Conflict, "charge.posted", path, "The charge is in the books; code the visit again to change it.")
		}
		sent = before // the books stand; what they do not own is taken over
	}
	switch sent.Status {
	case models.ChargeBillable, models.ChargePlanned:
	case models.ChargeAborted, "entered-in-error", "not-billable":
		sent.Status = models.ChargeAborted
	default:
		if inBooks {
			break
		}
		return "", fault.At(fault.BusinessRule, "charge.status", "ChargeItem.status", "A charge that waits can become planned, billable, not-billable, aborted or entered-in-error.")
	}
	if sent.Code == "" || sent.VisitID == "" {
		return "", fault.At(fault.BusinessRule, "charge.code", "ChargeItem.code", "A charge needs a CPT or HCPCS code and its Encounter in context.")
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

// contradiction gives the path at which a ChargeItem says something else than the charge in the books, "" where nowhere.
// billable is what an EHR says of a charge that billing has billed in the meantime.
func contradiction(posted, sent models.Charge) string {
	switch {
	case sent.Status != posted.Status && sent.Status != models.ChargeBillable:
		return "ChargeItem.status"
	case posted.System != sent.System || posted.Code != sent.Code || !slices.Equal(posted.Modifiers, sent.Modifiers):
		return "ChargeItem.code"
	case posted.Units != sent.Units:
		return "ChargeItem.quantity"
	case posted.VisitID != sent.VisitID:
		return "ChargeItem.context"
	case posted.PatientID != sent.PatientID:
		return "ChargeItem.subject"
	}
	return ""
}
