package billing

import (
	"medbill/billing/rules/claim"
	"medbill/fhir/intake"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

// decideClaim takes a draft for a claim of ours; any other Claim records billing done elsewhere. A payer writes no claims.
func decideClaim(_ *store.Tx, a records.Arrival) (records.Fate, error) {
	if a.Principal.Organization != "" {
		return 0, fault.New(fault.Forbidden, "forbidden", "A payer answers claims; it does not write them.")
	}
	if a.Document.Root().Get("status").Is("draft") {
		return records.FateBooked, nil
	}
	return records.FateExternal, nil
}

// bookDraftClaim keeps a draft that a front end wrote as a claim of ours, with our number and our states. Once sent it
// stands.
func bookDraftClaim(tx *store.Tx, a records.Arrival) (string, error) {
	id := models.ClaimID(a.Ref.ID)
	before, known, err := tx.Claim(id)
	if err != nil {
		return "", err
	}
	if known && before.State.IsSent() {
		return "", fault.At(fault.Conflict, "claim.sent", "Claim.status", "The claim is with the payer and cannot be changed.")
	}
	if known && before.Cause != draftCause(id) {
		return "", fault.At(fault.Conflict, "claim.visit", "Claim.item", "The claim is made from its visit; code the visit again to change it.")
	}
	c, err := intake.DraftClaim(a.Document)
	if err != nil {
		return "", err
	}
	c.ID, c.Cause, c.Number, c.Created = id, draftCause(id), before.Number, before.Created
	if !known {
		c.Number = claim.Number(tx.NewNumber())
	}
	if err := tx.SaveSent(a.Ref, a.Document.Bytes()); err != nil {
		return "", err
	}
	_, err = checkClaim(tx, c)
	return a.Ref.ID, err
}

func draftCause(id models.ClaimID) string { return "draft/" + string(id) }
