package casework

import (
	"slices"

	"medbill/models"
)

// Standing gives whose turn a case is whose charges are in the books: a claim that cannot go out and open work are a person's,
// a claim that can is the biller's, one that is out the payer's, an open invoice the patient's, and so is
// what is due from before, for which there is no invoice. items counts the open work on the case.
func Standing(claims []models.Claim, invoices []models.Invoice, before models.Cents, items int) models.CaseState {
	has := func(holds func(models.Claim) bool) bool { return slices.ContainsFunc(claims, holds) }
	switch {
	case has(func(c models.Claim) bool { return c.State.Facts().Editable && c.State != models.ClaimReady }):
		return models.CaseHeld
	case has(func(c models.Claim) bool { return c.State == models.ClaimReady }):
		return models.CaseReady
	case has(func(c models.Claim) bool { return c.State.Facts().Awaited }):
		return models.CaseSent
	case items > 0:
		return models.CaseHeld
	case before > 0, slices.ContainsFunc(invoices, func(i models.Invoice) bool { return i.Status == models.InvoiceIssued }):
		return models.CasePatient
	}
	return models.CaseClosed
}
