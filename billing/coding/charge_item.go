package coding

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/coding"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/models"
	"medbill/models/fault"
)

// states is what an EHR's ChargeItem.status makes of a charge; other statuses record what happened elsewhere.
// https://hl7.org/fhir/R4/codesystem-chargeitem-status.html
var states = map[string]models.ChargeState{
	"planned":          models.ChargePlanned,
	"billable":         models.ChargeBillable,
	"billed":           models.ChargeBillable, // billing's own word, sent back
	"not-billable":     models.ChargeAborted,
	"aborted":          models.ChargeAborted,
	"entered-in-error": models.ChargeMistaken,
}

func stateOf(status string) models.ChargeState { return states[status] }

// DecideChargeItem takes a ChargeItem for a charge: one that asks to be billed, and one that does not, because it says that what
// it names is not to be billed, and may ask later. One that is billed already, or that says nothing, records what happened
// elsewhere.
func DecideChargeItem(_ *store.Tx, a records.Arrival) (records.Fate, error) {
	status := a.Document.Root().Get("status").Text()
	if _, known := states[status]; !known || status == "billed" {
		return records.FateExternal, nil
	}
	return records.FateBooked, nil
}

// BookChargeItem keeps a ChargeItem as a charge that waits for its case. One that is in the books and was not asked for yet goes
// out of them with what it said before, so that its case is planned with what it says now; one that was asked for stands, and
// what contradicts it is refused (Conflict, charge.sent), and so is one of another patient than its visit's (BusinessRule,
// charge.subject) and one of a visit that is full (BusinessRule, too-costly).
func BookChargeItem(tx *store.Tx, a records.Arrival) (string, error) {
	s, d, err := desk.Receive(tx, a)
	if err != nil {
		return "", err
	}
	item := intake.ChargeItem(d, s.Zone())
	id := models.ChargeID(a.Ref.ID)
	sent, err := chargeOf(id, item)
	if err != nil {
		return "", err
	}
	before, known, err := books.Charge(tx.View, id)
	if err != nil {
		return "", err
	}
	if err := books.Lock(tx, string(before.CaseID), string(sent.CaseID)); err != nil {
		return "", err
	}
	if err := ofItsVisit(s, sent); err != nil {
		return "", err
	}
	if err := hasRoom(s, sent); err != nil {
		return "", err
	}
	if err := documents.SaveSent(s.Tx, a.Ref, a.Document.Bytes()); err != nil {
		return "", err
	}
	if known {
		if sent, err = replace(s, before, sent); err != nil {
			return "", err
		}
	}
	if err := books.SaveCharges(tx, sent); err != nil {
		return "", err
	}
	if err := askWhere(s, sent, sent.CaseID == "" && sent.State.Facts().Waits); err != nil {
		return "", err
	}
	return a.Ref.ID, touch(s, []models.CaseID{before.CaseID, sent.CaseID})
}

// ofItsVisit refuses a charge that is to be billed with the visit of another patient. A record that was merged counts as the one
// that stands for it; a visit that did not come yet is held against its charges when it does.
func ofItsVisit(s *desk.Sheet, c models.Charge) error {
	if c.CaseID == "" || !c.State.Facts().Waits {
		return nil
	}
	d, err := s.Document(c.CaseID.Origin())
	if err != nil || d == nil {
		return err
	}
	visited, err := s.Survivor(intake.Encounter(d, s.Zone()).PatientID)
	if err != nil {
		return err
	}
	charged, err := s.Survivor(c.PatientID)
	if err == nil && charged != visited {
		err = fault.At(fault.BusinessRule, "charge.subject", "ChargeItem.subject", "The charge and the visit of its context are of two patients; correct the one that is wrong, the Encounter first if it is that.")
	}
	return err
}

// hasRoom refuses a charge of a visit that holds as many as one can.
func hasRoom(s *desk.Sheet, c models.Charge) error {
	if c.CaseID == "" || !c.State.Facts().Waits {
		return nil
	}
	charges, err := books.Charges(s.View, c.CaseID)
	if err != nil {
		return err
	}
	count := 1
	for _, other := range charges {
		if other.ID != c.ID && other.State != models.ChargeAborted && other.State != models.ChargeMistaken {
			count++
		}
	}
	return fault.Under("ChargeItem.context", models.CheckServices(count))
}

