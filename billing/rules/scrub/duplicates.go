package scrub

import (
	"cmp"
	"slices"

	"medbill/models"
)

const ruleDuplicate = "scrub.duplicate"

// repeatModifiers say that a service was done again on purpose, or apart from the other.
// CMS Claims Processing Manual, Chapter 1 §120; CPT modifiers; https://www.cms.gov (NCCI policy manual, Chapter I).
var repeatModifiers = []string{"76", "77", "91", "59", "XE", "XS", "XP", "XU"}

// duplicates finds lines that a payer would deny as billed before, on this claim or on another that is not voided. The claim
// to the next payer repeats the same charges, which is right; an unsent claim of the same case has them only until the plan that
// made this one takes them off it.
func duplicates(s Subject) []models.Finding {
	const remedy = "Void one of the two, or add the modifier that says why it was done again."
	var findings []models.Finding
	for i, line := range s.Claim.Lines {
		if isRepeat(line) || line.System == models.SystemRevenue { // which names no service
			continue
		}
		path := item(i, "productOrService")
		same := func(other models.ClaimLine) bool { return isSame(line, other) }
		if slices.ContainsFunc(s.Claim.Lines[:i], same) {
			findings = append(findings, held(ruleDuplicate, path, "The same service stands on this claim before.", remedy))
		}
		for _, other := range s.Others {
			if competes(s.Claim, other) && slices.ContainsFunc(other.Lines, func(o models.ClaimLine) bool {
				return same(o) && isSameHand(s.Claim, line, other, o) && !isSameCharge(s.Claim, line, other, o)
			}) {
				findings = append(findings, unless(models.ForBiller, held(ruleDuplicate, path, "The same service stands on another claim of this patient.", remedy)))
				break
			}
		}
	}
	return findings
}

// competes reports whether other asks for the same patient's money on behalf of the same practice, in the same form: what a house
// gave is no part of what somebody did in it.
func competes(claim, other models.Claim) bool {
	return other.ID != claim.ID && other.State.IsLive() && other.Type == claim.Type && other.PatientID == claim.PatientID && other.BillingID == claim.BillingID
}

// isSameHand reports whether one provider did both.
func isSameHand(claim models.Claim, line models.ClaimLine, other models.Claim, o models.ClaimLine) bool {
	return cmp.Or(line.Rendering, claim.Rendering) == cmp.Or(o.Rendering, other.Rendering)
}

// isSameCharge reports whether the two lines bill one charge, to two payers in turn or to the one that the plan now asks.
func isSameCharge(claim models.Claim, line models.ClaimLine, other models.Claim, o models.ClaimLine) bool {
	isReplanned := claim.CaseID == other.CaseID && other.State.Facts().Editable
	return line.ChargeID != "" && line.ChargeID == o.ChargeID && (claim.Position != other.Position || isReplanned)
}

func isSame(a, b models.ClaimLine) bool {
	return a.Code == b.Code && a.ServiceDate == b.ServiceDate && a.Units == b.Units && a.Billed == b.Billed &&
		slices.Equal(sorted(a.Modifiers), sorted(b.Modifiers))
}

func isRepeat(line models.ClaimLine) bool {
	return slices.ContainsFunc(line.Modifiers, func(m string) bool { return slices.Contains(repeatModifiers, m) })
}

// sorted is a copy, because the order of modifiers makes no other service.
func sorted(modifiers models.Codes) models.Codes {
	modifiers = slices.Clone(modifiers)
	slices.Sort(modifiers)
	return modifiers
}
