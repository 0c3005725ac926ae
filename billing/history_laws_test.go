package billing_test

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/models"
)

// isSound holds a tenant in which nothing is due to the laws that hold whatever happened to it.
func (w ward) isSound() {
	w.t.Helper()
	all := w.cases()
	w.addsUp(all)
	w.isBookedOnce(all)
	for _, c := range all {
		w.claimsItsCharges(c)
		w.saysWhoseTurnItIs(c)
		w.standsAsItsBooksDo(c)
		w.isWorked(c)
	}
	var proof bytes.Buffer
	_, err := w.office.Verify(context.Background(), w.tenant, billing.Watch{Proof: &proof, Breach: func(b billing.Breach) { w.t.Errorf("verify: %s", b) }})
	if err != nil {
		w.t.Fatalf("verify: %v", err)
	}
	if said, holds := w.checker.check(&proof); !holds {
		w.t.Errorf("who has the proof alone finds\n%s", said)
	}
}

// isBookedOnce: what the EHR sent stands in the books once, on one claim at most, and no entry is taken back twice.
func (w ward) isBookedOnce(all map[models.CaseID]told) {
	w.t.Helper()
	sources, lines := map[string]int{}, map[models.ChargeID]int{}
	for _, c := range all {
		for _, one := range c.posted() {
			if one.Source != "" && !strings.HasPrefix(one.Source, models.OriginDraft) { // a draft has several lines
				sources[one.Source]++
			}
		}
		for _, claim := range c.live() {
			for _, line := range claim.Lines {
				lines[line.ChargeID]++
			}
		}
	}
	for source, n := range sources {
		if n > 1 {
			w.t.Errorf("%s is in the books %d times", source, n)
		}
	}
	for _, n := range lines {
		if n > 1 {
			w.t.Errorf("a charge stands on %d lines of claims", n)
		}
	}
	reversed := map[models.EntryID]bool{}
	w.view(func(v *store.View) error {
		return journal.Each(v, func(e models.Entry) error {
			if e.Reverses != "" && reversed[e.Reverses] {
				w.t.Errorf("an entry of %s is taken back twice", e.Postings[0].CaseID)
			}
			reversed[e.Reverses] = true
			return nil
		})
	})
}

// claimsItsCharges: a claim that is out or can go out asks for what its charges say, and every charge that a payer owes stands on
// one; only those of a draft come into the books when it goes out.
func (w ward) claimsItsCharges(c told) {
	w.t.Helper()
	charges := map[models.ChargeID]models.Charge{}
	for _, one := range c.charges {
		charges[one.ID] = one
	}
	for _, claim := range c.live() {
		if claim.State == models.ClaimHeld {
			return
		}
		for _, l := range claim.Lines {
			one := charges[l.ChargeID]
			waits := one.State.Facts().Waits && claim.IsDrafted() && !claim.State.Facts().Sent
			if one.Billed != l.Billed || one.Code != l.Code || !one.IsPosted() && !waits {
				w.t.Errorf("%s has a claim for %s of %s and the charge is %s for %s of %s", c.ID, l.Billed, l.Code, one.State, one.Billed, one.Code)
			}
			delete(charges, l.ChargeID)
		}
	}
	for _, one := range charges {
		if one.IsPosted() && one.PayerID != "" && c.State != models.CaseHeld {
			w.t.Errorf("%s is %s and its charge for %s of %s stands on no claim", c.ID, c.State, one.Billed, one.Code)
		}
	}
}

// saysWhoseTurnItIs: a case that is held says once why, one that moves is held by nothing, and only one that waits is due.
func (w ward) saysWhoseTurnItIs(c told) {
	w.t.Helper()
	if isDue := c.Due != models.StepNone; isDue != (c.State == models.CaseWaiting) || isDue && c.DueAt <= w.db.Now() {
		w.t.Errorf("%s is %s with the step %q due at %s", c.ID, c.State, c.Due, c.DueAt)
	}
	hold := c.hold()
	switch c.State.Turn() {
	case models.TurnPerson:
		if len(c.work) == 0 {
			w.t.Errorf("%s is held and no work item says why", c.ID)
		}
		if isDecided := slices.ContainsFunc(hold, func(i models.WorkItem) bool { return i.Kind != models.WorkClaim }); !c.isAsked() && isDecided && len(hold) > 1 {
			w.t.Errorf("%s is held by %d work items for one reason:\n%s", c.ID, len(hold), strings.Join(c.turnLines(), "\n"))
		}
	case models.TurnPayer, models.TurnPatient:
	default:
		if len(hold) > 0 && !c.isAsked() {
			w.t.Errorf("%s is %s and held by:\n%s", c.ID, c.State, strings.Join(c.turnLines(), "\n"))
		}
	}
	if c.State == models.CaseNew {
		w.t.Errorf("%s is new and nothing is due", c.ID)
	}
}

