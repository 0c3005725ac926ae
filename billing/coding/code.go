package coding

import (
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/coding"
	"medbill/internal/store/books"
	"medbill/models"
	"medbill/models/fault"
)

// Coded is what coding a visit led to.
type Coded struct {
	Case    models.Case
	Charges []models.Charge
}

// Code takes a coder's word for what a visit was: diagnoses in order and services, in place of whatever was there. It refuses
// a coding that breaks the form (Invalid, with every place) or has more services than a visit holds (BusinessRule, too-costly),
// a visit that is not finished or is billed elsewhere
// (BusinessRule), and one whose claim or invoice went out, or that a front end's draft bills (Conflict). The same coding again
// changes nothing. A second coder's word names whose coding it is about in of. rest brings claims and invoice up to the charges.
func Code(s *desk.Sheet, id models.VisitID, said models.Coding, of string, rest func(s *desk.Sheet, c models.Case, hold string) error) (Coded, error) {
	if err := models.CheckServices(len(said.Services)); err != nil {
		return Coded{}, fault.Under("service", err)
	}
	if issues := coding.Check(said); len(issues) > 0 {
		return Coded{}, fault.Of(fault.Invalid, issues)
	}
	key := models.CaseOf(id)
	if err := books.Lock(s.Tx, string(key)); err != nil {
		return Coded{}, err
	}
	c, open, err := books.Case(s.View, key)
	if err != nil {
		return Coded{}, err
	}
	if !open {
		return Coded{}, errNotBillable
	}
	h, err := readChart(s, c)
	if err != nil {
		return Coded{}, err
	}
	if h.external || h.encounter.Status != "finished" || h.kase.EndDate != "" && h.kase.EndDate < s.Settings().GoLive {
		return Coded{}, errNotBillable
	}
	if h.isAsked() && !h.isFollowed() {
		return Coded{}, errAsked
	}
	if slices.ContainsFunc(h.claims, isStandingDraft) {
		return Coded{}, errDrafted
	}
	isNew := c.CodedBy != models.CodedByCoder || c.Chart != digest(h.found) || !saysTheSame(h.ofCoder(), said)
	h.kase.CodedBy, h.kase.Chart = models.CodedByCoder, digest(h.found)
	h.coded, h.problems, h.charges, h.unpriced = h.house.Complete(said), nil, nil, 0
	if err := h.price(s); err != nil {
		return Coded{}, err
	}
	become := h.settle
	if h.isFollowed() {
		become = h.follow
	}
	c, hold, err := become(s)
	if err != nil {
		return Coded{}, err
	}
	switch {
	case isNew && of != "":
		err = h.spoken(s, models.CodingRecoded, of)
	case isNew:
		err = h.spoken(s, models.CodingCoded, "")
	case of != "": // a second coder who codes the same agrees
		err = h.spoken(s, models.CodingAgreed, of)
	}
	if err != nil {
		return Coded{}, err
	}
	if err := rest(s, c, hold); err != nil {
		return Coded{}, err
	}
	return Standing(s, id)
}

var (
	errNotBillable = fault.At(fault.BusinessRule, "visit.not-billable", "Encounter.status", "Only a finished Encounter that is not billed elsewhere can be coded.")
	errAsked       = fault.New(fault.Conflict, "visit.sent", "The claim or invoice of the visit went out; correct it through the payer's answer instead.")
	errDrafted     = fault.New(fault.Conflict, "visit.drafted", "A draft of a front end bills the visit; correct the draft, or take it back first.")
)

// Standing gives a visit's case with its charges that stand or wait.
func Standing(s *desk.Sheet, id models.VisitID) (Coded, error) {
	c, open, err := books.Case(s.View, models.CaseOf(id))
	if err != nil || !open {
		return Coded{}, err
	}
	charges, err := books.Charges(s.View, c.ID)
	coded := Coded{Case: c}
	for _, one := range charges {
		if one.State != models.ChargeAborted && one.State != models.ChargeMistaken {
			coded.Charges = append(coded.Charges, one)
		}
	}
	return coded, err
}
