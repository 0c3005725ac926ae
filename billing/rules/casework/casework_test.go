package casework_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/casework"
	"medbill/models"
)

const hour = models.Instant(3_600_000_000)

// ready is a visit nothing is wrong with, looked at two hours after it came.
func ready() casework.Facts {
	return casework.Facts{
		Case:   models.Case{ID: "Encounter/v", State: models.CaseNew, EndDate: "2026-03-02", CodedBy: models.CodedByEHR, Created: 100 * hour},
		Status: "finished", GoLive: "2026-01-01", Usable: true, Chart: "digest", Now: 102 * hour, Grace: 24 * hour,
	}
}

func held(kind models.WorkKind, reason string) casework.Decision {
	return casework.Decision{State: models.CaseHeld, Work: []casework.Work{{Kind: kind, Reason: reason}}}
}

func TestFirstObstacleIsTheOneAPersonIsAskedAbout(t *testing.T) {
	planned := func(d casework.Decision) casework.Decision { d.Plan = true; return d }
	posted := func(d casework.Decision) casework.Decision { d.Post = true; return d }
	coder := func(f *casework.Facts) { f.Case.CodedBy, f.Case.Chart = models.CodedByCoder, "another digest" }
	changed := held(models.WorkChangedCoding, "The EHR changed the chart after it was coded; code the visit again.")
	// From the last obstacle to the first: each row stands before those above it.
	rows := []struct {
		name   string
		change func(f *casework.Facts)
		want   casework.Decision
	}{
		{"nothing: its charges go into the books", func(*casework.Facts) {}, casework.Decision{Post: true}},
		{"no coverage, and the time for one is over", func(f *casework.Facts) { f.Uncovered, f.Now = true, 124*hour }, casework.Decision{Post: true, Due: models.StepBill}},
		{"no coverage yet", func(f *casework.Facts) { f.Uncovered, f.Now = true, 124*hour-1 }, casework.Decision{
			State: models.CaseWaiting, Reason: "No coverage is on file; the patient is asked when the time for one is over.", Plan: true, Due: models.StepPlan, DueAt: 124 * hour,
		}},
		{"a price is missing", func(f *casework.Facts) { f.Unpriced = 1 }, planned(held(models.WorkPrice, "A service of the visit has no price in the fee schedule on its day; add it."))},
		{"prices are missing", func(f *casework.Facts) { f.Unpriced = 2 }, planned(held(models.WorkPrice, "Several services of the visit have no price in the fee schedule on their day; add them."))},
		{"it is unclear who pays", func(f *casework.Facts) { f.Unclear = "Two plans are first." }, planned(held(models.WorkCoverage, "Two plans are first."))},
		{"the chart changed after it was coded, and nobody can pay", coder, changed},
		{"there are no usable codes", func(f *casework.Facts) { f.Usable = false }, held(models.WorkCode, "The visit came without usable diagnosis and service codes; choose them.")},
		{"the chart has problems", func(f *casework.Facts) {
			f.Problems = []models.Finding{{Rule: "coding.none", Text: "A code is missing.", Remedy: "Add it."}, {Rule: "day.none", Text: "A day is missing."}}
		}, casework.Decision{State: models.CaseHeld, Work: []casework.Work{{
			Kind: models.WorkCode, Reason: "A code is missing. Add it. A day is missing.",
			Reasons: []models.WorkReason{{Code: "coding.none", Text: "A code is missing. Add it."}, {Code: "day.none", Text: "A day is missing."}},
		}}}},
		{"something is another patient's", func(f *casework.Facts) { f.Strangers = true }, held(models.WorkPatient, "Something that belongs to the visit names another patient than the visit; correct one of them.")},
		{"it came twice", func(f *casework.Facts) { f.Duplicate = true }, held(models.WorkDuplicate, "The same visit has a case under another Encounter; cancel one of the two.")},
		{"it is not finished any more", func(f *casework.Facts) { f.Status = "in-progress" }, held(models.WorkUnfinished, "The visit was finished and is not any more; finish it again, or cancel it.")},
		{"it was cancelled", func(f *casework.Facts) { f.Status = "cancelled" }, casework.Decision{State: models.CaseVoided, Reason: "The visit was taken back before anything was sent."}},
		{"it was a mistake", func(f *casework.Facts) { f.Status = "entered-in-error" }, casework.Decision{State: models.CaseVoided, Reason: "The visit was taken back before anything was sent."}},
		{"it is deleted", func(f *casework.Facts) { f.Status = "" }, casework.Decision{State: models.CaseVoided, Reason: "The visit was taken back before anything was sent."}},
		{"it ended before the practice went live", func(f *casework.Facts) { f.Case.EndDate = "2025-12-31" }, casework.Decision{State: models.CaseNotOurs, Reason: "The visit ended before the practice went live."}},
		{"it is billed elsewhere", func(f *casework.Facts) { f.External = true }, casework.Decision{State: models.CaseNotOurs, Reason: "The visit is billed elsewhere."}},
	}
	all := ready()
	for _, row := range rows {
		row.change(&all)
		if got := casework.Decide(all); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s, before what comes later: got %+v\nwant %+v", row.name, got, row.want)
		}
		if reflect.DeepEqual(row.want, changed) {
			row.want = posted(row.want) // alone it stands in the books while a person looks at it
		}
		one := ready()
		row.change(&one)
		if got := casework.Decide(one); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: got %+v\nwant %+v", row.name, got, row.want)
		}
	}
}