// isOneVisit: of visits that were pushed twice one is billed, unless they were asked for before it was known.
func (h *history) isOneVisit() {
	h.t.Helper()
	all := h.cases()
	one, other := all[models.CaseOf("v1")], all[models.CaseOf("v2")]
	isSame := false
	for _, number := range []string{called("V-1", ""), called("V-2", "")} {
		isSame = isSame || strings.Contains(h.chart[one.ID.Origin()], number) && strings.Contains(h.chart[other.ID.Origin()], number)
	}
	isBilled := func(c told) bool {
		return strings.Contains(h.chart[c.ID.Origin()], `"status":"finished"`) && c.State.Turn() != models.TurnPerson && c.State.Turn() != models.TurnNobody
	}
	if isSame && one.PatientID == other.PatientID && one.ServiceDate == other.ServiceDate && isBilled(one) && isBilled(other) && !(one.isAsked() && other.isAsked()) {
		h.t.Errorf("one visit is billed twice:\n%s\nand\n%s", strings.Join(one.turnLines(), "\n"), strings.Join(other.turnLines(), "\n"))
	}
}

// isAsIf holds a tenant against one that was told the end of its history only.
func (h *history) isAsIf(other ward) {
	h.t.Helper()
	all, want := h.cases(), other.cases()
	isSent := slices.ContainsFunc(slices.Collect(maps.Values(all)), told.isSent)
	for id, c := range all {
		known, opened := want[id]
		switch {
		case c.isAsked():
			h.namesWhatDiffers(c, known)
		case isSent: // what was sent stays as it was then, and claims are checked against it
		case c.isBilledElsewhere() && slices.ContainsFunc(slices.Collect(maps.Values(all)), told.isAsked):
			// the patient was asked for its service with another visit
		case !opened:
			if lines := append(c.claimLines(true), c.bookLines()...); len(lines) > 0 || c.State.Turn() != models.TurnNobody && c.State != models.CaseHeld {
				h.t.Errorf("%s is a case only because of what happened before:\n%s", id, strings.Join(append(c.turnLines(), lines...), "\n"))
			}
		case c.Chart != known.Chart: // a person said what it was when the chart was another one
			h.same(id, c.claimLines(false), known.claimLines(false))
		case c.CodedBy == models.CodedByDraft: // its lines are in the books where the visit's were
			h.same(id, slices.Concat(c.turnLines(), c.claimLines(false)), slices.Concat(known.turnLines(), known.claimLines(false)))
		default:
			h.same(id, slices.Concat(c.turnLines(), c.claimLines(true), c.bookLines()), slices.Concat(known.turnLines(), known.claimLines(true), known.bookLines()))
		}
	}
	for id := range want {
		if _, opened := all[id]; !opened {
			h.t.Errorf("%s would be a case if only the end of its history were known", id)
		}
	}
}

func (w ward) same(id models.CaseID, got, want []string) {
	w.t.Helper()
	if !slices.Equal(got, want) {
		w.t.Errorf("%s says\n%s\nand would say, if only the end of its history were known,\n%s", id, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// differing are the kinds of work that come of a change after somebody was asked.
var differing = []models.WorkKind{models.WorkLateCharge, models.WorkChangedSent, models.WorkCoverageChanged, models.WorkCancelled}

// namesWhatDiffers: after somebody was asked, a difference is work, and no difference is none.
func (h *history) namesWhatDiffers(c, end told) {
	h.t.Helper()
	work := slices.DeleteFunc(c.hold(), func(i models.WorkItem) bool { return !slices.Contains(differing, i.Kind) })
	switch asked, now := c.asked(c.BillingID), end.asked(cmp.Or(h.practiceOf(c.ID), c.BillingID)); {
	case c.CodedBy == models.CodedByDraft: // the draft itself said all that was asked for
	case end.State == models.CaseNotOurs: // a setting says so, and takes back nothing
	case slices.ContainsFunc(end.work, func(i models.WorkItem) bool { return i.Kind == models.WorkPrice }): // as little as a price does
	case asked != now && len(work) == 0:
		h.t.Errorf("%s was asked for as\n%s\nand no work item says that it is now\n%s", c.ID, asked, now)
	case asked == now && h.isElsewhere(c.ID, end.posted()): // what says the same now is what somebody was asked for with another visit
	case asked == now && len(work) > 0 && (c.CodedBy != models.CodedByCoder || c.Chart == end.Chart):
		h.t.Errorf("%s is as it was asked for and has work:\n%s", c.ID, strings.Join(c.turnLines(), "\n"))
	}
}

// practiceOf gives the practice that a visit names itself; "" where the setting says who bills.
func (h *history) practiceOf(id models.CaseID) models.OrganizationID {
	for _, practice := range []models.OrganizationID{"practice", "branch"} {
		if strings.Contains(h.chart[id.Origin()], refers("serviceProvider", "Organization/"+string(practice))) {
			return practice
		}
	}
	return ""
}

// isElsewhere reports whether somebody was asked for one of the services with another visit than a case's.
func (h *history) isElsewhere(id models.CaseID, charges []models.Charge) bool {
	for other, c := range h.cases() {
		isIt := func(a models.Charge) bool {
			return slices.ContainsFunc(charges, func(b models.Charge) bool { return a.Source == b.Source && a.Source != "" })
		}
		if other != id && c.isAsked() && slices.ContainsFunc(c.posted(), isIt) {
			return true
		}
	}
	return false
}
