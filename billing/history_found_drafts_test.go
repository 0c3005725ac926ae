package billing_test

import (
	"strings"
	"testing"

	"medbill/models"
)

// What random histories with drafts found, each as the smallest one that shows it.

var d1 = models.Ref{Type: "Claim", ID: "d1"}

// drafts writes d1 for an electrocardiogram of Ann's, for a visit or for none, and reports whether it was taken.
func (h *history) drafts(visit string) bool {
	h.t.Helper()
	lines := []models.ClaimLine{{Code: "93000", Units: models.OneUnit, Billed: 6000, ServiceDate: "2026-03-02"}}
	body := draftOf(d1, "draft", "Patient/ann", "k1", visit, lines)
	h.draft(d1, body, models.VisitID(models.RefOf(visit).ID), lines)
	return h.chart[d1] == body
}

func TestACoderDoesNotSpeakOverADraft(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.drain()
		h.drafts("Encounter/v1")
		if h.code("v1", codedAs("99214")) {
			h.t.Error("a visit that a draft bills is coded")
		}
		h.drain()
		h.wants(v1, models.CaseReady)
		h.billed(v1, 6000)
	})
}

func TestADraftOfAVisitThatIsBilledUnderAnotherIDIsHeld(t *testing.T) {
	eachHistory(t, plain, 2, func(h *history) {
		h.put(v2, billable(v2, "finished", isOne))
		h.put(v1, billable(v1, "finished", isOne))
		h.put(p1, done(p1, v1, "36415"))
		h.put(models.Ref{Type: "Procedure", ID: "p2"}, done(models.Ref{Type: "Procedure", ID: "p2"}, v2, "93000"))
		h.drafts("Encounter/v2")
		h.drain()
		h.wants(v1, models.CaseReady)
		h.wants(v2, models.CaseHeld, models.WorkDuplicate)
		h.put(v1, billable(v1, "cancelled", isOne))
		h.drain()
		h.wants(v2, models.CaseReady)
	})
}

func TestADraftThatNamesAnotherVisitLeavesTheFirst(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.drafts("")
		h.drafts("Encounter/v1")
		h.drain()
		h.wants(models.Ref{Type: "Encounter", ID: "v1"}, models.CaseReady)
		if c := h.cases()[models.CaseOfDraft("d1")]; c.State != models.CaseVoided {
			h.t.Errorf("the case that the draft left is %s, want voided", c.State)
		}
		h.drafts("")
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkClaim) // the same service is on the draft
	})
}

func TestADraftIsComparedWithWhatItsVisitSaysNow(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.drain()
		h.put(p1, done(p1, v1, "36415"))
		if h.drafts("Encounter/v1") {
			h.t.Error("a draft is taken that says what its visit said before")
		}
	})
}

func TestAClaimIsCheckedAgainWhenADraftBesideItChanges(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.drain()
		h.drafts("")
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkClaim)
		lines := []models.ClaimLine{{Code: "99214", Units: models.OneUnit, Billed: 25000, ServiceDate: "2026-03-02"}}
		h.draft(d1, draftOf(d1, "draft", "Patient/ann", "k1", "", lines), "", lines)
		h.drain()
		h.wants(v1, models.CaseReady)
		h.drafts("")
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkClaim)
		h.draft(d1, draftOf(d1, "cancelled", "Patient/ann", "k1", "", lines), "", lines)
		h.drain()
		h.wants(v1, models.CaseReady)
	})
}

func TestADraftOfAPatientWhoIsMergedIsStillOfItsCoverage(t *testing.T) {
	ann := models.Ref{Type: "Patient", ID: "ann"}
	eachHistory(t, plain, 0, func(h *history) {
		h.drafts("")
		h.put(ann, person("ann", list("link", `{"other":{"reference":"Patient/bob"},"type":"replaced-by"}`), "1970-01-01"))
		h.drain()
		if c := h.cases()[models.CaseOfDraft("d1")]; c.State != models.CaseReady {
			h.t.Errorf("the case of the draft is %s:\n%v", c.State, c.claimLines(true))
		}
	})
}

func TestAServiceThatMovesAwayFromADraftIsInTheBooksOnce(t *testing.T) {
	eachHistory(t, plain, 2, func(h *history) {
		h.drain()
		h.drafts("Encounter/v1")
		h.drain()
		h.put(p1, done(p1, v2, "93000"))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkChangedCoding)
		if c := h.cases()[models.CaseOf("v1")]; c.books[models.AccountRevenue] != 0 {
			h.t.Errorf("the revenue of a draft that is held is %s", -c.books[models.AccountRevenue])
		}
	})
}

func TestADraftOfAVisitThatThePatientWasAskedForIsRefused(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.remove(k1)
		h.drain()
		h.pass(graceOver)
		h.drain()
		h.wants(v1, models.CasePatient)
		if h.drafts("Encounter/v1") {
			h.t.Error("the payer is asked for what the patient was asked for")
		}
		h.put(k1, plannedBy(k1, "active", "acme"))
		if !h.drafts("Encounter/v1") {
			h.t.Error("the draft is refused though the invoice is taken back")
		}
		h.drain()
		h.wants(v1, models.CaseReady)
	})
}

func TestADraftOfAMergedRecordIsCheckedAgainWhenItsCoverageComes(t *testing.T) {
	ann := models.Ref{Type: "Patient", ID: "ann"}
	eachHistory(t, plain, 0, func(h *history) {
		h.remove(k1)
		h.put(ann, person("ann", list("link", `{"other":{"reference":"Patient/bob"},"type":"replaced-by"}`), "1970-01-01"))
		h.drafts("")
		h.drain()
		h.put(k1, strings.Replace(plannedBy(k1, "active", "acme"), "Patient/ann", "Patient/bob", 1))
		h.drain()
		if c := h.cases()[models.CaseOfDraft("d1")]; c.State != models.CaseReady {
			h.t.Errorf("the case of the draft is %s:\n%v", c.State, c.claimLines(true))
		}
	})
}

func TestADraftThatIsHeldMayNameAnotherVisit(t *testing.T) {
	eachHistory(t, plain, 0, func(h *history) {
		h.remove(k1)
		h.drafts("Encounter/v1")
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkClaim)
		if !h.drafts("") {
			h.t.Error("the draft is refused")
		}
		h.drain()
		h.wants(v1, models.CaseVoided)
	})
}
