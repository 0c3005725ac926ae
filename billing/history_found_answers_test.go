package billing_test

import (
	"strings"
	"testing"

	"medbill/internal/store/storetest"
	"medbill/models"
)

// What random histories of answers and payments found, each as the smallest one that shows it.

// eachAnswered runs a plain test on both databases with so many visits that can be billed, and holds it to the laws of answers
// and payments afterwards.
func eachAnswered(t *testing.T, set models.SettingsChange, visited int, tell func(h *history)) {
	t.Helper()
	storetest.EachURL(t, func(t *testing.T, url string) {
		h := start(ward{house: openHouse(t, url), t: t, tenant: "zzyzx"}, set, visited)
		tell(h)
		h.endsSoundly()
	})
}

func TestAClaimThatIsNotMadeAnewAfterARejectionWaitsForNobody(t *testing.T) {
	eachAnswered(t, sends(), 1, func(h *history) {
		h.drain()
		h.answer(h.seenByPayers()[0], "1", "error", taken{}, "")
		h.remove(k1)
		h.drain()
		h.wants(v1, models.CaseWaiting)
		h.pass(graceOver)
		h.drain()
		h.wants(v1, models.CasePatient)
	})
}

func TestAnAnswerSaysWhomItWasAboutWhenItCame(t *testing.T) {
	eachAnswered(t, plain, 1, func(h *history) {
		h.drain()
		sending(nil).do(h)
		h.answer(h.seenByPayers()[0], "1", "error", taken{}, "")
		h.drain()
		h.put(v1, strings.Replace(visits(1)[v1], "Organization/practice", "Organization/branch", 1))
		h.drain()
		if c := h.cases()[models.CaseOf("v1")]; c.live()[0].BillingID != "branch" || c.answers[0].BillingID != "practice" {
			h.t.Errorf("the claim is from %s and its answer is to %s, want branch and practice", c.live()[0].BillingID, c.answers[0].BillingID)
		}
	})
}

func TestAVisitThatWasAnsweredComesBeforeItsTwin(t *testing.T) {
	eachAnswered(t, plain, 2, func(h *history) {
		h.drain()
		sending(nil).do(h)
		for _, c := range h.seenByPayers() {
			if c.CaseID == models.CaseOf("v2") {
				h.answer(c, "1", "complete", judgements["denied"], "")
			} else {
				h.answer(c, "1", "error", taken{}, "")
			}
		}
		h.drain()
		h.put(v1, billable(v1, "finished", isOne))
		h.put(v2, billable(v2, "finished", isOne))
		h.drain()
		h.wants(v2, models.CaseHeld, models.WorkAnswer)
		h.wants(v1, models.CaseHeld, models.WorkDuplicate)
	})
}

func TestAVisitThatIsNotAskedForAnyMoreComesBehindItsTwin(t *testing.T) {
	eachAnswered(t, plain, 2, func(h *history) {
		h.put(v1, billable(v1, "in-progress", isOne))
		h.put(v2, billable(v2, "finished", isOne))
		h.drain()
		sending(nil).do(h)
		h.put(v1, billable(v1, "finished", isOne))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkDuplicate)
		h.answer(h.seenByPayers()[0], "1", "error", taken{}, "")
		h.drain()
		h.wants(v1, models.CaseReady)
		h.wants(v2, models.CaseHeld, models.WorkDuplicate)
	})
}

func TestADraftThatWasTurnedAwayAndNamesAVisitNowLeavesNothing(t *testing.T) {
	eachAnswered(t, plain, 0, func(h *history) {
		h.drafts("")
		sending(nil).do(h)
		h.answer(h.seenByPayers()[0], "1", "error", taken{}, "")
		h.drain()
		h.drafts("Encounter/v1")
		h.drain()
		h.wants(v1, models.CaseReady)
		if c := h.cases()[models.CaseOfDraft("d1")]; c.State != models.CaseVoided {
			h.t.Errorf("the case that the draft left is %s:\n%v", c.State, c.turnLines())
		}
	})
}

func TestAProtectedPatientsShareIsNotDenied(t *testing.T) {
	eachAnswered(t, sends(), 1, func(h *history) {
		h.drain()
		h.answer(h.seenByPayers()[0], "1", "complete", judgements["to the deductible"], "N781")
		h.reportEquals(h.rowsOfBooks().figures("2026-03-20"), "kpi", map[string][]string{"asOf": {"2026-03-20"}})
	})
}
