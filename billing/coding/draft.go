package coding

import (
	"cmp"
	"slices"

	"medbill/billing/desk"
	"medbill/billing/rules/casework"
	"medbill/billing/rules/charge"
	"medbill/internal/store/books"
	"medbill/models"
)

// captureDraft brings the charges of a case up to the draft that a front end wrote for it: its lines are the coding, as long as
// the visit that it names stands behind it.
func captureDraft(s *desk.Sheet, c models.Case) (models.Case, string, error) {
	h, err := readDrafted(s, c)
	if err != nil {
		return c, "", err
	}
	at := slices.IndexFunc(h.claims, isStandingDraft)
	switch {
	case h.isAsked():
		c.Due = models.StepNone
		return c, "", h.compare(s)
	case at >= 0:
		return h.settleDraft(s, h.claims[at])
	case c.ID.Visit() != "":
		c.CodedBy, c.Chart = models.CodedByNobody, ""
		return Capture(s, c)
	}
	c.State, c.Reason, c.Due = models.CaseVoided, "The draft was taken back before it was sent.", models.StepNone
	return c, "", apply(s, c, charge.Replan(h.existing, nil, false, nil, nil), casework.Decision{})
}

// isStandingDraft reports whether a claim is a front end's draft that was not taken back.
func isStandingDraft(c models.Claim) bool { return c.IsDrafted() && c.State.IsLive() }

// readDrafted reads a case that a draft opened or joined. What the draft says of the case stays; the visit is read to be held
// against it.
func readDrafted(s *desk.Sheet, c models.Case) (*chart, error) {
	if c.ID.Visit() == "" {
		h := &chart{kase: c, asked: c}
		return h, h.readBooks(s)
	}
	h, err := readChart(s, c)
	if err == nil {
		h.kase = c
	}
	return h, err
}

// settleDraft decides whether a draft may go out, and makes its lines the charges of the case. They go into the books when it is
// sent, unless the visit's stand there already; while it is held they do not stand there, for they may be another visit's by now.
func (h *chart) settleDraft(s *desk.Sheet, draft models.Claim) (models.Case, string, error) {
	c := h.kase
	decision := casework.Decision{}
	if c.ID.Visit() != "" {
		patient, err := s.Survivor(draft.PatientID)
		if err != nil {
			return c, "", err
		}
		seen := digest(h.found)
		if c.Chart == "" || c.Chart == digest(models.Coding{}) && casework.Covers(draft, h.found) {
			c.Chart = seen
		}
		twins, err := h.twins(s)
		if err != nil {
			return c, "", err
		}
		decision = casework.DecideDraft(casework.Facts{
			Case: c, Status: h.encounter.Status, Known: h.known, External: h.external, Duplicate: slices.ContainsFunc(twins, h.follows), Chart: seen,
			Strangers: h.strangers || h.encounter.PatientID != patient,
		})
	}
	c.State, c.Reason, c.Due, c.DueAt = models.CaseNew, "", decision.Due, s.Now()
	wanted := make([]models.Charge, len(draft.Lines))
	for i, line := range draft.Lines {
		wanted[i] = h.ofLine(draft, line)
	}
	stays := slices.ContainsFunc(h.existing, models.Charge.IsPosted) && len(decision.Work) == 0
	plan := charge.Replan(h.existing, wanted, stays, h.said, func() models.ChargeID { return models.ChargeID(s.NewID()) })
	if err := apply(s, c, plan, decision); err != nil {
		return c, "", err
	}
	hold := ""
	if len(decision.Work) > 0 {
		hold = decision.Work[0].Reason
	}
	if err := nameCharges(s, draft); err != nil {
		return c, "", err
	}
	return c, hold, h.wakeTwins(s, c.State)
}

// ofLine gives the charge of a line. A line that bills a charge of the visit keeps where that came from, and of a house, which names
// neither on its lines, on which day and by whom.
func (h *chart) ofLine(draft models.Claim, line models.ClaimLine) models.Charge {
	wanted := charge.OfLine(draft, line)
	at := slices.IndexFunc(h.existing, func(c models.Charge) bool { return c.ID == line.ChargeID })
	if at >= 0 {
		charged := h.existing[at]
		wanted.Source, wanted.Stated = charged.Source, charged.Stated
		if draft.Type == models.ClaimInstitutional {
			wanted.ServiceDate, wanted.Rendering = cmp.Or(line.ServiceDate, charged.ServiceDate), cmp.Or(line.Rendering, charged.Rendering)
		}
	}
	return wanted
}

// nameCharges tells each line of a draft its charge.
func nameCharges(s *desk.Sheet, draft models.Claim) error {
	charges, err := books.Charges(s.View, draft.CaseID)
	if err != nil {
		return err
	}
	changed := false
	for i := range draft.Lines {
		line := &draft.Lines[i]
		for _, c := range charges {
			if c.Sequence == line.Sequence && (c.IsPosted() || c.State == models.ChargePlanned) && c.ID != line.ChargeID {
				line.ChargeID, changed = c.ID, true
			}
		}
	}
	if !changed {
		return nil
	}
	return books.SaveClaim(s.Tx, draft)
}