func TestWorkTellsTheFirstProblems(t *testing.T) {
	f := ready()
	for i := range 7 {
		f.Problems = append(f.Problems, models.Finding{Text: string(rune('A'+i)) + "."})
	}
	if got := casework.Decide(f).Work[0].Reason; got != "A. B. C. D. E. There is more." {
		t.Errorf("got %q", got)
	}
}

func TestGoLiveIsJudgedOnTheDayTheVisitEnded(t *testing.T) {
	for end, want := range map[models.Date]models.CaseState{"2025-12-31": models.CaseNotOurs, "2026-01-01": "", "": ""} {
		f := ready()
		f.Case.EndDate = end
		if got := casework.Decide(f); got.State != want {
			t.Errorf("a visit that ended on %q: got %+v", end, got)
		}
	}
}

// drawFacts draws what may be read of a case, in every combination.
func drawFacts(t *rapid.T) casework.Facts {
	f := casework.Facts{
		Status:   rapid.SampledFrom([]string{"", "finished", "finished", "finished", "cancelled", "entered-in-error", "in-progress", "unheard-of"}).Draw(t, "status"),
		External: rapid.IntRange(0, 9).Draw(t, "external") == 0, Duplicate: rapid.IntRange(0, 9).Draw(t, "duplicate") == 0,
		Strangers: rapid.IntRange(0, 9).Draw(t, "strangers") == 0, Usable: rapid.IntRange(0, 9).Draw(t, "usable") > 0,
		GoLive:    models.Date(rapid.SampledFrom([]string{"", "2026-01-01"}).Draw(t, "go-live")),
		Chart:     rapid.SampledFrom([]string{"a", "b"}).Draw(t, "chart"),
		Unclear:   rapid.SampledFrom([]string{"", "", "It is unclear who pays."}).Draw(t, "unclear"),
		Uncovered: rapid.Bool().Draw(t, "uncovered"), Unpriced: max(0, rapid.IntRange(-5, 2).Draw(t, "unpriced")),
		Now: models.Instant(rapid.IntRange(0, 50).Draw(t, "now")) * hour, Grace: models.Instant(rapid.IntRange(0, 48).Draw(t, "grace")) * hour,
	}
	f.Case = models.Case{
		EndDate: models.Date(rapid.SampledFrom([]string{"", "2025-12-31", "2026-03-02"}).Draw(t, "ended")), Chart: "a",
		CodedBy: rapid.SampledFrom([]models.CodedBy{models.CodedByNobody, models.CodedByEHR, models.CodedByCoder}).Draw(t, "coded by"),
	}
	for range max(0, rapid.IntRange(-20, 8).Draw(t, "problems")) {
		f.Problems = append(f.Problems, models.Finding{Text: "Something is wrong."})
	}
	return f
}

// Whatever was read, a case is either somebody's turn or its charges go into the books, and never waits for nobody.
func TestEveryCaseIsSomebodysTurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		d := casework.Decide(f)
		if again := casework.Decide(f); !reflect.DeepEqual(d, again) {
			t.Fatalf("got %+v and %+v", d, again)
		}
		isHeld := d.State == models.CaseHeld
		switch {
		case isHeld != (len(d.Work) == 1) || len(d.Work) > 1:
			t.Fatalf("%+v is held by %d work items", d, len(d.Work))
		case isHeld && (d.Work[0].Kind.Facts().Owner != models.OwnerPlan || !strings.HasSuffix(d.Work[0].Reason, ".")):
			t.Fatalf("%+v opens work that nobody closes, or that says nothing", d)
		case d.State == "" && !d.Post, d.Post && d.Plan:
			t.Fatalf("%+v does not say what becomes of the charges", d)
		case d.Post && d.State != "" && d.Work[0].Kind != models.WorkChangedCoding:
			t.Fatalf("%+v puts into the books what is not decided", d)
		case d.Post && (!f.Usable || f.Unclear != "" || f.Unpriced > 0 || f.External || f.Status != "finished"):
			t.Fatalf("%+v puts into the books what cannot be asked for", d)
		case d.Due == models.StepPlan && d.DueAt <= f.Now, d.Due != models.StepPlan && d.DueAt != 0:
			t.Fatalf("%+v is due at %s", d, d.DueAt)
		case d.State != "" && (d.State.Turn() == models.TurnOurs) != (d.Due != models.StepNone):
			t.Fatalf("%+v waits for nobody", d)
		}
	})
}