// chargeOf gives a ChargeItem as a charge that waits.
func chargeOf(id models.ChargeID, item models.ChargeItem) (models.Charge, error) {
	state, known := states[item.Status]
	if !known {
		return models.Charge{}, fault.At(fault.BusinessRule, "charge.status", "ChargeItem.status", "A charge can be planned, billable, not-billable, aborted or entered-in-error.")
	}
	if err := models.CheckCode(item.Code); err != nil {
		return models.Charge{}, fault.Under("ChargeItem.code", err)
	}
	if err := models.CheckCode(item.Revenue); err != nil {
		return models.Charge{}, fault.Under("ChargeItem.code", err)
	}
	c := models.Charge{
		ID: id, PatientID: item.PatientID, State: state, System: item.System, Code: item.Code, Revenue: item.Revenue, Modifiers: item.Modifiers, Units: item.Units, Measure: item.Measure, Drug: item.Drug,
		ServiceDate: item.Occurred, Rendering: coding.Rendering(item.Performers, nil), Source: models.Ref{Type: "ChargeItem", ID: string(id)}.String(), Stated: item.Stated,
	}
	if item.VisitID != "" {
		c.CaseID = models.CaseOf(item.VisitID)
	}
	return c, nil
}

// replace gives the charge that a newer version of its ChargeItem makes.
func replace(s *desk.Sheet, before, sent models.Charge) (models.Charge, error) {
	sent.Created, sent.Sequence, sent.Posting, sent.Pointers = before.Created, before.Sequence, before.Posting, before.Pointers
	isOut, err := isOnCorrection(s, before)
	if err != nil || !before.IsPosted() && !isOut {
		return sent, err
	}
	path := contradiction(before, sent)
	switch {
	case path == "":
		return before, nil // the books stand; what they do not own is taken over
	case before.State != models.ChargePosted:
		return sent, fault.At(fault.Conflict, "charge.sent", path, "The charge is with the payer or on an invoice and stands; send a charge of its own for what changed.")
	}
	entries, err := reversals(s, before)
	if err != nil {
		return sent, err
	}
	return sent, s.Post(entries...)
}

// isOnCorrection reports whether a charge stands on a corrected claim that its payer has.
func isOnCorrection(s *desk.Sheet, c models.Charge) (bool, error) {
	if c.State != models.ChargeComing {
		return false, nil
	}
	claims, err := books.ClaimsOfCase(s.View, c.CaseID)
	return slices.ContainsFunc(claims, func(o models.Claim) bool { return o.State.Facts().Sent && o.Bills(c.ID) }), err
}

// contradiction gives the path at which a ChargeItem says something else than the charge in the books, "" where nowhere. What
// it leaves out billing has filled in.
func contradiction(posted, sent models.Charge) string {
	switch {
	case sent.State != models.ChargeBillable:
		return "ChargeItem.status"
	case posted.System != sent.System || posted.Code != sent.Code || posted.Revenue != sent.Revenue || !isSubset(sent.Modifiers, posted.Modifiers) || !isSubset(posted.Modifiers, sent.Modifiers):
		return "ChargeItem.code"
	case posted.Units != sent.Units || posted.Measure != sent.Measure:
		return "ChargeItem.quantity"
	case posted.Drug != sent.Drug:
		return "ChargeItem.product"
	case posted.CaseID != sent.CaseID:
		return "ChargeItem.context"
	case posted.PatientID != sent.PatientID:
		return "ChargeItem.subject"
	case posted.ServiceDate != cmp.Or(sent.ServiceDate, posted.ServiceDate):
		return "ChargeItem.occurrence"
	case posted.Rendering != cmp.Or(sent.Rendering, posted.Rendering):
		return "ChargeItem.performer"
	case sent.Stated != nil && *sent.Stated != posted.Billed && (posted.Stated == nil || *posted.Stated != *sent.Stated):
		return "ChargeItem.priceOverride"
	}
	return ""
}

func isSubset(some, all models.Codes) bool {
	for _, s := range some {
		found := false
		for _, a := range all {
			found = found || a == s
		}
		if !found {
			return false
		}
	}
	return true
}
