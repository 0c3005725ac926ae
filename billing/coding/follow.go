package coding

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/casework"
	"medbill/billing/rules/charge"
	"medbill/billing/rules/coding"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

var errDraftSent = fault.At(fault.Conflict, "claim.drafted", "decision", "A front end wrote the claim, and nothing else says what a corrected one is to say; void it.")

// Recode brings the charges of a case, whose claim its payer has, up to what the chart says now, or up to what a coder says it was: on a corrected claim they go
// into the books with its answer. It gives the case as it stands then. It refuses a coding that breaks the form (Invalid), what cannot be billed as it
// stands (BusinessRule, claim.held) and a claim that a front end wrote (Conflict).
func Recode(s *desk.Sheet, c models.Case, said models.Coding) (models.Case, error) {
	if c.ID.Visit() == "" || c.CodedBy == models.CodedByDraft {
		return c, errDraftSent
	}
	if err := models.CheckServices(len(said.Services)); err != nil {
		return c, fault.Under("service", err)
	}
	isCoded := len(said.Services)+len(said.Diagnoses) > 0
	if issues := coding.Check(said); isCoded && len(issues) > 0 {
		return c, fault.Of(fault.Invalid, issues)
	}
	h, err := readChart(s, c)
	if err != nil {
		return c, err
	}
	switch {
	case isCoded:
		err = h.recoded(s, h.house.Complete(said))
	case h.isByPerson() && h.asked.Chart != digest(h.found):
		said := h.coded
		said.Services = append(slices.Clone(said.Services), h.late()...)
		err = h.recoded(s, said)
	}
	if err != nil {
		return c, err
	}
	c, hold, err := h.follow(s)
	if err == nil && hold != "" {
		err = fault.At(fault.BusinessRule, "claim.held", "decision", "The visit cannot be billed as it stands, so no corrected claim is made: "+hold)
	}
	if err != nil || !isCoded {
		return c, err
	}
	return c, h.spoken(s, models.CodingCoded, "")
}

// recoded takes a coding for a person's word about the chart as it is now.
func (h *chart) recoded(s *desk.Sheet, said models.Coding) error {
	h.kase.CodedBy, h.kase.Chart = models.CodedByCoder, digest(h.found)
	h.coded, h.problems, h.charges, h.unpriced = said, nil, nil, 0
	return h.price(s)
}

// late gives the services of the chart that came after a person chose, for that person's word to have them too.
func (h *chart) late() []models.Service {
	var late []models.Service
	chosen := len(h.charges)
	for _, c := range h.withLate(slices.Clone(h.charges))[chosen:] {
		at := slices.IndexFunc(h.found.Services, func(s models.Service) bool { return s.Source == c.Source && s.Code == c.Code })
		one := h.found.Services[at]
		one.Source = ""
		late = append(late, one)
	}
	return late
}

// isFollowed reports whether a corrected claim of the visit is to go out: until then it says what the visit says.
func (h *chart) isFollowed() bool {
	return slices.ContainsFunc(h.claims, func(c models.Claim) bool {
		return c.Position == 1 && models.IsOpenCorrection(h.claims, c) && models.Correcting(h.claims, c) != models.FrequencyVoid
	})
}

// follow brings the charges of a corrected claim that is not sent up to what is coded, and gives the case with what holds that claim back. What keeps a claim from
// being made of the visit at all holds it, and changes nothing.
func (h *chart) follow(s *desk.Sheet) (models.Case, string, error) {
	facts, err := h.facts(s)
	if err != nil {
		return h.asked, "", err
	}
	decision, c := casework.Decide(facts), h.asked
	c.Due = models.StepNone
	switch {
	case h.kase.PatientID != h.asked.PatientID, decision.State == models.CaseVoided, decision.State == models.CaseNotOurs:
		return c, "The visit is not the one any more that was asked for; void the claim.", h.compare(s)
	case len(decision.Work) > 0:
		return c, decision.Work[0].Reason, s.Work(h.asked, models.OwnerPlan, casework.Items(h.asked, decision.Work)...)
	}
	state := c.State
	c = h.kase
	c.State, c.Due, c.Stay = state, models.StepNone, h.coded.Stay
	if err := books.SaveDiagnoses(s.Tx, c.ID, h.coded.Diagnoses); err != nil {
		return c, "", err
	}
	rows := charge.Follow(h.existing, h.ofAsked(), h.said, func() models.ChargeID { return models.ChargeID(s.NewID()) })
	if err := books.SaveCharges(s.Tx, rows...); err != nil {
		return c, "", err
	}
	return c, "", s.Work(c, models.OwnerPlan)
}

// ofAsked gives the charges that the coding makes, as owed by the payers that have a claim: another one is asked by a claim of its own.
func (h *chart) ofAsked() []models.Charge {
	wanted := slices.Clone(h.charges)
	asked := slices.DeleteFunc(models.InForce(h.claims), func(c models.Claim) bool { return c.Position != 1 })
	isSelfPay := slices.ContainsFunc(h.existing, models.Charge.IsSelfPay)
	for i := range wanted {
		isOne := slices.ContainsFunc(asked, func(c models.Claim) bool { return c.InsurerID == wanted[i].PayerID })
		if !isOne && len(asked) > 0 && (wanted[i].PayerID != "" || !isSelfPay) {
			wanted[i].PayerID = asked[0].InsurerID
		}
	}
	return wanted
}
