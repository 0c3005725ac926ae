package coverage

import (
	"slices"

	"medbill/models"
)

// Decision is who pays for a day; exactly one of the three says something.
type Decision struct {
	Order   []models.Coverage // first payer first; each has a payer
	Unclear string            // what a person has to clarify, in a sentence
	None    bool              // no plan is on file: the patient pays
}

// What can be unclear, in the order in which it is said.
const (
	unclearDay   = "No plan on file is in force on the day of service; say which plan was, or end the plans that are over."
	unclearPayer = "A plan in force does not name the one Organization that pays; refer to its record in Coverage.payor."
	unclearOrder = "Several plans are in force and their order is not clear; give each a Coverage.order of its own."
	unclearOther = "The payer of a plan says that another payer comes before it, of whom no plan is on file; register that plan, or ask the payer again."
	unclearSelf  = "A plan in force that pays first names a person as its only payor; say who insures, or end the plan."
)

// Decide tells who pays on day, in which order, from all the plans a patient has on file. A plan that is there but does not
// tell is never passed over: a patient is not asked for what a payer may owe. A person who pays himself behind other payers
// is left out of the order.
func Decide(coverages []models.Coverage, day models.Date) Decision {
	onFile := func(c models.Coverage) bool { return !c.Mistaken }
	if !slices.ContainsFunc(coverages, onFile) {
		return Decision{None: true}
	}
	inForce := Order(coverages, day)
	switch {
	case len(inForce) == 0:
		return Decision{Unclear: unclearDay}
	case slices.ContainsFunc(inForce, hasNoPayer):
		return Decision{Unclear: unclearPayer}
	case !isOrdered(inForce):
		return Decision{Unclear: unclearOrder}
	case isSelfPaid(inForce[0]):
		return Decision{Unclear: unclearSelf}
	case slices.ContainsFunc(inForce, func(c models.Coverage) bool { return namesAnother(c, coverages) }):
		return Decision{Unclear: unclearOther}
	}
	return Decision{Order: slices.DeleteFunc(inForce, isSelfPaid)}
}

// namesAnother reports whether the payer of a plan says that another one comes before it, of whom no plan is on file, in force or not.
func namesAnother(c models.Coverage, onFile []models.Coverage) bool {
	isKnown := func(other models.OtherPayer) bool {
		return slices.ContainsFunc(onFile, func(o models.Coverage) bool {
			isNamed := func(p models.Payor) bool { return slices.Contains(p.Identifiers, other.Number) }
			return !o.Mistaken && o.ID != c.ID && (other.PayerID != "" && o.PayerID == other.PayerID || slices.ContainsFunc(o.Payors, isNamed))
		})
	}
	for _, check := range c.Checks {
		if slices.ContainsFunc(check.Others, func(other models.OtherPayer) bool { return other.Order == 1 && !isKnown(other) }) {
			return true
		}
	}
	return false
}

func isSelfPaid(c models.Coverage) bool {
	isOther := func(p models.Payor) bool { return !p.IsPerson() }
	return c.PayerID == "" && len(c.Payors) > 0 && !slices.ContainsFunc(c.Payors, isOther)
}

func hasNoPayer(c models.Coverage) bool { return c.PayerID == "" && !isSelfPaid(c) }

// isOrdered reports whether a sorted list says of every two plans which pays first.
func isOrdered(sorted []models.Coverage) bool {
	for i, c := range sorted {
		if len(sorted) > 1 && c.Order == 0 || i > 0 && c.Order == sorted[i-1].Order {
			return false
		}
	}
	return true
}
