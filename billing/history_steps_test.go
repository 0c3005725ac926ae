package billing_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"medbill/billing"
	"medbill/models"
)

// history is what happened to a chart in one tenant, with what is left of it at the end.
type history struct {
	ward
	chart   map[models.Ref]string            // what stands
	gone    map[models.Ref]string            // visits that were deleted: a draft of one is not written before its visit
	codings map[models.VisitID]models.Coding // the last word of a coder
	fees    []func(ward) bool                // what was done to the fee schedules, in order
	change  models.SettingsChange            // all that was set
	seen    watched

	answersOn models.Date // what payers write on their answers, "" for 20 March 2026
}

// step is one thing that happens. It knows nothing of what happened before, so that a history stays one when steps are left
// out of it.
type step struct {
	text string
	do   func(*history)
}

// GoString is how a failing history is printed.
func (s step) GoString() string { return "\n\t" + s.text }

// start gives a history of a tenant that knows the parties, and so many visits that can be billed.
func start(w ward, set models.SettingsChange, visited int) *history {
	h := &history{
		ward: w, chart: map[models.Ref]string{}, gone: map[models.Ref]string{}, codings: map[models.VisitID]models.Coding{}, change: set,
		seen: watched{issued: map[models.InvoiceID]models.Invoice{}, paid: map[string]models.Cents{}},
	}
	h.done = h.watch
	w.set(set)
	all := parties()
	maps.Copy(all, visits(visited))
	h.push(inOrder(all), all)
	maps.Copy(h.chart, all)
	return h
}

// typesInOrder is who is named before whom names him; prices stand before what they price.
var typesInOrder = []string{"Organization", "Practitioner", "PractitionerRole", "Location", "ChargeItemDefinition", "Patient", "Coverage", "Condition", "Procedure", "ChargeItem", "Claim", "Encounter"}

func inOrder(chart map[models.Ref]string) []models.Ref {
	return slices.SortedFunc(maps.Keys(chart), func(a, b models.Ref) int {
		if by := slices.Index(typesInOrder, a.Type) - slices.Index(typesInOrder, b.Type); by != 0 {
			return by
		}
		return strings.Compare(a.ID, b.ID)
	})
}

// retell gives another tenant into which only what is left of a history is written, once. No claim goes out there, so that all
// of it is still made from its chart.
func (h *history) retell(tenant models.TenantID) ward {
	w, stay := h.ward, false
	w.tenant, w.done = tenant, nil
	w.set(models.SettingsChange{PracticeID: h.change.PracticeID, GoLive: h.change.GoLive, AutoSubmit: &stay})
	for _, fees := range h.fees {
		fees(w)
	}
	all := inOrder(h.chart)
	of := func(types ...string) []models.Ref {
		return slices.DeleteFunc(slices.Clone(all), func(r models.Ref) bool { return !slices.Contains(types, r.Type) })
	}
	// A charge is refused where its visit is of somebody else already, and a draft where its coverage is.
	w.push(of(typesInOrder[:slices.Index(typesInOrder, "Coverage")]...), h.chart)
	w.push(of("Condition", "Procedure", "ChargeItem"), h.chart)
	for visit, body := range h.gone {
		w.write(visit, body)
		w.write(visit, "")
	}
	for _, ref := range h.asTheyCame(of(models.OriginDraft, models.OriginVisit)) {
		w.write(ref, h.chart[ref])
		h.pass(moment)
	}
	w.push(of("Coverage"), h.chart)
	w.drain()
	for _, visit := range slices.Sorted(maps.Keys(h.codings)) {
		w.code(visit, h.codings[visit])
	}
	w.drain()
	return w
}

// asTheyCame gives visits and drafts in the order in which their cases were opened, those of one moment by the cases' ids: of two
// that are one, the second gives way. Those without a case are last, and the draft of a visit comes before it, so that it says
// what the visit was.
func (h *history) asTheyCame(list []models.Ref) []models.Ref {
	cases, now := h.cases(), h.db.Now()
	opened := func(ref models.Ref) models.Instant { return cmp.Or(cases[h.caseOf(ref)].Created, now) }
	slices.SortStableFunc(list, func(a, b models.Ref) int {
		return cmp.Or(cmp.Compare(opened(a), opened(b)), cmp.Compare(h.caseOf(a), h.caseOf(b)), cmp.Compare(a.Type, b.Type))
	})
	return list
}

// anyStep draws what happens next; more are further kinds of steps.
func anyStep(more ...func(*rapid.T) step) *rapid.Generator[step] {
	kinds := []func(*rapid.T) step{
		writing(encounter), writing(procedure), writing(condition), writing(item), writing(plan), writing(encounter), writing(procedure), writing(plan),
		writing(patient), writing(location), writing(practitioner), writing(role), writing(definition), drafting, drafting, deleting, recoding, feeing, setting, waiting, draining, draining,
	}
	kinds = append(kinds, more...)
	return rapid.Custom(func(t *rapid.T) step { return rapid.SampledFrom(kinds).Draw(t, "kind")(t) })
}

func writing(draw func(*rapid.T) (models.Ref, string)) func(*rapid.T) step {
	return func(t *rapid.T) step {
		ref, body := draw(t)
		return step{"PUT " + ref.String() + " " + body, func(h *history) { h.put(ref, body) }}
	}
}

