// Package casework decides what a case is to do: whether it is ours, whether its charges belong in the books, what a person
// has to clarify first, and what it means when the EHR changes something after a payer or the patient was asked. It prices
// nothing (charge), orders no coverages (coverage) and makes no claims (claim).
package casework

import (
	"cmp"
	"slices"

	"medbill/models"
)

// Facts is what was read to judge a case that nobody was asked to pay yet.
type Facts struct {
	Case      models.Case
	Status    string // of the Encounter; "" where it is deleted
	Known     bool   // the Encounter was here at some time; a draft may come before it
	External  bool   // billing done elsewhere names it
	GoLive    models.Date
	Duplicate bool // the same visit has a case under another Encounter
	Strangers bool // something that belongs to the visit names another patient
	Problems  []models.Finding
	Usable    bool   // the coding that counts can be billed as it stands
	Chart     string // digest of what the EHR says now
	Unclear   string // what is unclear about who pays, one sentence
	Uncovered bool   // no coverage is on file
	Unpriced  int    // services without a price
	Now       models.Instant
	Grace     models.Instant // how long a visit without coverage waits before the patient is asked
}

// Work is something a person has to do. Reasons has its parts where they are several. What is at stake is the case where Amount says
// nothing. Cause tells what is to be decided from what was decided before; where no person may leave it, it says nothing.
type Work struct {
	Kind    models.WorkKind
	Reason  string
	Reasons []models.WorkReason
	Amount  models.Cents
	Cause   string
}

// Items gives work as items about what opened a case.
func Items(c models.Case, list []Work) []models.WorkItem {
	items := make([]models.WorkItem, len(list))
	for i, w := range list {
		items[i] = models.WorkItem{
			Kind: w.Kind, Category: category(w.Reasons), Subject: c.ID.Origin(), PatientID: c.PatientID,
			Reason: w.Reason, Reasons: w.Reasons, Amount: w.Amount, Cause: w.Cause,
		}
	}
	return items
}

// category is the first of several reasons.
func category(reasons []models.WorkReason) string {
	if len(reasons) == 0 {
		return ""
	}
	return reasons[0].Code
}

// Decision is what becomes of a case before its claims are made. Post says that its charges belong in the books, Plan that
// they are known but wait; neither, that there are none. State is "" where the claims or the invoice decide it.
type Decision struct {
	State  models.CaseState
	Reason string
	Plan   bool
	Post   bool
	Due    models.CaseStep
	DueAt  models.Instant
	Work   []Work
}

const finished = "finished" // https://hl7.org/fhir/R4/codesystem-encounter-status.html

// endings are the statuses in which a visit never was one to bill.
var endings = map[string]bool{"": true, "cancelled": true, "entered-in-error": true}

// Decide gives what becomes of a case. The first thing that stands in the way is the one that a person is asked about.
func Decide(f Facts) Decision {
	switch end := f.Case.EndDate; {
	case f.External:
		return Decision{State: models.CaseNotOurs, Reason: "The visit is billed elsewhere."}
	case end != "" && end < f.GoLive:
		return Decision{State: models.CaseNotOurs, Reason: "The visit ended before the practice went live."}
	case endings[f.Status]:
		return Decision{State: models.CaseVoided, Reason: "The visit was taken back before anything was sent."}
	case f.Status != finished:
		return held(models.WorkUnfinished, "The visit was finished and is not any more; finish it again, or cancel it.")
	case f.Duplicate:
		return held(models.WorkDuplicate, "The same visit has a case under another Encounter; cancel one of the two.")
	case f.Strangers:
		return held(models.WorkPatient, "Something that belongs to the visit names another patient than the visit; correct one of them.")
	case len(f.Problems) > 0:
		d := held(models.WorkCode, sentences(f.Problems))
		d.Work[0].Reasons = Reasons(f.Problems)
		return d
	case !f.Usable:
		return held(models.WorkCode, "The visit came without usable diagnosis and service codes; choose them.")
	case f.Case.CodedBy == models.CodedByCoder && f.Case.Chart != f.Chart:
		d := held(models.WorkChangedCoding, "The EHR changed the chart after it was coded; code the visit again.")
		d.Post = payable(f)
		return d
	case f.Unclear != "":
		d := held(models.WorkCoverage, f.Unclear)
		d.Plan = true
		return d
	case f.Unpriced > 0:
		d := held(models.WorkPrice, missing(f.Unpriced))
		d.Plan = true
		return d
	case f.Uncovered && f.Now < f.Case.Created+f.Grace:
		return Decision{
			State: models.CaseWaiting, Reason: "No coverage is on file; the patient is asked when the time for one is over.",
			Plan: true, Due: models.StepPlan, DueAt: f.Case.Created + f.Grace,
		}
	case f.Uncovered:
		return Decision{Post: true, Due: models.StepBill}
	}
	return Decision{Post: true}
}

