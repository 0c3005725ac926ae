package billing_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"medbill/internal/store/storetest"
	"medbill/models"
)

// What happened to a chart in which order, and when the office worked in between, does not show in what is billed: it is what
// would be billed if only the end were known. Told again with `go test ./billing -run History -rapid.seed=…`; `make histories`
// tells many.
func TestHistoryLeadsWhereItsEndLeads(t *testing.T) {
	histories(t, false)
}

// The same where claims go out, by themselves or because somebody sends them: what changes after that is not billed anew and is
// told to a person.
func TestHistoryAfterAClaimWentOutIsWork(t *testing.T) { histories(t, true) }

func histories(t *testing.T, isSent bool) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		house, told := openHouse(t, url), 0
		rapid.Check(t, func(t *rapid.T) {
			told++
			auto := isSent && oneOf(t, "by themselves", true, false)
			var more []func(*rapid.T) step
			if isSent && !auto {
				more = append(more, sending, sending, sending)
			}
			h := start(ward{house: house, t: t, tenant: models.TenantID(fmt.Sprintf("history-%d", told))}, models.SettingsChange{AutoSubmit: &auto}, oneOf(t, "visits", 1, 1, 2, 2, 0))
			for _, step := range rapid.SliceOfN(anyStep(more...), 3, 15).Draw(t, "history") {
				step.do(h)
				h.watch()
				h.pass(moment)
			}
			h.obeysTheLaws()
		})
	})
}

// part tells so many histories in place of those that are usual, unless somebody says how many.
func part(t *testing.T, count string) {
	checks := flag.Lookup("rapid.checks").Value
	if usual := checks.String(); usual == "100" {
		_ = checks.Set(count)
		t.Cleanup(func() { _ = checks.Set(usual) })
	}
}

// Payers answer and patients pay in between: the accounts say what charges, answers and payments say, every case stands as its
// books do, and nobody is asked for more than is left to them, nor before everybody else is done.
func TestHistoryOfAnswersAndPaymentsAddsUp(t *testing.T) {
	part(t, "50")
	storetest.EachURL(t, func(t *testing.T, url string) {
		house, told := openHouse(t, url), 0
		rapid.Check(t, func(t *rapid.T) {
			told++
			auto := oneOf(t, "by themselves", true, true, false)
			h := start(ward{house: house, t: t, tenant: models.TenantID(fmt.Sprintf("answers-%d", told))}, models.SettingsChange{AutoSubmit: &auto}, oneOf(t, "visits", 1, 2, 2))
			h.put(p3, done(p3, v1, "99214"))
			if !oneOf(t, "covered", true, true, false) {
				h.remove(k1)
				h.pass(graceOver)
			}
			for _, step := range rapid.SliceOfN(anyAnswer(), 6, 24).Draw(t, "history") {
				step.do(h)
				h.watch()
				h.pass(moment)
			}
			h.endsSoundly()
		})
	})
}

// graceOver is longer than a visit waits for a coverage.
const graceOver = 25 * time.Hour

// obeysTheLaws ends a history and holds it to every law.
func (h *history) obeysTheLaws() {
	h.t.Helper()
	h.drain()
	h.isSound()
	h.recheckAll() // which changes nothing that a plan would not
	h.drain()
	h.isSound()
	h.isOneVisit()
	end := h.retell(h.tenant + "-end")
	h.clock.Advance(graceOver) // so that neither waits for a coverage any more
	h.drain()
	end.drain()
	h.isSound()
	end.isSound()
	h.isAsIf(end)
}

// endsSoundly ends a history in which payers answered and patients paid, and holds it to the laws of that.
func (h *history) endsSoundly() {
	h.t.Helper()
	for range 2 {
		h.drain()
		h.isSound()
		h.tookPaymentsOnce()
		h.recheckAll()
		h.pass(graceOver)
	}
}

// eachHistory runs a plain test on both databases with so many visits that can be billed, and holds it to every law afterwards.
func eachHistory(t *testing.T, set models.SettingsChange, visited int, tell func(h *history)) {
	t.Helper()
	storetest.EachURL(t, func(t *testing.T, url string) {
		h := start(ward{house: openHouse(t, url), t: t, tenant: "zzyzx"}, set, visited)
		tell(h)
		h.obeysTheLaws()
	})
}