func (h *history) put(ref models.Ref, body string) {
	h.t.Helper()
	if h.write(ref, body) {
		h.chart[ref] = body
	}
}

func (h *history) remove(ref models.Ref) {
	h.t.Helper()
	if h.chart[ref] != "" && h.write(ref, "") {
		if delete(h.chart, ref); ref.Type == models.OriginVisit {
			h.gone[ref] = doc(ref, text("status", "planned"), `"class":{"code":"AMB"}`)
		}
	}
}

func (h *history) pass(time time.Duration) { h.clock.Advance(time) }

// moment is how long a step takes, so that no two things come at once.
const moment = time.Second

func deleting(t *rapid.T) step {
	ref := models.RefOf(oneOf(t, "deleted", "Procedure/p1", "Condition/c1", "Coverage/k1", "Encounter/v1", "ChargeItem/i1", "ChargeItemDefinition/fee-93000", "Location/office", "Location/room", "PractitionerRole/role"))
	return step{"DELETE " + ref.String(), func(h *history) { h.remove(ref) }}
}

func recoding(t *rapid.T) step {
	visit := models.VisitID(models.RefOf(oneOf(t, "visit", visitsOfIt...)).ID)
	c := models.Coding{Diagnoses: []models.Diagnosis{{Sequence: 1, Code: oneOf(t, "diagnosis", "I10", "Z000")}}}
	for _, code := range oneOf(t, "services", []string{"93000"}, []string{"99214", "36415"}, []string{"85025"}) {
		c.Services = append(c.Services, models.Service{
			System: cpt, Code: code, Units: models.UnitsOf(oneOf(t, "units", 1, 1, 2)), Pointers: models.Numbers{1}, ServiceDate: models.Date(oneOf(t, "day", daysOfIt...)),
		})
	}
	return step{fmt.Sprintf("$code %s %+v", visit, c), func(h *history) {
		if h.code(visit, c) {
			h.codings[visit] = c
		}
	}}
}

// schedules are named with whom they are for.
var schedules = map[string]models.OrganizationID{"standard": "", "for acme": "acme"}

func feeing(t *rapid.T) step {
	name := oneOf(t, "schedule", "standard", "standard", "for acme")
	from := models.Date(oneOf(t, "from", "2026-01-01", "2026-03-03"))
	if oneOf(t, "end", false, false, true) {
		return step{fmt.Sprintf("end fees %s of %s", name, from), logged(func(w ward) bool { return w.endFees(name, from, "2026-03-02") })}
	}
	load := billing.FeeLoad{Name: name, PayerID: schedules[name], From: from}
	for i, code := range []string{"93000", "85025"} {
		load.Lines = append(load.Lines, models.Price{Sequence: i + 2, System: cpt, Code: code, Amount: models.Cents(oneOf(t, "amount", 8000, 9000))})
	}
	return step{fmt.Sprintf("load fees %+v", load), logged(func(w ward) bool {
		_, err := w.office.LoadFees(context.Background(), w.admin(), billing.Call{}, load)
		return w.accepted("load fees", err)
	})}
}

// logged keeps what was done to the fee schedules.
func logged(do func(ward) bool) func(*history) {
	return func(h *history) {
		if do(h.ward) {
			h.fees = append(h.fees, do)
		}
	}
}

func (w ward) endFees(name string, from, until models.Date) bool {
	versions, err := w.office.FeeSchedules(context.Background(), w.admin())
	if err != nil {
		w.t.Fatalf("fees: %v", err)
	}
	for _, v := range versions {
		if v.Name == name && v.From == from && from <= until {
			_, err := w.office.EndFees(context.Background(), w.admin(), billing.Call{}, v.ID, until)
			return w.accepted("end fees", err)
		}
	}
	return false
}

func setting(t *rapid.T) step {
	var change models.SettingsChange
	if oneOf(t, "setting", "practice", "go-live") == "practice" {
		id := oneOf(t, "practice", models.OrganizationID("branch"), "practice")
		change.PracticeID = &id
	} else {
		day := oneOf(t, "go-live", models.Date("2026-03-03"), "2026-01-01", "")
		change.GoLive = &day
	}
	return step{fmt.Sprintf("set %v", change), func(h *history) { h.setting(change) }}
}

// setting changes the practice or the go-live day.
func (h *history) setting(change models.SettingsChange) {
	h.t.Helper()
	h.set(change)
	if change.PracticeID != nil {
		h.change.PracticeID = change.PracticeID
	}
	if change.GoLive != nil {
		h.change.GoLive = change.GoLive
	}
}

func waiting(t *rapid.T) step {
	hours := oneOf(t, "hours", 1, 13, 25)
	return step{fmt.Sprintf("%d hours go by", hours), func(h *history) { h.pass(time.Duration(hours) * time.Hour) }}
}

func draining(*rapid.T) step { return step{"the office works", func(h *history) { h.drain() }} }

// sending is somebody who sends what is ready.
func sending(*rapid.T) step {
	return step{"what is ready is sent", func(h *history) {
		for _, c := range h.cases() {
			for _, claim := range c.live() {
				if claim.State == models.ClaimReady {
					_, err := h.office.SubmitClaim(context.Background(), h.admin(), billing.Call{}, claim.ID)
					h.accepted("send", err)
				}
			}
		}
	}}
}