// DecideDraft gives what becomes of a case whose coding is a front end's draft, as far as it names a visit: what the visit says
// holds the draft back and never changes it. The draft's own faults are the scrubber's.
func DecideDraft(f Facts) Decision {
	switch {
	case f.External:
		return held(models.WorkDuplicate, "The visit is billed elsewhere too; take the draft back, or the other billing.")
	case !f.Known && f.Case.Chart == f.Chart:
		return Decision{}
	case endings[f.Status]:
		return held(models.WorkUnfinished, "The visit was taken back; take the draft back too.")
	case f.Status != finished:
		return held(models.WorkUnfinished, "The visit is not finished; finish it, or take the draft back.")
	case f.Duplicate:
		return held(models.WorkDuplicate, "The same visit has a case under another Encounter; cancel one of the two, or take the draft back.")
	case f.Strangers:
		return held(models.WorkPatient, "The draft or something that belongs to the visit names another patient than the visit; correct one of them.")
	case f.Case.Chart != f.Chart:
		return held(models.WorkChangedCoding, "The EHR changed the chart after the draft was written; write the draft again as it is to go out.")
	}
	return Decision{}
}

// Covers reports whether a draft says all that a chart says.
func Covers(draft models.Claim, chart models.Coding) bool {
	rest, isOfHouse := slices.Clone(draft.Lines), draft.Type == models.ClaimInstitutional
	for _, s := range chart.Services {
		at := slices.IndexFunc(rest, func(l models.ClaimLine) bool {
			return l.System == s.System && l.Code == s.Code && l.Revenue == s.Revenue && l.Units == s.Units &&
				(isOfHouse || l.ServiceDate == s.ServiceDate && cmp.Or(s.Rendering, l.Rendering) == l.Rendering)
		})
		if at < 0 {
			return false
		}
		rest = slices.Delete(rest, at, at+1)
	}
	for _, d := range chart.Diagnoses {
		if !slices.ContainsFunc(draft.Diagnoses, func(c models.ClaimDiagnosis) bool { return c.Code == d.Code }) {
			return false
		}
	}
	return true
}

// payable reports whether what is coded may stand in the books while a person looks at it.
func payable(f Facts) bool { return f.Usable && f.Unclear == "" && f.Unpriced == 0 && !f.Uncovered }

func held(kind models.WorkKind, reason string) Decision {
	return Decision{State: models.CaseHeld, Work: []Work{{Kind: kind, Reason: reason}}}
}

func missing(prices int) string {
	if prices > 1 {
		return "Several services of the visit have no price in the fee schedule on their day; add them."
	}
	return "A service of the visit has no price in the fee schedule on its day; add it."
}

// reasonsMax bounds what a work item tells.
const reasonsMax = 5

// Reasons gives findings as the reasons of a work item, at most reasonsMax.
func Reasons(findings []models.Finding) []models.WorkReason {
	var reasons []models.WorkReason
	for _, f := range findings[:min(len(findings), reasonsMax)] {
		text := f.Text
		if f.Remedy != "" {
			text += " " + f.Remedy
		}
		reasons = append(reasons, models.WorkReason{Code: f.Rule, Path: f.Path, Text: text})
	}
	return reasons
}

func sentences(problems []models.Finding) string {
	text := ""
	for i, p := range problems {
		if i == reasonsMax {
			return text + " There is more."
		}
		if i > 0 {
			text += " "
		}
		text += p.Text
		if p.Remedy != "" {
			text += " " + p.Remedy
		}
	}
	return text
}
