package remittance

import (
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/internal/auth"
	"medbill/models/fault"
	"medbill/models/operation"
)

// door reports whether what a payer says may come from who sends it: from the payer itself, from a system that is trusted with all payers, or, where a person enters what came on
// paper, from the billing desk, which sends nothing else (Forbidden). What comes from others is not a payer's word.
func door(who auth.Principal, d *fhir.Document) (bool, error) {
	if who.Organization != "" {
		if intake.IsPaper(d) {
			return false, fault.At(fault.BusinessRule, "answer.source", d.Type()+".extension", "What a payer sends itself does not come on paper; leave the source out.")
		}
		return true, nil
	}
	level, ok := who.Allows(d.Type(), auth.PermissionCreate)
	if ok && level == auth.LevelSystem {
		return true, nil
	}
	_, refused := who.RequireOperation(operation.ScopeSubmit, "Claim")
	isDesk := refused == nil // and not an EHR that records billing elsewhere
	if isDesk && !intake.IsPaper(d) {
		return false, fault.At(fault.Forbidden, "forbidden", d.Type()+".extension", "The billing desk enters what came on paper; say so with the extension source and the code paper.")
	}
	return isDesk, nil
}
